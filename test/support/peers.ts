// Where the real peers (kube-apiserver, etcd, kubectl, gitea, helm …) are: the build cache of .ci/peers.sh first, then PATH.

import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hawser', 'peers', 'bin');

/** The path of a peer's binary, or undefined where this machine has none. */
export function findPeer(name: string): string | undefined {
  const folders = [CACHE, ...(process.env.PATH ?? '').split(':')];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
