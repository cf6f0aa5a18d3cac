// A case of the corpus of kustomizations through the library alone. It touches no disk, so that it runs in any runtime.

import { isHawserError } from '../../../src/base/errors.ts';
import {
  type BuildOptions,
  buildKustomization,
  createHelmPort,
  type SprigEnvironment,
  type Tree,
} from '../../../src/library/kustomize.ts';
import type { Case } from '../layer.ts';
import { firstDifference } from './first-difference.ts';

export type Built = { readonly text: string } | { readonly error: string };

/** What the library gives for a case; `tree` is the folder of the case. */
export function buildCase(record: Case, tree: Tree, environment: SprigEnvironment): Built {
  const flags = Array.isArray(record.flags) ? record.flags.map(String) : [];
  try {
    return { text: buildKustomization(tree, cleanPath(String(record.root)), optionsOf(flags, environment)) };
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return { error: error.message };
  }
}

/** What is wrong with it; the text of an error is kustomize's own affair. */
export function compareBuilt(record: Case, built: Built, expected: string): string | undefined {
  if ('error' in built) return record.exit === 0 ? `fails: ${built.error}` : undefined;
  return record.exit === 0 ? firstDifference(expected, built.text) : 'succeeds, and should fail';
}

function cleanPath(root: string): string {
  return root
    .split('/')
    .filter((part) => part !== '.' && part !== '')
    .join('/');
}

function optionsOf(flags: readonly string[], environment: SprigEnvironment): BuildOptions {
  const valuesOf = (name: string) =>
    flags.flatMap((flag, index) =>
      flag === name ? (flags[index + 1] ?? []) : flag.startsWith(`${name}=`) ? flag.slice(name.length + 1) : [],
    );
  const last = (name: string) => valuesOf(name).at(-1);
  return {
    ...(last('--reorder') === 'none' && { reorder: 'none' }),
    loadRestrictor: last('--load-restrictor') === 'LoadRestrictionsNone' ? 'none' : 'rootOnly',
    enableHelm: flags.includes('--enable-helm') || flags.includes('--enable-alpha-plugins'),
    helmApiVersions: valuesOf('--helm-api-versions'),
    helmKubeVersion: last('--helm-kube-version') ?? '',
    managedByLabel: flags.includes('--enable-managedby-label'),
    helm: createHelmPort(environment),
  };
}
