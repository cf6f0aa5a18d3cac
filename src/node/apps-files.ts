// The files of `hawser serve --apps DIR`: Applications, AppProjects, the Secrets of repositories and clusters, Argo CD's settings.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { HawserError, messageOf } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { isKubeObject } from '../kube/parse.ts';
import { parseDocuments } from '../render/yaml/plain.ts';

export interface AppFile {
  /** Below the folder. */
  readonly path: string;
  readonly object: KubeObject;
}

interface Listed {
  readonly path: string;
  /** Changes with what the file holds. */
  readonly version: string;
}

const ENDINGS = /\.(ya?ml|json)$/;
const KINDS = ['Application', 'AppProject', 'ApplicationSet'];
const SECRET_TYPE = 'argocd.argoproj.io/secret-type';

/** Throws `InvalidInput` where the folder cannot be read. */
export function listAppFiles(folder: string): readonly Listed[] {
  try {
    return [...walk(folder, folder)].sort((a, b) => (a.path < b.path ? -1 : 1));
  } catch (error) {
    throw new HawserError('InvalidInput', `--apps ${folder} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** What is hidden is passed over: Kubernetes itself keeps a mounted ConfigMap's files in `..data`. */
function* walk(root: string, folder: string): Generator<Listed> {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.')) continue;
    const path = join(folder, name);
    const found = statSync(path);
    if (found.isDirectory()) yield* walk(root, path);
    else if (ENDINGS.test(name)) {
      yield { path: relative(root, path), version: `${found.mtimeMs} ${found.size} ${found.ino}` };
    }
  }
}

/** Throws `InvalidInput` with the file for what is no YAML, no object of those kinds, or there twice. */
export function readAppFiles(folder: string, listed: readonly Listed[], namespace: string): readonly AppFile[] {
  const found = listed.flatMap(({ path }) => {
    try {
      return objectsIn(readFileSync(join(folder, path), 'utf8')).map((object) => ({
        path,
        object: prepare(object, namespace),
      }));
    } catch (error) {
      throw new HawserError('InvalidInput', `${path}: ${messageOf(error)}`, { cause: error });
    }
  });
  const seen = new Map<string, string>();
  for (const { path, object } of found) {
    const name = nameOf(object);
    const other = seen.get(name);
    if (other !== undefined) throw new HawserError('InvalidInput', `${path}: ${name} is in ${other}, too`);
    seen.set(name, path);
  }
  return found;
}

export function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.name}`;
}

/** Lists, as `kubectl get -o yaml` prints them, are what they hold. */
function objectsIn(text: string): readonly unknown[] {
  return parseDocuments(text).flatMap((document): readonly unknown[] => {
    if (document === null) return [];
    const isList = isObject(document) && document.kind === 'List' && Array.isArray(document.items);
    return isList ? (document.items as readonly unknown[]) : [document];
  });
}

/** Without what a cluster has written into it, and without what is hawser's to write. */
function prepare(object: unknown, namespace: string): KubeObject {
  if (!isKubeObject(object)) throw new HawserError('InvalidInput', 'no object of Kubernetes');
  requireKnown(object);
  const { name, labels, annotations, finalizers, namespace: own = namespace } = object.metadata;
  if (!name) throw new HawserError('InvalidInput', `a ${object.kind} without metadata.name`);
  if (own !== namespace) {
    throw new HawserError('InvalidInput', `${nameOf(object)} is of the namespace ${own}, and not of ${namespace}`, {
      hint: 'leave the namespace out, or start hawser with --namespace',
    });
  }
  const { status: _, operation: __, stringData, ...rest } = object;
  return {
    ...rest,
    metadata: {
      ...{ name, namespace },
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    // An API server writes it so; what is applied again must be what lies there.
    ...(isObject(stringData) && { data: { ...(isObject(rest.data) ? rest.data : {}), ...encoded(stringData) } }),
  };
}

function encoded(texts: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')]),
  );
}

function requireKnown(object: KubeObject): void {
  const { apiVersion, kind, metadata } = object;
  const { name = '', labels = {} } = metadata;
  if (apiVersion === 'argoproj.io/v1alpha1' && KINDS.includes(kind)) return;
  const isOfArgo = name.startsWith('argocd-');
  if (apiVersion === 'v1' && kind === 'ConfigMap' && isOfArgo) return;
  if (apiVersion === 'v1' && kind === 'Secret' && (isOfArgo || labels[SECRET_TYPE] !== undefined)) return;
  throw new HawserError('InvalidInput', `${kind} ${name} is nothing that hawser reads`, {
    hint: `Applications, AppProjects, Secrets with the label ${SECRET_TYPE}, and ConfigMaps and Secrets named argocd-… are`,
  });
}
