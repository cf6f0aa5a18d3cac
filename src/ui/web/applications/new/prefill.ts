// What a new Application begins as: empty, as a link says, or as Argo CD's links have it (`?new={"spec":…}`).

import { stringify } from 'yaml';
import { type Draft, isDraft } from './draft.ts';

/** Values of the address that say something of the new Application. */
export const PREFILLS = [
  'name',
  'project',
  'repoURL',
  'path',
  'chart',
  'targetRevision',
  'server',
  'cluster',
  'destination',
] as const;

export type Get = (key: string) => string | undefined;

/** All that the address says of it, in one line; '' where it says nothing. */
export function prefillOf(get: Get): string {
  const given = get('new')?.startsWith('{') === true ? ['new' as const] : [];
  const pairs = [...given, ...PREFILLS].flatMap((key) => {
    const value = get(key);
    return value === undefined ? [] : [[key, value]];
  });
  return pairs.length === 0 ? '' : JSON.stringify(pairs);
}

export function firstDraft(get: Get, namespace: string): string {
  const chart = get('chart');
  const cluster = get('cluster');
  const draft = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: get('name') ?? '', namespace },
    spec: {
      project: get('project') ?? 'default',
      source: {
        repoURL: get('repoURL') ?? '',
        ...(chart === undefined ? { path: get('path') ?? '' } : { chart }),
        targetRevision: get('targetRevision') ?? (chart === undefined ? 'HEAD' : ''),
      },
      destination: {
        ...(cluster === undefined ? { server: get('server') ?? 'https://kubernetes.default.svc' } : { name: cluster }),
        namespace: get('destination') ?? '',
      },
      syncPolicy: { syncOptions: ['CreateNamespace=true'] },
    },
  };
  const given = parseGiven(get('new'));
  return stringify(given ? merge(draft, given) : draft, { lineWidth: 0 });
}

function parseGiven(text: string | undefined): Draft | undefined {
  if (!text?.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isDraft(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What is given counts; maps are joined. A destination or source that is given stands for the whole of it. */
function merge(base: Draft, given: Draft): Draft {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(given)) {
    const before = merged[key];
    const isWhole = key === 'destination' || key === 'source' || key === 'syncPolicy';
    merged[key] = !isWhole && isDraft(before) && isDraft(value) ? merge(before, value) : value;
  }
  if ('sources' in given) delete merged.source;
  return merged;
}
