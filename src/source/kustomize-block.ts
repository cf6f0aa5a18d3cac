// An Application's kustomize block as the build takes it: the build environment worked in, and what cannot be meant refused by its field
// (Argo CD: util/kustomize/kustomize.go, Build).

import type { KustomizeSource } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { parseRepoUrl } from '../render/kustomize/load/repo-url.ts';
import { isBuildFailure } from '../render/kustomize/node/fail.ts';
import { type KustomizeOverrides, parseImage } from '../render/kustomize/overrides.ts';
import { joinPath } from '../render/tree.ts';
import { type BuildEnvironment, substitute } from './build-environment.ts';

/**
 * Images and common labels always know the build environment, common annotations only with `commonAnnotationsEnvsubst`, nothing else
 * does. `path` is the kustomization's folder, `field` the block's name in errors (`spec.source.kustomize`). Throws `RenderFailed` and
 * `PathEscapes`.
 */
export function expandKustomizeBlock(
  block: KustomizeSource,
  environment: BuildEnvironment,
  path: string,
  field: string,
): KustomizeOverrides {
  const { images, commonLabels, commonAnnotations, commonAnnotationsEnvsubst, components } = block;
  const expandAll = (map: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(map).map(([key, value]) => [key, substitute(value ?? '', environment)]));
  for (const [index, component] of (components ?? []).entries()) {
    checkComponent(component, path, `${field}.components[${index}]`);
  }
  return {
    ...block,
    ...(images && {
      images: images.map((image, index) => expandImage(image, environment, `${field}.images[${index}]`)),
    }),
    ...(commonLabels && { commonLabels: expandAll(commonLabels) }),
    ...(commonAnnotations && {
      commonAnnotations: commonAnnotationsEnvsubst ? expandAll(commonAnnotations) : commonAnnotations,
    }),
    field,
  };
}

/** Checked here, where the text that was written is known. */
function expandImage(written: string, environment: BuildEnvironment, field: string): string {
  const image = substitute(written, environment);
  try {
    parseImage(image);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const origin = image === written ? '' : `, from '${written}'`;
    throw new HawserError(error.code, `${field}: ${error.message}${origin}`, {
      hint: 'write name:tag, name@digest or old=new:tag',
      cause: error,
    });
  }
  return image;
}

/** A missing component may be ignored, but not one outside the repository. */
function checkComponent(component: string, path: string, field: string): void {
  if (joinPath(path, component) !== undefined || parseRepoUrl(component)) return;
  throw new HawserError('PathEscapes', `${field}: ${component} leads out of the repository`, {
    hint: 'write a path relative to the kustomization, inside of the repository',
  });
}
