// What `app unset` takes out of a source: a table (Argo CD: cmd/argocd/commands/app.go, unset).

import { isObject } from '../base/json.ts';
import { isSameImage } from './kustomize-image.ts';
import { type Draft, type Path, removeFrom, setIn } from './spec-draft.ts';
import type { SpecFlagValues } from './spec-flags.ts';

export interface UnsetFlag {
  readonly name: string;
  readonly short?: string;
  readonly form: 'switch' | 'list';
  readonly value?: string;
  readonly description: string;
  readonly path: Path;
  /** Of a list: which entries are meant. */
  readonly isMeant?: (entry: unknown, given: string) => boolean;
}

const isNamed = (entry: unknown, name: string) => isObject(entry) && entry.name === name;
const isEqual = (entry: unknown, text: string) => entry === text;

export const UNSET_FLAGS: readonly UnsetFlag[] = [
  unsetSwitch('ref', ['ref'], 'the name by which other sources take files of it'),
  unsetSwitch('nameprefix', ['kustomize', 'namePrefix'], "Kustomize's prefix"),
  unsetSwitch('namesuffix', ['kustomize', 'nameSuffix'], "Kustomize's suffix"),
  unsetSwitch('kustomize-version', ['kustomize', 'version'], 'its version'),
  unsetSwitch('kustomize-namespace', ['kustomize', 'namespace'], 'its namespace'),
  unsetSwitch('ignore-missing-components', ['kustomize', 'ignoreMissingComponents'], 'that components may be missing'),
  unsetList('kustomize-image', 'name', ['kustomize', 'images'], 'an image', (entry, image) =>
    isSameImage(String(entry), image),
  ),
  unsetList('kustomize-replica', 'name', ['kustomize', 'replicas'], 'a number of replicas', isNamed),
  { ...unsetList('parameter', 'name', ['helm', 'parameters'], "one of Helm's parameters", isNamed), short: '-p' },
  unsetList('values', 'file', ['helm', 'valueFiles'], 'a values file', isEqual),
  unsetSwitch('values-literal', ['helm', 'values'], 'the values themselves'),
  unsetSwitch('ignore-missing-value-files', ['helm', 'ignoreMissingValueFiles'], 'that values files may be missing'),
  unsetSwitch('pass-credentials', ['helm', 'passCredentials'], 'that credentials go to every host'),
  unsetList('plugin-env', 'name', ['plugin', 'env'], 'a variable of a plugin', isNamed),
];

/** The source without it; undefined where it had nothing of it. */
export function unsetInSource(source: Readonly<Draft>, flags: SpecFlagValues): Draft | undefined {
  const draft = structuredClone(source);
  for (const { name, path, isMeant } of UNSET_FLAGS) {
    const given = flags[name];
    if (given === undefined || given === false) continue;
    if (isMeant === undefined) setIn(draft, path, undefined);
    else if (Array.isArray(given)) removeFrom(draft, path, (entry) => given.some((text) => isMeant(entry, text)));
    if (name === 'values-literal') setIn(draft, ['helm', 'valuesObject'], undefined);
  }
  return JSON.stringify(draft) === JSON.stringify(source) ? undefined : draft;
}

function unsetSwitch(name: string, path: Path, description: string): UnsetFlag {
  return { name, form: 'switch', path, description };
}

function unsetList(
  name: string,
  value: string,
  path: Path,
  description: string,
  isMeant: (entry: unknown, given: string) => boolean,
): UnsetFlag {
  return { name, form: 'list', value, path, description, isMeant };
}
