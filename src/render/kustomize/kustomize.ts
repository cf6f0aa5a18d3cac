// `kustomize build` as a library: kustomize v5.8.1, byte for byte. Synchronous; everything is read through a Tree.

import type { JsonObject } from '../../base/json.ts';
import type { Tree } from '../tree.ts';
import type { HelmPort } from './generate/helm.ts';
import { type ManifestFile, toFiles } from './individual-files.ts';
import { type BuildBudget, createBudget, type KustomizeLimits } from './limits.ts';
import { openLoader } from './load/loader.ts';
import type { RemoteSources } from './load/remote.ts';
import { createTypeKnowledge } from './merge/types.ts';
import { jsonOfNode } from './node/json.ts';
import { dumpResources } from './output.ts';
import { applyOverrides, type KustomizeOverrides } from './overrides.ts';
import { clearTransformations, NO_ORIGIN, setOrigin } from './resource/origin.ts';
import type { ResMap } from './resource/res-map.ts';
import { removeBuildAnnotations } from './resource/resource.ts';
import {
  accumulate,
  atField,
  type BuildContext,
  dropLocalConfigs,
  openTarget,
  type Target,
  useOpenApi,
} from './target.ts';
import { addHashes } from './transform/hash.ts';
import { addEntries } from './transform/labels.ts';
import { fixNameReferences } from './transform/name-reference.ts';
import { sortLegacy, sortResources } from './transform/sort-order.ts';
import { resolveVars } from './transform/vars.ts';

export type { ChartSource, HelmPort, HelmRequest } from './generate/helm.ts';
export type { KustomizeLimits } from './limits.ts';
export type { RemoteSources } from './load/remote.ts';
export type { RepoUrl } from './load/repo-url.ts';
export type { KustomizeOverrides } from './overrides.ts';

export interface BuildOptions {
  /** `--reorder`; a kustomization's sortOptions win. The default is the legacy order. */
  readonly reorder?: 'legacy' | 'none';
  /** `--load-restrictor`: `none` lets kustomizations read files outside their directories. */
  readonly loadRestrictor?: 'rootOnly' | 'none';
  /** `--enable-helm`. */
  readonly enableHelm?: boolean;
  readonly helmApiVersions?: readonly string[];
  readonly helmKubeVersion?: string;
  /** `--enable-managedby-label`. */
  readonly managedByLabel?: boolean;
  /** Renders Helm charts; without it a kustomization with charts fails with Unsupported. */
  readonly helm?: HelmPort;
  /** Reads remote bases and files; without it a kustomization that names one fails with Unsupported. */
  readonly remote?: RemoteSources;
  /** An Application's kustomize block, worked into the kustomization before the build. */
  readonly overrides?: KustomizeOverrides;
  /** Bounds against kustomizations that mean harm, beside the defaults. */
  readonly limits?: Partial<KustomizeLimits>;
  /** Milliseconds of the clock that `limits.buildMs` goes by; the system's where absent. */
  readonly now?: () => number;
  /** Warnings that kustomize prints on stderr. */
  readonly warn?: (message: string) => void;
}

const VERSION = 'v5.8.1';

/**
 * The output of `kustomize build PATH`: the resources of the kustomization at the directory `path` of `tree` as YAML documents.
 * Throws HawserError RenderFailed where kustomize fails, Unsupported for what needs a port that is not given, LimitExceeded for what
 * takes more than its limits.
 */
export function buildKustomization(tree: Tree, path: string, options: BuildOptions = {}): string {
  const { map, budget } = build(tree, path, options);
  return dumpResources(map, budget);
}

/** The same resources as objects. */
export function buildObjects(tree: Tree, path: string, options: BuildOptions = {}): JsonObject[] {
  return build(tree, path, options).map.resources.map(({ root }) => {
    const json = jsonOfNode(root);
    return json !== null && typeof json === 'object' && !Array.isArray(json) ? json : {};
  });
}

/** The same resources as the files that `kustomize build -o DIR` writes. */
export function buildManifests(tree: Tree, path: string, options: BuildOptions = {}): ManifestFile[] {
  return toFiles(build(tree, path, options).map);
}

interface Built {
  readonly map: ResMap;
  readonly budget: BuildBudget;
}

function build(tree: Tree, path: string, options: BuildOptions): Built {
  const context: BuildContext = {
    types: createTypeKnowledge(),
    helm: {
      port: options.helm,
      enabled: options.enableHelm ?? false,
      apiVersions: options.helmApiVersions ?? [],
      kubeVersion: options.helmKubeVersion ?? '',
    },
    warn: options.warn ?? (() => undefined),
    depth: 0,
  };
  const budget = createBudget(options.limits ?? {}, options.now ?? Date.now);
  const loader = openLoader(tree, path, options.loadRestrictor !== 'none', options.remote, budget);
  const opened = overridden(openTarget(loader, context), options.overrides);
  useOpenApi(opened, true);
  const { buildMetadata } = opened.kustomization;
  const target: Target = { ...opened, origin: buildMetadata.length === 0 ? undefined : NO_ORIGIN };
  const map = customise(target);
  applyOrder(map, target, options);
  finish(map, buildMetadata, options.managedByLabel ?? false);
  return { map, budget };
}

function overridden(target: Target, overrides: KustomizeOverrides | undefined): Target {
  if (overrides === undefined) return target;
  const { tree, root } = target.loader;
  return { ...target, kustomization: applyOverrides(target.kustomization, overrides, tree, root) };
}

/** What is done once, at the top: hashes, references to changed names, vars (kustomize: makeCustomizedResMap). */
function customise(target: Target): ResMap {
  const { map, config, vars } = accumulate(target);
  const { budget } = target.loader;
  budget.checkTime();
  addHashes(map);
  fixNameReferences(map, config.nameReference);
  budget.checkTime();
  const unused = atField(target, 'vars', () => resolveVars(map, vars, config.varReference, budget));
  if (unused.length > 0) target.context.warn(`well-defined vars that were never replaced: ${unused.join(',')}`);
  dropLocalConfigs(map);
  return map;
}

function applyOrder(map: ResMap, target: Target, { reorder }: BuildOptions): void {
  const { sortOptions } = target.kustomization;
  if (sortOptions !== undefined) atField(target, 'sortOptions', () => sortResources(map, sortOptions));
  else if (reorder !== 'none') sortLegacy(map);
}

function finish(map: ResMap, buildMetadata: readonly string[], managedByLabel: boolean): void {
  if (managedByLabel || buildMetadata.includes('managedByLabel')) {
    const spec = { group: '', version: '', kind: '', path: 'metadata/labels', create: true };
    addEntries(map, new Map([['app.kubernetes.io/managed-by', `kustomize-${VERSION}`]]), [spec]);
  }
  for (const resource of map.resources) {
    removeBuildAnnotations(resource);
    if (!buildMetadata.includes('originAnnotations')) setOrigin(resource, undefined);
    if (!buildMetadata.includes('transformerAnnotations')) clearTransformations(resource);
  }
}
