// Patches: strategic merges and JSON patches, with the targets that they name (kustomize: PatchTransformer, PatchStrategicMergeTransformer,
// PatchJson6902Transformer).

import type { Patch, Selector } from '../config/kustomization.ts';
import type { BuildBudget } from '../limits.ts';
import { type Loader, loadText, pathOf } from '../load/loader.ts';
import { shownSource } from '../load/repo-url.ts';
import { mergeNodes } from '../merge/merge.ts';
import type { TypeKnowledge } from '../merge/types.ts';
import { attempt, failure, inFile, within } from '../node/fail.ts';
import { jsonOfNode, nodeOfJson } from '../node/json.ts';
import { countNodes } from '../node/node.ts';
import { ALLOW_KIND_CHANGE, ALLOW_NAME_CHANGE, isInternalAnnotation } from '../resource/build-annotations.ts';
import { formatApiVersion } from '../resource/gvk.ts';
import { readResources } from '../resource/read.ts';
import { formatId, idKey, type ResId } from '../resource/res-id.ts';
import { appendAll, getById, type ResMap, selectResources } from '../resource/res-map.ts';
import {
  annotationsOf,
  copyResource,
  currentId,
  enable,
  isEnabled,
  isGone,
  kindOf,
  nameOf,
  namespaceOf,
  originalId,
  type Resource,
  setAnnotations,
  setApiVersion,
  setKind,
  setName,
  setNamespace,
  storePreviousId,
  takeMetadataFrom,
} from '../resource/resource.ts';
import { applyJsonPatch, type JsonPatch, parseJsonPatch } from './json-patch.ts';

type Transform = (map: ResMap) => void;

/**
 * One entry of `patches`: its text tells whether it is a strategic merge or a JSON patch. `field` is what errors call one that is not of
 * the kustomization itself.
 */
export function patchTransform(
  { field, ...patch }: Patch & { readonly field?: string },
  loader: Loader,
  types: TypeKnowledge,
): Transform {
  if (field === undefined) return transformOfPatch(patch, loader, types);
  const transform = within(field, () => transformOfPatch(patch, loader, types));
  return (map) => within(field, () => transform(map));
}

function transformOfPatch(patch: Patch, loader: Loader, types: TypeKnowledge): Transform {
  const inline = patch.patch.trim();
  if (inline === '' && patch.path === '') throw failure('a patch must have either patch or path');
  if (inline !== '' && patch.path !== '') throw failure('a patch cannot have both patch and path');
  if (inline !== '') return transformOfText(inline, 'an inline patch', patch, loader, types);
  const text = loadText(loader, patch.path);
  return inFile(pathOf(loader, patch.path), () =>
    transformOfText(text, `the patch '${shownSource(patch.path)}'`, patch, loader, types),
  );
}

function transformOfText(
  text: string,
  source: string,
  { target, options }: Patch,
  { budget }: Loader,
  types: TypeKnowledge,
): Transform {
  const merge = attempt(() => readResources(text, types));
  const json = attempt(() => parseJsonPatch(text));
  if ('error' in merge) {
    if ('value' in json)
      return (map) => jsonPatchSelected(map, target, json.value, { source, budget, keepsPreviousId: true });
    const line = typeof merge.error.data.line === 'number' ? merge.error.data.line : undefined;
    const reasons = `${merge.error.message}) nor a JSON patch (${json.error.message}`;
    throw failure(`${source} is neither a strategic merge (${reasons})`, undefined, line);
  }
  if (merge.value.length > 0 && 'value' in json && json.value.length > 0) {
    throw failure(`${source} is both a strategic merge and a JSON patch`);
  }
  for (const resource of merge.value) {
    if (options?.allowNameChange) enable(resource, ALLOW_NAME_CHANGE);
    if (options?.allowKindChange) enable(resource, ALLOW_KIND_CHANGE);
  }
  return (map) => mergePatches(map, target, merge.value, { source, budget });
}

function mergePatches(
  map: ResMap,
  target: Selector | undefined,
  patches: readonly Resource[],
  { source, budget }: { readonly source: string; readonly budget: BuildBudget },
): void {
  const [first] = patches;
  if (first === undefined) return;
  if (target !== undefined) {
    if (patches.length > 1)
      throw failure(`${source} has more than one strategic merge patch, and so may not have a target`);
    mergeIntoSelected(map, selectResources(map, target).map(currentId), first);
    return;
  }
  for (const patch of patches) {
    budget.spend('steps', map.resources.length);
    const found = within(`${source} patches nothing`, () => getById(map, originalId(patch)));
    mergeInto(found, patch);
  }
}

/** `patchesStrategicMerge`: texts or paths of files. */
export function strategicMergeTransform(paths: readonly string[], loader: Loader, types: TypeKnowledge): Transform {
  const patches = paths.flatMap((path) => {
    const inline = attempt(() => readResources(path, types));
    return 'value' in inline ? inline.value : readPatchFile(path, loader, types);
  });
  if (patches.length === 0) throw failure('the strategic merge patches are empty');
  return mergeAllTransform(patches, loader.budget);
}

function readPatchFile(path: string, loader: Loader, types: TypeKnowledge): Resource[] {
  const text = loadText(loader, path);
  return inFile(pathOf(loader, path), () => readResources(text, types));
}

/** A transformer that merges each patch into the resource of its name. */
export function mergeAllTransform(patches: readonly Resource[], budget: BuildBudget): Transform {
  return (map) => {
    for (const patch of patches) {
      budget.spend('steps', 2 * map.resources.length);
      const target = within(`patch ${formatId(currentId(patch))}`, () => getById(map, originalId(patch)));
      mergeIntoSelected(map, [currentId(target)], patch);
    }
  };
}

export interface JsonPatchArgs {
  readonly target: Selector | undefined;
  readonly path: string;
  readonly jsonOp: string;
}

/** `patchesJson6902`. */
export function jsonPatchTransform(args: JsonPatchArgs, loader: Loader): Transform {
  if (args.target === undefined || args.target.name === '') throw failure('a JSON patch must name its target');
  if (args.path === '' && args.jsonOp === '') throw failure('a JSON patch must have either patch or path');
  if (args.path !== '' && args.jsonOp !== '') throw failure('a JSON patch cannot have both patch and path');
  const text = args.path === '' ? args.jsonOp : loadText(loader, args.path);
  const source = args.path === '' ? 'an inline JSON patch' : `the JSON patch '${args.path}'`;
  const patch = within(source, () => parseJsonPatch(text));
  if (patch.length === 0) throw failure(`${source} is empty`);
  return (map) => jsonPatchSelected(map, args.target, patch, { source, budget: loader.budget, keepsPreviousId: false });
}

interface JsonPatchUse {
  /** What it is called in messages. */
  readonly source: string;
  readonly budget: BuildBudget;
  readonly keepsPreviousId: boolean;
}

function jsonPatchSelected(
  map: ResMap,
  target: Selector | undefined,
  patch: JsonPatch,
  { source, budget, keepsPreviousId }: JsonPatchUse,
): void {
  if (target === undefined) throw failure(`${source} is a JSON patch and must have a target`);
  for (const resource of selectResources(map, target)) {
    if (resource.root !== undefined) budget.spend('steps', countNodes(resource.root));
    if (keepsPreviousId) storePreviousId(resource);
    const internal = [...annotationsOf(resource)].filter(([name]) => isInternalAnnotation(name));
    within(
      () => `${source} on ${formatId(currentId(resource))}`,
      () => {
        const patched = applyJsonPatch(jsonOfNode(resource.root), patch, (values) =>
          budget.spend('copiedNodes', values),
        );
        if (patched === null || typeof patched !== 'object' || Array.isArray(patched)) {
          throw failure('the patch leaves no object');
        }
        resource.root = nodeOfJson(patched);
      },
    );
    setAnnotations(resource, new Map([...annotationsOf(resource), ...internal]));
  }
}

/** Merges a patch into all resources with these identities (kustomize: ResMap.ApplySmPatch). */
function mergeIntoSelected(map: ResMap, ids: readonly ResId[], patch: Resource): void {
  const selected = new Set(ids.map(exactKey));
  const resources = map.resources;
  for (const resource of resources) {
    if (isGone(resource) || !selected.has(exactKey(currentId(resource)))) continue;
    const copy = copyResource(patch);
    takeMetadataFrom(copy, patch);
    setApiVersion(copy, formatApiVersion(currentId(resource)));
    mergeInto(resource, copy);
  }
  map.resources = [];
  appendAll(
    map,
    resources.filter((resource) => !isGone(resource)),
  );
}

function exactKey(id: ResId): string {
  return `${idKey(id)}\0${id.namespace}`;
}

/** Merges one patch, which is used up; name and kind stay unless the patch may change them (kustomize: Resource.ApplySmPatch). */
function mergeInto(resource: Resource, patch: Resource): void {
  const [name, namespace, kind] = [nameOf(resource), namespaceOf(resource), kindOf(resource)];
  const [allowsName, allowsKind] = [isEnabled(patch, ALLOW_NAME_CHANGE), isEnabled(patch, ALLOW_KIND_CHANGE)];
  if (allowsName || allowsKind) storePreviousId(resource);
  const { root } = resource;
  if (root === undefined || patch.root === undefined) return;
  const patchRoot = patch.root;
  const merged = within(
    () => `patching ${formatId(currentId(resource))}`,
    () => mergeNodes(root, patchRoot, resource.types, true),
  );
  if (merged === undefined) resource.root = undefined;
  if (isGone(resource)) return;
  if (!allowsKind) setKind(resource, kind);
  if (!allowsName) setName(resource, name);
  setNamespace(resource, namespace);
}
