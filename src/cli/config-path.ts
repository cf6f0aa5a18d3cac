// Where Argo CD's file of contexts is: apart from what reads it, which takes YAML, and time.

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from './io.ts';

/** Where the file is (argo-cd: util/localconfig, DefaultLocalConfigPath). */
export function configPath(env: CommandIo['env'], flag?: string): string {
  if (flag) return flag;
  const home = env.HOME || homedir();
  if (env.ARGOCD_CONFIG_DIR) return join(env.ARGOCD_CONFIG_DIR, 'config');
  const old = join(home, '.argocd');
  if (existsSync(old)) return join(old, 'config');
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'argocd', 'config');
}
