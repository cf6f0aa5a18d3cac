// Finds the kustomization file of a directory.

import { readText } from '../../tree.ts';
import { failure } from '../node/fail.ts';
import { type Loader, loadText } from './loader.ts';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

export interface KustomizationFile {
  readonly name: string;
  readonly text: string;
}

/** The one file with a name of its own; undefined where there is none. More than one are an error. */
export function findKustomizationFile(loader: Loader): KustomizationFile | undefined {
  const prefix = loader.root === '' ? '' : `${loader.root}/`;
  const found = NAMES.filter((name) => readText(loader.tree, `${prefix}${name}`) !== undefined);
  const [name, another] = found;
  if (another !== undefined)
    throw failure(`there is more than one kustomization file ${inRoot(loader)}: ${found.join(', ')}`);
  return name === undefined ? undefined : { name, text: loadText(loader, name) };
}

/** The same; none is an error too. */
export function demandKustomizationFile(loader: Loader): KustomizationFile {
  const found = findKustomizationFile(loader);
  if (found !== undefined) return found;
  throw failure(`there is no kustomization.yaml, kustomization.yml or Kustomization ${inRoot(loader)}`);
}

function inRoot({ root }: Loader): string {
  return root === '' ? 'in the root directory' : `in '${root}'`;
}
