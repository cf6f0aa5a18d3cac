// What an Application says beside the kustomization: its spec.source.kustomize block, worked into the kustomization before the build, as
// Argo CD does with `kustomize edit` (Argo CD: util/kustomize/kustomize.go).

import type { Json } from '../../base/json.ts';
import { compareBytes } from '../go/strings.ts';
import { joinPath, type Tree } from '../tree.ts';
import type { DecodeMode } from './config/decode.ts';
import { type Image, type Kustomization, type Label, patchDecoder, type Replica } from './config/kustomization.ts';
import { failure, within } from './node/fail.ts';
import { splitImage } from './transform/image.ts';

export interface KustomizeOverrides {
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  readonly namespace?: string;
  /** `name:tag`, `name@digest`, `old=new:tag`. */
  readonly images?: readonly string[];
  readonly replicas?: readonly { readonly name: string; readonly count: number | string }[];
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  /** Labels that the kustomization has already are replaced; otherwise they are an error. */
  readonly forceCommonLabels?: boolean;
  readonly forceCommonAnnotations?: boolean;
  /** Labels go to `labels` and not into selectors. */
  readonly labelWithoutSelector?: boolean;
  /** With labelWithoutSelector: into templates too. */
  readonly labelIncludeTemplates?: boolean;
  readonly patches?: readonly unknown[];
  readonly components?: readonly string[];
  /** Components that are not there are left out. */
  readonly ignoreMissingComponents?: boolean;
  /** How errors call the block. */
  readonly field?: string;
}

const STRICT: DecodeMode = { strict: true, coerce: false };

/** The kustomization at `root` of `tree` as it would be after all edits. Throws where an edit fails. */
export function applyOverrides(
  kustomization: Kustomization,
  overrides: KustomizeOverrides,
  tree: Tree,
  root: string,
): Kustomization {
  const { field = 'kustomize' } = overrides;
  const { images, replicas, commonAnnotations, patches, components } = kustomization;
  return {
    ...within(`${field}.commonLabels`, () => withLabels(kustomization, overrides)),
    namePrefix: overrides.namePrefix || kustomization.namePrefix,
    nameSuffix: overrides.nameSuffix || kustomization.nameSuffix,
    namespace: overrides.namespace || kustomization.namespace,
    images: within(`${field}.images`, () => setImages(images, overrides.images ?? [])),
    replicas: within(`${field}.replicas`, () => setReplicas(replicas, overrides.replicas ?? [], `${field}.replicas`)),
    commonAnnotations: within(`${field}.commonAnnotations`, () => {
      const { commonAnnotations: added = {}, forceCommonAnnotations = false } = overrides;
      return addTo(commonAnnotations, added, forceCommonAnnotations, 'annotation');
    }),
    patches: [
      ...patches,
      ...(overrides.patches ?? []).map((patch, index) => parsePatch(patch, `${field}.patches[${index}]`)),
    ],
    components: [...components, ...componentsOf(overrides, tree, root, components)],
  };
}

/** kustomize edit set image: replaces images of the same name; the list is sorted by name. `*` keeps what is there. */
function setImages(images: readonly Image[], texts: readonly string[]): Image[] {
  if (texts.length === 0) return [...images];
  const byName = new Map(images.map((image) => [image.name, image]));
  for (const text of texts) {
    const image = parseImage(text);
    const old = byName.get(image.name);
    const keep = (part: 'newName' | 'newTag' | 'digest') => (image[part] === '*' ? (old?.[part] ?? '') : image[part]);
    byName.set(image.name, { ...image, newName: keep('newName'), newTag: keep('newTag'), digest: keep('digest') });
  }
  return [...byName.values()].sort(byNameOrder);
}

function byNameOrder(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareBytes(a.name, b.name);
}

/** `[name=]image[:tag][@digest]` (kustomize: commands/edit/set/setimage.go). */
export function parseImage(text: string): Image {
  const equals = text.indexOf('=');
  const { name, tag, digest } = splitImage(text.slice(equals + 1));
  if (name === text) throw failure(`the image '${text}' has neither a new name nor a tag or digest`);
  const isRenamed = equals >= 0;
  return {
    name: isRenamed ? text.slice(0, equals) : name,
    newName: isRenamed ? name : '',
    tagSuffix: '',
    newTag: tag,
    digest,
  };
}

/** kustomize edit set replicas. */
function setReplicas(
  replicas: readonly Replica[],
  added: NonNullable<KustomizeOverrides['replicas']>,
  field: string,
): Replica[] {
  if (added.length === 0) return [...replicas];
  const byName = new Map<string, Replica & { readonly field?: string }>(
    replicas.map((replica) => [replica.name, replica]),
  );
  for (const { name, count } of added) {
    const number = Number(count);
    if (!Number.isInteger(number) || String(count).trim() === '') {
      throw failure(`the replica count of '${name}' must be a whole number`);
    }
    byName.set(name, { name, count: number, field });
  }
  return [...byName.values()].sort(byNameOrder);
}

/** kustomize edit add label|annotation. */
function addTo(
  map: ReadonlyMap<string, string> | undefined,
  added: Readonly<Record<string, string>>,
  force: boolean,
  what: string,
): ReadonlyMap<string, string> | undefined {
  const entries = Object.entries(added);
  if (entries.length === 0) return map;
  const result = new Map(map ?? []);
  for (const [key, value] of entries) {
    if (result.has(key) && !force) {
      throw failure(`the kustomization has the ${what} '${key}' already`, 'force it, or remove it from one of the two');
    }
    result.set(key, value);
  }
  return result;
}

function withLabels(kustomization: Kustomization, overrides: KustomizeOverrides): Kustomization {
  const {
    commonLabels = {},
    forceCommonLabels: force = false,
    labelWithoutSelector,
    labelIncludeTemplates,
  } = overrides;
  if (Object.keys(commonLabels).length === 0) return kustomization;
  if (!labelWithoutSelector) {
    if (labelIncludeTemplates) throw failure('labelIncludeTemplates goes only with labelWithoutSelector');
    return { ...kustomization, commonLabels: addTo(kustomization.commonLabels, commonLabels, force, 'label') };
  }
  const includeTemplates = labelIncludeTemplates ?? false;
  const index = kustomization.labels.findIndex(
    (label) => !label.includeSelectors && label.includeTemplates === includeTemplates,
  );
  const old: Label = kustomization.labels[index] ?? {
    pairs: undefined,
    includeSelectors: false,
    includeTemplates,
    fields: [],
  };
  const label = { ...old, pairs: addTo(old.pairs, commonLabels, force, 'label') };
  return {
    ...kustomization,
    labels: index < 0 ? [...kustomization.labels, label] : kustomization.labels.with(index, label),
  };
}

function parsePatch(patch: unknown, field: string): Kustomization['patches'][number] & { readonly field: string } {
  return { ...patchDecoder(toJson(patch), field, STRICT), field };
}

/** Components that the kustomization names already are not added twice. */
function componentsOf(
  { components = [], ignoreMissingComponents }: KustomizeOverrides,
  tree: Tree,
  root: string,
  present: readonly string[],
): string[] {
  return components.filter((component) => {
    if (present.includes(component)) return false;
    if (!ignoreMissingComponents) return true;
    const path = joinPath(root, component);
    if (path === undefined) return false;
    // Not listed where that can be: what is beside its files does not count.
    return (tree.realPath ? tree.realPath(path) : tree.list(path)) !== undefined;
  });
}

/** A value that came as JSON, typed as such. */
function toJson(value: unknown): Json {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
