// One source at one commit becomes objects, by the tool that its folder is for. Synchronous: what is not fetched yet makes it fail and run again.

import type { Source, SourceType } from '../application/types.ts';
import type { KubeObject } from '../kube/object.ts';
import { renderDirectory } from '../render/directory/directory.ts';
import { createHelmPort } from '../render/kustomize/generate/helm-port.ts';
import { type BuildOptions, buildKustomization } from '../render/kustomize/kustomize.ts';
import type { Tree } from '../render/tree.ts';
import { detectSourceType } from './detect.ts';
import { type HelmSurroundings, renderHelmSource } from './helm.ts';
import { parseObjects, toObjects } from './objects.ts';
import { treeOfArchive } from './opened-source.ts';
import type { RenderContext, ResolvedSource } from './source.ts';
import { applySourceOverrides } from './source-overrides.ts';

export interface RenderedSource {
  readonly objects: readonly KubeObject[];
  readonly sourceType: SourceType;
}

/** Throws `RenderFailed` and its kin, with file, line and column where the tool knows them. */
export function renderSource(
  tree: Tree,
  path: string,
  resolved: ResolvedSource,
  context: RenderContext,
  surroundings: HelmSurroundings,
): RenderedSource {
  const source = applySourceOverrides(tree, path, resolved.source, context.appName);
  const sourceType = detectSourceType(tree, path, source);
  switch (sourceType) {
    case 'Helm': {
      const text = renderHelmSource(tree, path, { ...resolved, source }, context, surroundings);
      return { sourceType, objects: parseObjects(text, path || source.chart || source.repoURL) };
    }
    case 'Kustomize': {
      const text = buildKustomization(tree, path, kustomizeOptions(source, context, surroundings));
      return { sourceType, objects: parseObjects(text, path) };
    }
    default: {
      const { recurse, include, exclude } = source.directory ?? {};
      const found = renderDirectory(tree, path, {
        ...(recurse !== undefined && { recurse }),
        ...(include !== undefined && { include }),
        ...(exclude !== undefined && { exclude }),
      });
      return { sourceType, objects: found.flatMap(({ object, file }) => toObjects(object, file)) };
    }
  }
}

/**
 * Charts need no `--enable-helm`: nothing foreign runs. The cluster's versions are theirs, as Argo CD passes them (util/kustomize,
 * `--helm-kube-version` and `--helm-api-versions`).
 */
function kustomizeOptions(
  { kustomize }: Source,
  { kubeVersion, apiVersions }: RenderContext,
  { environment, findDependency, generated, lookup }: HelmSurroundings,
): BuildOptions {
  return {
    ...(kustomize && { overrides: kustomize }),
    enableHelm: true,
    helmKubeVersion: kustomize?.kubeVersion || kubeVersion,
    helmApiVersions: kustomize?.apiVersions?.length ? kustomize.apiVersions : apiVersions,
    helm: createHelmPort(environment, {
      ...(generated && { generated }),
      ...(lookup && { lookup }),
      pull: ({ repo, name, version }) => treeOfArchive(findDependency({ name, repository: repo, version })),
    }),
  };
}
