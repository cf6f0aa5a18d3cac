// What `hawser serve --apps` keeps of Applications that are files: all that is not the user's to write (status, history, the token, the record of
// pushes), one JSON file an object. A change is on the disk before the request that caused it is answered.

import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { HawserError, messageOf } from '../base/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';

export interface StoredObject {
  /** Where objects of the kind are kept: `argoproj.io/applications`, `/secrets`. */
  readonly storage: string;
  readonly object: KubeObject;
}

export interface StoredChange extends StoredObject {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
}

export interface AppsState {
  /** Owners before what they own. */
  readonly contents: readonly StoredObject[];
  /** Writes, or remembers to write as long as nothing has begun. */
  changed(change: StoredChange): void;
  /** The folder is this process' own from now on. */
  begin(): void;
}

/** The kinds that last, and their folders. Leases and Events are of a process' own time. */
const KEPT: Readonly<Record<string, string>> = {
  'argoproj.io/applications': 'applications',
  'argoproj.io/appprojects': 'appprojects',
  'argoproj.io/applicationsets': 'applicationsets',
  '/secrets': 'secrets',
  '/configmaps': 'configmaps',
};

/** Throws `InvalidInput` for a file that is damaged. */
export function openAppsState(folder: string, namespace: string): AppsState {
  const waiting = new Map<string, StoredChange>();
  let hasBegun = false;

  function write(file: string, { type, object }: StoredChange): void {
    if (type === 'DELETED') rmSync(file, { force: true });
    else writeDurably(file, `${JSON.stringify(object, null, 1)}\n`);
  }

  return {
    contents: Object.entries(KEPT).flatMap(([storage, kind]) =>
      readObjects(join(folder, kind)).map((object) => ({ storage, object })),
    ),
    changed: (change) => {
      const { metadata } = change.object;
      const kind = KEPT[change.storage];
      if (kind === undefined || metadata.namespace !== namespace || metadata.name === 'kube-root-ca.crt') return;
      const file = join(folder, kind, `${metadata.name}.json`);
      if (hasBegun) write(file, change);
      else waiting.set(file, change);
    },
    begin: () => {
      hasBegun = true;
      for (const [file, change] of waiting) write(file, change);
      waiting.clear();
    },
  };
}

function readObjects(folder: string): readonly KubeObject[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readObject(join(folder, name)));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function readObject(file: string): KubeObject {
  try {
    const object: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isKubeObject(object)) return object;
    throw new HawserError('InvalidInput', 'it holds no object');
  } catch (error) {
    throw new HawserError('InvalidInput', `${file} cannot be read: ${messageOf(error)}`, {
      hint: 'put it back from a backup, or remove it: what it held of the state of an Application is found anew, its history is lost',
      cause: error,
    });
  }
}

/** As a whole or not at all. */
function writeDurably(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
}
