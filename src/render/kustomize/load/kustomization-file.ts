// Finds the kustomization file of a directory.

import { readText } from '../../tree.ts';
import { failure } from '../node/fail.ts';
import type { Loader } from './loader.ts';
import { loadText } from './loader.ts';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export interface KustomizationFile {
  readonly name: string;
  readonly text: string;
}

/** The one file with a name of its own; none and more than one are errors. */
export function findKustomizationFile(loader: Loader): KustomizationFile {
  const prefix = loader.root === '' ? '' : `${loader.root}/`;
  const found = NAMES.filter((name) => readText(loader.tree, `${prefix}${name}`) !== undefined);
  const [name, another] = found;
  const where = loader.root === '' ? 'the root directory' : `'${loader.root}'`;
  if (name === undefined)
    throw failure(`there is no kustomization.yaml, kustomization.yml or Kustomization in ${where}`);
  if (another !== undefined)
    throw failure(`there is more than one kustomization file in ${where}: ${found.join(', ')}`);
  return { name, text: loadText(loader, name) };
}
