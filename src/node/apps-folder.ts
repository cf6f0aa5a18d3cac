// Keeps what `hawser serve --apps` serves like the files of the folder. Nobody watches them: they are looked at when a push or a refresh comes, and
// at SIGHUP. What is in a file is the file's: it is applied under a field manager of its own, so that what a file does not say any more goes.

import { HawserError, isHawserError, messageOf } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';
import { ensureDefaultProject } from '../operation/prepare-home.ts';
import type { Log } from '../platform.ts';
import { type AppFile, listAppFiles, nameOf, readAppFiles } from './apps-files.ts';

export interface AppsFolderParts {
  readonly folder: string;
  readonly namespace: string;
  /** Where they are served. */
  readonly home: KubeClient;
  readonly log: Log;
}

export interface AppsFolder {
  /** Throws at the first time what is wrong with a file; later that is logged, and what was read before stays. */
  reload(): Promise<void>;
}

/** Of the fields that files say. */
export const FILES_MANAGER = 'hawser-apps';

const TYPES = [
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'v1', kind: 'ConfigMap' },
];

/** Settings and projects first, so that the first look at an Application finds them. */
const ORDER = ['ConfigMap', 'Secret', 'AppProject'];

export function createAppsFolder({ folder, namespace, home, log }: AppsFolderParts): AppsFolder {
  let seen: string | undefined;
  /** What was applied last, by name. */
  const applied = new Map<string, string>();
  let last: Promise<void> = Promise.resolve();

  async function load(): Promise<void> {
    const listed = listAppFiles(folder);
    const version = JSON.stringify(listed);
    if (version === seen) return;
    const isFirst = seen === undefined;
    seen = version;
    const files = readAppFiles(folder, listed, namespace);
    for (const file of [...files].sort((a, b) => rankOf(a) - rankOf(b))) {
      try {
        await apply(file);
      } catch (error) {
        if (!isHawserError(error)) throw error;
        const failure = new HawserError(error.code, `${file.path}: ${error.message}`, { cause: error });
        if (isFirst) throw failure;
        log.error('a file of --apps was refused', { file: file.path, reason: error.message });
      }
    }
    await removeOthers(new Set(files.map(({ object }) => nameOf(object))));
  }

  async function apply({ object }: AppFile): Promise<void> {
    const name = nameOf(object);
    const text = JSON.stringify(object);
    if (applied.get(name) === text) return;
    const stored = await home.apply(object, { fieldManager: FILES_MANAGER });
    if (stored.metadata.deletionTimestamp === undefined) applied.set(name, text);
    // Its file is back before its deletion was done: it is made anew the next time.
    else seen = '';
  }

  async function removeOthers(names: ReadonlySet<string>): Promise<void> {
    for (const type of TYPES) {
      const { items } = await home.list(type, { namespace });
      for (const object of items) {
        if (!isOfFile(object) || names.has(nameOf(object))) continue;
        applied.delete(nameOf(object));
        if (object.metadata.deletionTimestamp === undefined) await home.remove(refOf(object));
      }
    }
    // Without a file it is what it always is.
    await ensureDefaultProject(home, namespace);
  }

  return {
    reload: () => {
      const isFirst = seen === undefined;
      const loading = last.then(load).catch((error: unknown) => {
        if (isFirst) throw error;
        log.error('the files of --apps cannot be read; what was read before stays', { reason: messageOf(error) });
      });
      last = loading.catch(() => undefined);
      return loading;
    },
  };
}

/** Whether a file says something of it, or did. */
export function isOfFile({ metadata }: KubeObject): boolean {
  return metadata.managedFields?.some((entry) => stringAt(entry, 'manager') === FILES_MANAGER) ?? false;
}

function rankOf({ object }: AppFile): number {
  const rank = ORDER.indexOf(object.kind);
  return rank < 0 ? ORDER.length : rank;
}
