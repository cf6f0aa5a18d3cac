// Where a resource comes from, for the annotations that `buildMetadata` asks for (kustomize: api/resource/origin.go).

import type { Json } from '../../../base/json.ts';
import { stringAt } from '../../../base/json.ts';
import { parseRepoUrl } from '../load/repo-url.ts';
import { parseConfig } from '../node/config-json.ts';
import { encodeNode } from '../node/encode.ts';
import { makeNode, type Node } from '../node/node.ts';
import { writeNode } from '../node/write.ts';
import { ORIGIN, TRANSFORMATIONS } from './build-annotations.ts';
import { formatApiVersion } from './gvk.ts';
import { annotationsOf, currentId, nameOf, namespaceOf, type Resource, setAnnotations } from './resource.ts';

export interface Origin {
  readonly path: string;
  readonly repo: string;
  readonly ref: string;
  readonly configuredIn: string;
  readonly configuredBy: ConfiguredBy;
}

interface ConfiguredBy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

const NOBODY: ConfiguredBy = { apiVersion: '', kind: '', name: '', namespace: '' };

export const NO_ORIGIN: Origin = { path: '', repo: '', ref: '', configuredIn: '', configuredBy: NOBODY };

/** The origin one path further: a directory below, or another repository. */
export function appendOrigin(origin: Origin, path: string): Origin {
  const remote = parseRepoUrl(path);
  if (remote === undefined) return { ...origin, path: joinRelative(origin.path, path) };
  // kustomize cuts its placeholder for the clone off the path, of which nothing else is there at the root of a repository.
  const pathInside = joinRelative('', remote.path) || 'notCloned';
  return { ...origin, repo: remote.cloneUrl, ref: remote.ref, path: pathInside };
}

/** Go: filepath.Join, which keeps what leads above the start. */
export function joinRelative(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${base}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** The origin of what a builtin generator or transformer of a kustomization file makes. */
export function builtinOrigin(origin: Origin, file: string, kind: string): Origin {
  return {
    ...NO_ORIGIN,
    repo: origin.repo,
    ref: origin.ref,
    configuredIn: joinRelative(origin.path, file),
    configuredBy: { ...NOBODY, apiVersion: 'builtin', kind },
  };
}

/** The origin of what a plugin that stands in a file makes; undefined where origins are not recorded. */
export function pluginOrigin(plugin: Resource): Origin | undefined {
  const origin = originOf(plugin);
  if (origin === undefined) return undefined;
  const id = currentId(plugin);
  return {
    ...NO_ORIGIN,
    repo: origin.repo,
    ref: origin.ref,
    configuredIn: origin.path,
    configuredBy: {
      apiVersion: formatApiVersion(id),
      kind: id.kind,
      name: nameOf(plugin),
      namespace: namespaceOf(plugin),
    },
  };
}

export function originOf(resource: Resource): Origin | undefined {
  const text = annotationsOf(resource).get(ORIGIN);
  return text === undefined ? undefined : parseOrigin(parseConfig(text));
}

function parseOrigin(json: Json): Origin {
  const by = (name: keyof ConfiguredBy) => stringAt(json, 'configuredBy', name) ?? '';
  return {
    path: stringAt(json, 'path') ?? '',
    repo: stringAt(json, 'repo') ?? '',
    ref: stringAt(json, 'ref') ?? '',
    configuredIn: stringAt(json, 'configuredIn') ?? '',
    configuredBy: { apiVersion: by('apiVersion'), kind: by('kind'), name: by('name'), namespace: by('namespace') },
  };
}

export function setOrigin(resource: Resource, origin: Origin | undefined): void {
  const annotations = annotationsOf(resource);
  if (origin === undefined) annotations.delete(ORIGIN);
  else annotations.set(ORIGIN, formatOrigin(origin));
  setAnnotations(resource, annotations);
}

/** The text of the origin annotation. */
export function formatOrigin(origin: Origin): string {
  return writeNode(originNode(origin));
}

export function addTransformation(resource: Resource, origin: Origin): void {
  const annotations = annotationsOf(resource);
  const before = parseConfig(annotations.get(TRANSFORMATIONS) ?? '');
  const list = makeNode('sequence');
  for (const entry of Array.isArray(before) ? before : []) list.content.push(originNode(parseOrigin(entry)));
  list.content.push(originNode(origin));
  annotations.set(TRANSFORMATIONS, writeNode(list));
  setAnnotations(resource, annotations);
}

export function clearTransformations(resource: Resource): void {
  const annotations = annotationsOf(resource);
  annotations.delete(TRANSFORMATIONS);
  setAnnotations(resource, annotations);
}

/** The fields in the order of Go's struct, without empty ones. */
function originNode(origin: Origin): Node {
  const node = makeNode('mapping');
  add(node, 'path', origin.path);
  add(node, 'repo', origin.repo);
  add(node, 'ref', origin.ref);
  add(node, 'configuredIn', origin.configuredIn);
  const by = makeNode('mapping');
  for (const name of ['apiVersion', 'kind', 'name', 'namespace'] as const) add(by, name, origin.configuredBy[name]);
  if (by.content.length > 0) node.content.push(encodeNode('configuredBy'), by);
  return node;
}

function add(node: Node, name: string, value: string): void {
  if (value !== '') node.content.push(encodeNode(name), encodeNode(value));
}
