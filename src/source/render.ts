// One source at one commit becomes objects, by the tool that its folder is for. Synchronous: what is not fetched yet makes it fail and run again.

import { kustomizeFlagsFor } from '../application/source-settings.ts';
import type { SourceType } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';
import { renderDirectory } from '../render/directory/directory.ts';
import { createHelmPort } from '../render/kustomize/generate/helm-port.ts';
import { type BuildOptions, buildKustomization } from '../render/kustomize/kustomize.ts';
import type { RemoteSources } from '../render/kustomize/load/remote.ts';
import type { Tree } from '../render/tree.ts';
import { buildEnvironment } from './build-environment.ts';
import { detectSourceType } from './detect.ts';
import { type HelmSurroundings, renderHelmSource } from './helm.ts';
import { jsonnetOf } from './jsonnet.ts';
import { expandKustomizeBlock } from './kustomize-block.ts';
import { parseKustomizeBuildOptions } from './kustomize-build-options.ts';
import { parseObjects, toObjects } from './objects.ts';
import { treeOfArchive } from './opened-source.ts';
import type { RenderContext, ResolvedSource } from './source.ts';
import { parseSource } from './source-fields.ts';
import { applySourceOverrides } from './source-overrides.ts';

/** What `helm pull --devel` takes for a version. */
const DEVELOPMENT = '>0.0.0-0';

export interface RenderedSource {
  readonly objects: readonly KubeObject[];
  readonly sourceType: SourceType;
}

export interface Surroundings extends HelmSurroundings {
  /** How errors call the source; `spec.source` where not given. */
  readonly field?: string;
  /** Remote bases and files of kustomizations; without it, one that names any fails. */
  readonly remotes?: RemoteSources;
}

/** Throws `RenderFailed` and its kin, with file, line and column where the tool knows them; `InvalidInput` for a spec of wrong types. */
export function renderSource(
  tree: Tree,
  path: string,
  resolved: ResolvedSource,
  context: RenderContext,
  surroundings: Surroundings,
): RenderedSource {
  const { field = 'spec.source' } = surroundings;
  const given = parseSource(resolved.source, field);
  const instance = context.instance ?? context.appName;
  const source = parseSource(applySourceOverrides(tree, path, given, instance), field);
  const sourceType = detectSourceType(tree, path, source, context.settings?.disabledTools);
  switch (sourceType) {
    case 'Helm': {
      const text = renderHelmSource(tree, path, { ...resolved, source }, context, surroundings);
      return { sourceType, objects: parseObjects(text, path || source.chart || source.repoURL) };
    }
    case 'Kustomize': {
      const text = buildKustomization(
        tree,
        path,
        kustomizeOptions({ ...resolved, source }, path, `${field}.kustomize`, context, surroundings),
      );
      return { sourceType, objects: parseObjects(text, path) };
    }
    default: {
      const { recurse, include, exclude, disableExtensionFilter } = source.directory ?? {};
      const maxBytes = context.settings?.maxDirectoryBytes;
      const withoutJsonnet = context.settings?.disabledTools.includes('Jsonnet');
      const { now } = surroundings.environment;
      const found = renderDirectory(tree, path, {
        ...(recurse !== undefined && { recurse }),
        ...(include !== undefined && { include }),
        ...(exclude !== undefined && { exclude }),
        ...(disableExtensionFilter && { disableExtensionFilter }),
        ...(withoutJsonnet && { withoutJsonnet }),
        ...(maxBytes !== undefined && { maxBytes }),
        evaluate: jsonnetOf(tree, path, { ...resolved, source }, context, { field, now }),
      });
      return { sourceType, objects: found.flatMap(({ object, file }) => toObjects(object, file)) };
    }
  }
}

/**
 * Charts need no `--enable-helm`: nothing foreign runs. The cluster's versions are theirs, whatever the flags say, as Argo CD appends
 * them (util/kustomize, `--helm-kube-version` and `--helm-api-versions`).
 */
function kustomizeOptions(
  resolved: ResolvedSource,
  path: string,
  field: string,
  context: RenderContext,
  { environment, findDependency, generated, lookup, remotes }: Surroundings,
): BuildOptions {
  const { kustomize } = resolved.source;
  const flags = context.settings?.kustomizeFlags;
  const { helmApiVersions = [], ...flagged } = flags
    ? parseKustomizeBuildOptions(kustomizeFlagsFor(flags, kustomize?.version))
    : {};
  const apiVersions = kustomize?.apiVersions?.length ? kustomize.apiVersions : context.apiVersions;
  return {
    ...flagged,
    ...(kustomize && { overrides: expandKustomizeBlock(kustomize, buildEnvironment(resolved, context), path, field) }),
    ...(remotes && { remote: remotes }),
    enableHelm: true,
    helmKubeVersion: kustomize?.kubeVersion || context.kubeVersion,
    helmApiVersions: [...helmApiVersions, ...apiVersions],
    helm: createHelmPort(environment, {
      ...(generated && { generated }),
      ...(lookup && { lookup }),
      pull: ({ repo, name, version, devel }) =>
        treeOfArchive(findDependency({ name, repository: repo, version: version || (devel ? DEVELOPMENT : '') })),
    }),
  };
}
