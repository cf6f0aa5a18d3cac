// A resource in a build: an object, and what kustomize remembers of it (kustomize: api/resource/resource.go).

import { compareBytes } from '../../go/strings.ts';
import type { TypeKnowledge } from '../merge/types.ts';
import { failure } from '../node/fail.ts';
import { annotationOf, clearField, metaMap, metaString, rootString, setField } from '../node/fields.ts';
import { copyNode, isEmpty, makeNode, type Node, STYLE, scalarNode, stringNode } from '../node/node.ts';
import { lookup } from '../node/paths.ts';
import {
  BUILD_ANNOTATIONS,
  ENABLED,
  GENERATOR_BEHAVIOR,
  NEEDS_HASH,
  PREFIXES,
  PREVIOUS_KINDS,
  PREVIOUS_NAMES,
  PREVIOUS_NAMESPACES,
  REFERRED_BY,
  SUFFIXES,
} from './build-annotations.ts';
import { parseApiVersion } from './gvk.ts';
import { DEFAULT_NAMESPACE, effectiveNamespace, formatId, type ResId } from './res-id.ts';

export interface Resource {
  /** Undefined once a patch has deleted the object. */
  root: Node | undefined;
  /** The names of the vars that read this resource. */
  varNames: readonly string[];
  readonly types: TypeKnowledge;
}

export function makeResource(root: Node, types: TypeKnowledge): Resource {
  return { root, varNames: [], types };
}

export function copyResource(resource: Resource): Resource {
  return { ...resource, root: resource.root && copyNode(resource.root) };
}

export function isGone(resource: Resource): boolean {
  return isEmpty(resource.root);
}

export function kindOf(resource: Resource): string {
  return rootString(resource.root, 'kind');
}

export function nameOf(resource: Resource): string {
  return metaString(resource.root, 'name');
}

export function namespaceOf(resource: Resource): string {
  return metaString(resource.root, 'namespace');
}

/** The identity that the object has now. */
export function currentId(resource: Resource): ResId {
  const apiVersion = rootString(resource.root, 'apiVersion');
  const kind = kindOf(resource);
  return {
    ...parseApiVersion(apiVersion),
    kind,
    name: nameOf(resource),
    namespace: namespaceOf(resource),
    clusterScoped: resource.types.isClusterScoped(apiVersion, kind),
  };
}

/** The identities that the object has had before, oldest first (kustomize: utils.PrevIds). */
export function previousIds(resource: Resource): ResId[] {
  const names = annotationOf(resource.root, PREVIOUS_NAMES)?.split(',');
  if (names === undefined) return [];
  const namespaces = (annotationOf(resource.root, PREVIOUS_NAMESPACES) ?? '').split(',');
  const kinds = (annotationOf(resource.root, PREVIOUS_KINDS) ?? '').split(',');
  if (names.length !== namespaces.length || names.length !== kinds.length) {
    throw failure(`the build annotations of ${kindOf(resource)}/${nameOf(resource)} do not fit each other`);
  }
  const gv = parseApiVersion(rootString(resource.root, 'apiVersion'));
  return names.map((name, i) => ({
    ...gv,
    kind: kinds[i] ?? '',
    name,
    namespace: namespaces[i] ?? '',
    clusterScoped: false,
  }));
}

/** The first identity. */
export function originalId(resource: Resource): ResId {
  return previousIds(resource)[0] ?? currentId(resource);
}

/** Every identity, the current one last. */
export function allIds(resource: Resource): ResId[] {
  return [...previousIds(resource), currentId(resource)];
}

/** Remembers the current identity before it changes. */
export function storePreviousId(resource: Resource): void {
  const id = currentId(resource);
  appendToAnnotation(resource, PREVIOUS_NAMES, id.name);
  appendToAnnotation(resource, PREVIOUS_NAMESPACES, effectiveNamespace(id));
  appendToAnnotation(resource, PREVIOUS_KINDS, id.kind);
}

/** Gives the resource a first identity that it never had: generated ones are known by their plain name. */
export function setOriginalName(resource: Resource, name: string): void {
  appendToAnnotation(resource, PREVIOUS_NAMES, name);
  appendToAnnotation(resource, PREVIOUS_NAMESPACES, DEFAULT_NAMESPACE);
  appendToAnnotation(resource, PREVIOUS_KINDS, kindOf(resource));
}

export function setName(resource: Resource, name: string): void {
  setMetadataField(resource, 'name', scalarNode(name));
}

/** The empty namespace removes the field. */
export function setNamespace(resource: Resource, namespace: string): void {
  if (namespace === '') {
    const metadata = lookup(resource.root, ['metadata']);
    if (metadata !== undefined) clearField(metadata, 'namespace');
  } else setMetadataField(resource, 'namespace', scalarNode(namespace));
}

function setMetadataField(resource: Resource, name: string, value: Node): void {
  const metadata = lookup(resource.root, ['metadata'], 'mapping');
  if (metadata !== undefined) setField(metadata, name, value);
}

export function setKind(resource: Resource, kind: string): void {
  if (resource.root !== undefined) setField(resource.root, 'kind', scalarNode(kind));
}

export function setApiVersion(resource: Resource, apiVersion: string): void {
  if (resource.root !== undefined) setField(resource.root, 'apiVersion', scalarNode(apiVersion));
}

export function annotationsOf(resource: Resource): Map<string, string> {
  return metaMap(resource.root, 'annotations');
}

export function labelsOf(resource: Resource): Map<string, string> {
  return metaMap(resource.root, 'labels');
}

/** Writes all annotations anew, sorted, each as a string; none removes the field. */
export function setAnnotations(resource: Resource, annotations: ReadonlyMap<string, string>): void {
  setMetadataMap(resource, 'annotations', annotations);
}

export function setLabels(resource: Resource, labels: ReadonlyMap<string, string>): void {
  setMetadataMap(resource, 'labels', labels);
}

/** kyaml: setMapInMetadata. */
function setMetadataMap(resource: Resource, name: string, entries: ReadonlyMap<string, string>): void {
  const metadata = lookup(resource.root, ['metadata'], 'mapping');
  if (metadata === undefined) return;
  clearField(metadata, name);
  if (entries.size === 0) return;
  const map = lookup(metadata, [name], 'mapping');
  if (map === undefined) return;
  for (const key of [...entries.keys()].sort(compareBytes)) setField(map, key, stringNode(entries.get(key) ?? ''));
}

/** Sets one annotation, leaving the others as they are written (kyaml: AnnotationSetter). */
export function setAnnotation(root: Node | undefined, name: string, value: string): void {
  if (root === undefined) return;
  const metadata = lookup(root, ['metadata']);
  if (metadata !== undefined) clearField(metadata, 'annotations', true);
  clearField(root, 'metadata', true);
  setMetadataEntry(root, 'annotations', name, value);
}

/** kyaml: LabelSetter. */
export function setLabel(root: Node, name: string, value: string): void {
  setMetadataEntry(root, 'labels', name, value);
}

function setMetadataEntry(root: Node, map: string, name: string, value: string): void {
  const node = makeNode('scalar', '!!str', value, STYLE.single);
  const entries = lookup(root, ['metadata', map], 'mapping');
  if (entries !== undefined) setField(entries, name, node);
}

function appendToAnnotation(resource: Resource, name: string, value: string): void {
  if (value === '') return;
  const before = annotationOf(resource.root, name);
  setAnnotation(resource.root, name, before === undefined ? value : `${before},${value}`);
}

function annotationList(resource: Resource, name: string): readonly string[] {
  return annotationOf(resource.root, name)?.split(',') ?? [];
}

export function addNamePrefix(resource: Resource, prefix: string): void {
  appendToAnnotation(resource, PREFIXES, prefix);
}

export function addNameSuffix(resource: Resource, suffix: string): void {
  appendToAnnotation(resource, SUFFIXES, suffix);
}

export function recordReferrer(resource: Resource, referrer: ResId): void {
  appendToAnnotation(resource, REFERRED_BY, formatId(referrer));
}

/** Whether two resources were given the same prefixes and suffixes at their ends (kustomize: PrefixesSuffixesEquals). */
export function haveSamePrefixes(a: Resource, b: Resource, allowEmpty: boolean): boolean {
  return [PREFIXES, SUFFIXES].every((name) => {
    const [left, right] = [annotationList(a, name), annotationList(b, name)];
    return (allowEmpty && (left.length === 0 || right.length === 0)) || haveSameEnd(left, right);
  });
}

function haveSameEnd(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length > b.length ? [b, a] : [a, b];
  if (short.length === 0) return long.length === 0;
  const offset = long.length - short.length;
  return short.every((text, i) => long[i + offset] === text);
}

export function isEnabled(resource: Resource, annotation: string): boolean {
  return annotationOf(resource.root, annotation) === ENABLED;
}

/** Switches a build annotation on. */
export function enable(resource: Resource, annotation: string): void {
  const annotations = annotationsOf(resource);
  annotations.set(annotation, ENABLED);
  setAnnotations(resource, annotations);
}

export function removeBuildAnnotations(resource: Resource): void {
  const annotations = annotationsOf(resource);
  if (annotations.size === 0) return;
  for (const name of BUILD_ANNOTATIONS) annotations.delete(name);
  setAnnotations(resource, annotations);
}

export type GenerationBehavior = 'unspecified' | 'create' | 'replace' | 'merge';

export function parseBehavior(text: string | undefined): GenerationBehavior {
  return text === 'create' || text === 'replace' || text === 'merge' ? text : 'unspecified';
}

export function behaviorOf(resource: Resource): GenerationBehavior {
  return parseBehavior(annotationOf(resource.root, GENERATOR_BEHAVIOR));
}

export function setBehavior(resource: Resource, behavior: GenerationBehavior): void {
  const annotations = annotationsOf(resource);
  annotations.set(GENERATOR_BEHAVIOR, behavior);
  setAnnotations(resource, annotations);
}

/** Takes name, namespace, labels and annotations over from `other`, whose build annotations win (kustomize: CopyMergeMetaDataFieldsFrom). */
export function takeMetadataFrom(resource: Resource, other: Resource): void {
  setLabels(resource, new Map([...labelsOf(other), ...labelsOf(resource)]));
  const own = annotationsOf(resource);
  const others = annotationsOf(other);
  const merged = new Map([...others, ...own]);
  for (const name of BUILD_ANNOTATIONS) {
    const value = others.get(name);
    if (value === undefined) merged.delete(name);
    else merged.set(name, value);
  }
  if (!own.has(NEEDS_HASH)) merged.delete(NEEDS_HASH);
  setAnnotations(resource, merged);
  setName(resource, nameOf(other));
  setNamespace(resource, namespaceOf(other));
  resource.varNames = other.varNames;
}
