// The flags of `kustomize build` that argocd-cm gives every kustomization (`kustomize.buildOptions`), read as kustomize reads them.

import { HawserError } from '../base/errors.ts';
import { parseGoBool } from '../render/go/strconv.ts';
import type { BuildOptions } from '../render/kustomize/kustomize.ts';

export type FlaggedOptions = Pick<
  BuildOptions,
  'loadRestrictor' | 'reorder' | 'managedByLabel' | 'helmApiVersions' | 'helmKubeVersion'
>;

/** `none` are flags for functions and executables, which are never run, and for Helm's binary, which there is none of. */
const FLAGS: Readonly<
  Record<string, { readonly kind: 'bool' | 'text'; readonly effect: 'some' | 'none' | 'refused' }>
> = {
  'load-restrictor': { kind: 'text', effect: 'some' },
  reorder: { kind: 'text', effect: 'some' },
  'enable-managedby-label': { kind: 'bool', effect: 'some' },
  'helm-api-versions': { kind: 'text', effect: 'some' },
  'helm-kube-version': { kind: 'text', effect: 'some' },
  'enable-helm': { kind: 'bool', effect: 'none' },
  'helm-command': { kind: 'text', effect: 'none' },
  'helm-debug': { kind: 'bool', effect: 'none' },
  'enable-alpha-plugins': { kind: 'bool', effect: 'none' },
  'enable-exec': { kind: 'bool', effect: 'none' },
  'as-current-user': { kind: 'bool', effect: 'none' },
  env: { kind: 'text', effect: 'none' },
  mount: { kind: 'text', effect: 'none' },
  network: { kind: 'bool', effect: 'none' },
  'network-name': { kind: 'text', effect: 'none' },
  'stack-trace': { kind: 'bool', effect: 'none' },
  output: { kind: 'text', effect: 'refused' },
};

const SHORT: Readonly<Record<string, string>> = { e: 'env', o: 'output' };

/**
 * Blanks part the flags: no quotes are known (Argo CD: util/kustomize, parseKustomizeBuildOptions). Throws `InvalidInput`, a
 * ComparisonError, for what kustomize refuses, and for `--output`, which would leave nothing to deploy. `key` is named in errors.
 */
export function parseKustomizeBuildOptions(text: string, key = 'kustomize.buildOptions'): FlaggedOptions {
  const given = readFlags(text, key);
  const last = (name: string) => given.get(name)?.at(-1);
  const loadRestrictor = last('load-restrictor') ?? '';
  const reorder = last('reorder');
  const helmApiVersions = given.get('helm-api-versions');
  const helmKubeVersion = last('helm-kube-version');
  if (!['', 'LoadRestrictionsRootOnly', 'LoadRestrictionsNone'].includes(loadRestrictor)) {
    const legal = 'legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]';
    throw refused(key, `illegal flag value --load-restrictor ${loadRestrictor}; ${legal}`);
  }
  if (reorder !== undefined && reorder !== 'legacy' && reorder !== 'none') {
    throw refused(key, `illegal flag value --reorder ${reorder}; legal values: [legacy none]`);
  }
  return {
    ...(loadRestrictor === 'LoadRestrictionsNone' && { loadRestrictor: 'none' }),
    ...(reorder !== undefined && { reorder }),
    ...(parseGoBool(last('enable-managedby-label') ?? 'false').value && { managedByLabel: true }),
    ...(helmApiVersions && { helmApiVersions }),
    ...(helmKubeVersion && { helmKubeVersion }),
  };
}

/** By name, each value in its order (spf13/pflag). */
function readFlags(text: string, key: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  const rest = text.split(/\s+/).filter((part) => part !== '');
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const { name, value: attached } = splitFlag(argument, key);
    const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name] : undefined;
    if (!flag) throw refused(key, `unknown flag: ${argument}`);
    const value = attached ?? (flag.kind === 'bool' ? 'true' : rest.shift());
    if (value === undefined) throw refused(key, `flag needs an argument: ${argument}`);
    if (flag.kind === 'bool' && parseGoBool(value).error) {
      throw refused(key, `invalid argument "${value}" for "--${name}" flag`);
    }
    if (flag.effect === 'refused') throw refused(key, `${argument} would leave nothing to deploy`);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

function splitFlag(argument: string, key: string): { readonly name: string; readonly value: string | undefined } {
  const long = /^--([^=]+)(?:=(.*))?$/.exec(argument);
  if (long) return { name: long[1] ?? '', value: long[2] };
  const short = /^-([a-z])=?(.+)?$/.exec(argument);
  if (short) return { name: SHORT[short[1] ?? ''] ?? '', value: short[2] };
  throw refused(key, `'${argument}' is no flag`);
}

function refused(key: string, reason: string): HawserError {
  return new HawserError('InvalidInput', `argocd-cm: ${key}: ${reason}`, {
    hint: 'write flags of kustomize build, parted by blanks; no kustomization is rendered until they can be read',
    data: { condition: 'ComparisonError' },
  });
}
