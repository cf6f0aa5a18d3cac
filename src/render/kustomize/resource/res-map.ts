// The resources of a build in their order, no two with the same identity (kustomize: api/resmap/reswrangler.go).

import { compareBytes } from '../../go/strings.ts';
import type { Selector } from '../config/kustomization.ts';
import { parseLabelSelector } from '../config/label-selector.ts';
import { compileSelector } from '../config/selector.ts';
import { failure } from '../node/fail.ts';
import { clearField, field, setField, textMap } from '../node/fields.ts';
import { makeNode, type Node, STYLE, TAG } from '../node/node.ts';
import { lookup } from '../node/paths.ts';
import { originOf, setOrigin } from './origin.ts';
import { effectiveNamespace, formatId, idKey, type ResId, sameId } from './res-id.ts';
import {
  allIds,
  annotationsOf,
  behaviorOf,
  currentId,
  isGone,
  labelsOf,
  originalId,
  type Resource,
  takeMetadataFrom,
} from './resource.ts';

export interface ResMap {
  resources: Resource[];
}

export function makeResMap(resources: readonly Resource[] = []): ResMap {
  const map: ResMap = { resources: [] };
  appendAll(map, resources);
  return map;
}

/** The identities of all that is there, as appendAll wants them. */
export function idKeysOf(map: ResMap): Set<string> {
  return new Set(map.resources.map((resource) => idKey(currentId(resource))));
}

/**
 * Appends resources; one with an identity that is there already is an error. `seen` are the identities of what is there, for who appends
 * many times.
 */
export function appendAll(map: ResMap, added: readonly Resource[], seen: Set<string> = idKeysOf(map)): void {
  for (const resource of added) {
    const id = currentId(resource);
    const key = idKey(id);
    if (seen.has(key)) {
      throw failure(
        `may not add ${formatId(id)}: it is there already`,
        'one of the two must have another name or namespace, or be a patch',
      );
    }
    seen.add(key);
    map.resources.push(resource);
  }
}

/** The objects that are still there. */
export function* eachRoot(map: ResMap): Generator<Node> {
  for (const { root } of [...map.resources]) if (root !== undefined) yield root;
}

export function dropGone(map: ResMap): void {
  map.resources = map.resources.filter((resource) => !isGone(resource));
}

/** Those that have or ever had an identity that matches. */
export function findByAnyId(map: ResMap, matches: (id: ResId) => boolean): Resource[] {
  return map.resources.filter((resource) => !isGone(resource) && allIds(resource).some(matches));
}

/** The one resource that has or had this identity; throws where there is none or more than one. */
export function getById(map: ResMap, id: ResId): Resource {
  const [found, another] = findByAnyId(map, (other) => sameId(id, other));
  if (found === undefined) throw failure(`no resource matches ${formatId(id)}`);
  if (another !== undefined) throw failure(`more than one resource matches ${formatId(id)}`);
  return found;
}

/**
 * Adds what generators make: as it is, or merged into or replacing what is there, as its behavior says. While they do nothing else may
 * change the map.
 */
export function createAbsorber(map: ResMap): (added: readonly Resource[]) => void {
  let present = indexIds(map);
  return (added) => {
    for (const resource of added) {
      const key = idKey(currentId(resource));
      if (absorb(map, resource, present.byAnyId.get(key) ?? [], present.current)) present = indexIds(map);
      else addToIndex(present.byAnyId, resource);
    }
  };
}

interface IdIndex {
  readonly byAnyId: Map<string, Resource[]>;
  /** The keys of the current identities. */
  readonly current: Set<string>;
}

function indexIds(map: ResMap): IdIndex {
  const byAnyId = new Map<string, Resource[]>();
  for (const resource of map.resources) addToIndex(byAnyId, resource);
  return { byAnyId, current: idKeysOf(map) };
}

function addToIndex(index: Map<string, Resource[]>, resource: Resource): void {
  if (isGone(resource)) return;
  for (const key of new Set(allIds(resource).map(idKey))) {
    const others = index.get(key);
    if (others === undefined) index.set(key, [resource]);
    else others.push(resource);
  }
}

/** `matches`: those that have or had its identity. True where one of them was replaced. */
function absorb(map: ResMap, resource: Resource, matches: readonly Resource[], seen: Set<string>): boolean {
  const id = currentId(resource);
  const behavior = behaviorOf(resource);
  const [old, another] = matches;
  if (old === undefined) {
    if (behavior === 'merge' || behavior === 'replace') {
      throw failure(
        `${formatId(id)} does not exist; it cannot be ${behavior === 'merge' ? 'merged into' : 'replaced'}`,
      );
    }
    appendAll(map, [resource], seen);
    return false;
  }
  if (another !== undefined) throw failure(`more than one resource could take the ${behavior} of ${formatId(id)}`);
  const index = map.resources.indexOf(old);
  if (behavior === 'replace') takeMetadataFrom(resource, old);
  else if (behavior === 'merge') mergeData(resource, old);
  else {
    throw failure(`${formatId(id)} exists already`, 'set behavior to merge or replace, or give it another name');
  }
  const target = map.resources.findIndex((other) => sameId(currentId(other), currentId(resource)));
  if (target !== index) throw failure(`cannot find ${formatId(id)} to replace it`);
  map.resources[index] = resource;
  return true;
}

function mergeData(resource: Resource, old: Resource): void {
  const origin = originOf(old);
  takeMetadataFrom(resource, old);
  for (const name of ['data', 'binaryData'] as const) {
    const merged = new Map([...textMap(field(old.root, name)), ...textMap(field(resource.root, name))]);
    if (resource.root !== undefined) clearField(resource.root, name);
    for (const key of [...merged.keys()].sort(compareBytes))
      addDataEntry(resource.root, name, key, merged.get(key) ?? '');
  }
  if (origin !== undefined) setOrigin(resource, origin);
}

/** Sets one entry of `data` or `binaryData`, longer texts as blocks (kyaml: LoadMapIntoConfigMapData). */
export function addDataEntry(root: Node | undefined, name: 'data' | 'binaryData', key: string, text: string): void {
  const map = lookup(root, [name], 'mapping');
  if (map === undefined) return;
  setField(map, key, makeNode('scalar', TAG.str, text, text.includes('\n') ? STYLE.literal : 0));
}

/** Those that a selector of patterns matches; names and namespaces may match the original or the current ones. */
export function selectResources(map: ResMap, selector: Selector): Resource[] {
  const matcher = compileSelector(selector);
  const matchesLabels = parseLabelSelector(selector.labelSelector);
  const matchesAnnotations = parseLabelSelector(selector.annotationSelector);
  return map.resources.filter((resource) => {
    const current = currentId(resource);
    const original = originalId(resource);
    return (
      matcher.matchesGvk(current) &&
      (matcher.matchesName(original.name) || matcher.matchesName(current.name)) &&
      (matcher.matchesNamespace(effectiveNamespace(original)) ||
        matcher.matchesNamespace(effectiveNamespace(current))) &&
      matchesLabels(labelsOf(resource)) &&
      matchesAnnotations(annotationsOf(resource))
    );
  });
}
