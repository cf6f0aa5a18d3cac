// Where hawser keeps what it needs between two runs, unless --data says otherwise: the XDG base directory for data.

import { homedir } from 'node:os';
import { join } from 'node:path';

export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'hawser');
}
