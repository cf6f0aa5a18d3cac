// What two entries of a history were rendered to, each object beside its counterpart.

import type { Application, RevisionHistory } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import type { ObjectDiff } from '../diff/object-diffs.ts';
import { isOfSameSources, revisionsOf, specOf } from './entries.ts';

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** Throws `ApiError`: a revision may be gone. */
export async function compareEntries(
  app: Application,
  before: RevisionHistory,
  after: RevisionHistory,
  signal: AbortSignal,
): Promise<readonly ObjectDiff[]> {
  const [old, next] = await Promise.all([manifestsOf(app, before, signal), manifestsOf(app, after, signal)]);
  const keys = new Set([...old.keys(), ...next.keys()]);
  return [...keys].map((key) => {
    const [group = '', kind = '', namespace = '', name = ''] = key.split('/');
    return { group, kind, namespace, name, before: old.get(key), after: next.get(key) };
  });
}

async function manifestsOf(
  app: Application,
  entry: RevisionHistory,
  signal: AbortSignal,
): Promise<Map<string, unknown>> {
  const { name, namespace } = app.metadata;
  if (isOfSameSources(app, entry)) {
    const revisions = revisionsOf(entry);
    const query = {
      appNamespace: namespace,
      ...(entry.sources
        ? { revisions, sourcePositions: revisions.map((_, index) => index + 1) }
        : { revision: revisions[0] ?? '' }),
    };
    const answer = await call('GET /api/v1/applications/{name}/manifests', { params: { name }, query, signal });
    return byKey(answer.manifests.map((text) => JSON.parse(text) as Manifest));
  }
  // It was deployed from something else then: the server renders what the spec was.
  const { items } = await call('POST /api/v1/applications/{name}/server-side-diff', {
    params: { name },
    body: { appNamespace: namespace, spec: specOf(app, entry) },
    signal,
  });
  return byKey(items.flatMap(({ targetState }) => (JSON.parse(targetState) as Manifest | null) ?? []));
}

function byKey(manifests: readonly Manifest[]): Map<string, unknown> {
  return new Map(
    manifests.map((manifest) => {
      const { apiVersion = '', kind = '', metadata = {} } = manifest;
      const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
      return [[group, kind, metadata.namespace ?? '', metadata.name ?? ''].join('/'), manifest];
    }),
  );
}
