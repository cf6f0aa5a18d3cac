// A user's kubectl where Applications are files (hawser serve --apps): what hawser lives by is written into the folder, the rest goes to the
// cluster.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMergePatch } from '../../src/base/merge-patch.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { isKubeObject } from '../../src/kube/parse.ts';
import type { ObjectRef } from '../../src/kube/resource.ts';

export interface AppFiles {
  readonly folder: string;
  /** The namespace of what is a file. */
  readonly namespace: string;
  /** Has the folder looked at. */
  reload(): Promise<void>;
}

export function clientWithFiles(cluster: KubeClient, files: AppFiles): KubeClient {
  const fileOf = (kind: string, name = '') => join(files.folder, `${kind.toLowerCase()}-${name}.json`);
  const isFile = ({ apiVersion, namespace }: Pick<ObjectRef, 'apiVersion' | 'namespace'>) =>
    apiVersion.startsWith('argoproj.io/') || namespace === files.namespace;

  async function write(object: KubeObject): Promise<KubeObject> {
    writeFileSync(fileOf(object.kind, object.metadata.name), JSON.stringify(object));
    await files.reload();
    return object;
  }

  return {
    ...cluster,
    create: async (object, options) =>
      isFile({ ...object, ...object.metadata }) ? write(object) : cluster.create(object, options),
    apply: async (object, options) =>
      isFile({ ...object, ...object.metadata }) ? write(object) : cluster.apply(object, options),
    patch: async (ref, patch, options) => {
      if (!isFile(ref)) return cluster.patch(ref, patch, options);
      const before: unknown = JSON.parse(readFileSync(fileOf(ref.kind, ref.name), 'utf8'));
      const after = applyMergePatch(before, patch);
      if (!isKubeObject(after)) throw new Error('the patch leaves no object');
      return write(after);
    },
  };
}
