// The command that makes the same Application. What flags cannot say goes by a file.

import { applySpecFlags, type SpecFlagValues } from '../../../../application/spec-flags.ts';
import { isEqualJson } from '../../../../base/equal.ts';
import { shellCommand } from '../../parts/shell-word.ts';
import { type Draft, isDraft, listAt, textAt, textsAt, valueAt } from './draft.ts';
import { FINALIZER } from './form-state.ts';

type Flag = readonly [flag: string, value: string] | string;

export function createCommand(draft: Draft, controlNamespace: string): string {
  const flags = specFlags(draft);
  const spec = valueAt(draft, ['spec']);
  const name = textAt(draft, 'metadata', 'name') || 'NAME';
  const namespace = textAt(draft, 'metadata', 'namespace');
  const hasOthers = Object.keys(isDraft(draft.metadata) ? draft.metadata : {}).some(
    (key) => !['name', 'namespace', 'finalizers'].includes(key),
  );
  const finalizers = textsAt(draft, 'metadata', 'finalizers');
  const isPlain = finalizers.every((finalizer) => finalizer === FINALIZER) && !hasOthers;
  if (!isPlain || !isEqualJson(applyQuietly(flags), withoutEmpty(spec))) return 'hawser app create -f application.yaml';
  return shellCommand(
    ...['hawser', 'app', 'create', name],
    ...flags,
    finalizers.length > 0 && '--set-finalizer',
    namespace !== '' && namespace !== controlNamespace && (['--app-namespace', namespace] as const),
  );
}

export function specFlags(draft: Draft): readonly Flag[] {
  const source = ['spec', 'source'] as const;
  const texts: readonly (readonly [string, string])[] = [
    ['--project', textAt(draft, 'spec', 'project')],
    ['--repo', textAt(draft, ...source, 'repoURL')],
    ['--path', textAt(draft, ...source, 'path')],
    ['--helm-chart', textAt(draft, ...source, 'chart')],
    ['--revision', textAt(draft, ...source, 'targetRevision')],
    ['--release-name', textAt(draft, ...source, 'helm', 'releaseName')],
    ...textsAt(draft, ...source, 'helm', 'valueFiles').map((file) => ['--values', file] as const),
    ...listAt(draft, ...source, 'helm', 'parameters')
      .filter(isDraft)
      .map(
        ({ name, value, forceString }) =>
          [forceString === true ? '--helm-set-string' : '--helm-set', `${name}=${value ?? ''}`] as const,
      ),
    ['--nameprefix', textAt(draft, ...source, 'kustomize', 'namePrefix')],
    ['--namesuffix', textAt(draft, ...source, 'kustomize', 'nameSuffix')],
    ...textsAt(draft, ...source, 'kustomize', 'images').map((image) => ['--kustomize-image', image] as const),
    ['--directory-include', textAt(draft, ...source, 'directory', 'include')],
    ['--directory-exclude', textAt(draft, ...source, 'directory', 'exclude')],
    ['--dest-server', textAt(draft, 'spec', 'destination', 'server')],
    ['--dest-name', textAt(draft, 'spec', 'destination', 'name')],
    ['--dest-namespace', textAt(draft, 'spec', 'destination', 'namespace')],
    ...textsAt(draft, 'spec', 'syncPolicy', 'syncOptions').map((option) => ['--sync-option', option] as const),
  ];
  const retry = ['spec', 'syncPolicy', 'retry'] as const;
  const isOn = (...path: readonly string[]) => valueAt(draft, path) === true;
  const automated = ['spec', 'syncPolicy', 'automated'] as const;
  return [
    ...texts.filter(([, value]) => value !== ''),
    ...(isOn(...source, 'directory', 'recurse') ? ['--directory-recurse'] : []),
    ...(isDraft(valueAt(draft, automated)) ? [['--sync-policy', 'automated'] as const] : []),
    ...(isOn(...automated, 'prune') ? ['--auto-prune'] : []),
    ...(isOn(...automated, 'selfHeal') ? ['--self-heal'] : []),
    ...(isOn(...automated, 'allowEmpty') ? ['--allow-empty'] : []),
    ...(
      [
        ['--sync-retry-limit', textAt(draft, ...retry, 'limit')],
        ['--sync-retry-backoff-duration', textAt(draft, ...retry, 'backoff', 'duration')],
        ['--sync-retry-backoff-factor', textAt(draft, ...retry, 'backoff', 'factor')],
        ['--sync-retry-backoff-max-duration', textAt(draft, ...retry, 'backoff', 'maxDuration')],
      ] as const
    ).filter(([, value]) => value !== ''),
  ];
}

/** The spec that the flags make; undefined where they are none. */
function applyQuietly(flags: readonly Flag[]): unknown {
  const values: Record<string, string | boolean | readonly string[]> = {};
  const isList = (name: string) =>
    ['values', 'helm-set', 'helm-set-string', 'kustomize-image', 'sync-option'].includes(name);
  for (const flag of flags) {
    if (typeof flag === 'string') {
      values[flag.slice(2)] = true;
      continue;
    }
    const name = flag[0].slice(2);
    const before = values[name];
    values[name] = isList(name) ? [...(Array.isArray(before) ? before : []), flag[1]] : flag[1];
  }
  try {
    return applySpecFlags({}, values satisfies SpecFlagValues);
  } catch {
    return undefined;
  }
}

/** Empty texts say nothing; an empty `automated` does. */
function withoutEmpty(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => withoutEmpty(entry));
  if (!isDraft(value)) return value;
  const entries = Object.entries(value)
    .map(([name, inner]) => [name, withoutEmpty(inner, name)] as const)
    .filter(([name, inner]) => !isEmpty(inner) || name === 'automated');
  return entries.length === 0 && key !== 'automated' ? undefined : Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || value === null || value === false;
}
