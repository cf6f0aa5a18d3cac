// Author, date and message of a commit that an Application has to do with.

import type { Application } from '../../../application/types.ts';
import { type Answer, call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import { useLoad } from '../state/load.ts';

export type RevisionDetails = Answer<'GET /api/v1/applications/{name}/revisions/{revision}/metadata'>;

const COMMIT = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/;
/** Commits do not change. */
const known = new Map<string, RevisionDetails>();

/** undefined while it is not known, for versions of charts, and where the repository cannot be asked. */
export function useRevision(app: Application, revision: string | undefined, source = 0): RevisionDetails | undefined {
  const { name, namespace } = app.metadata;
  const key = `${namespace}/${name} ${source} ${revision}`;
  const { value } = useLoad(
    async (signal) => {
      if (revision === undefined || !COMMIT.test(revision)) return undefined;
      const kept = known.get(key);
      if (kept) return { key, details: kept };
      try {
        const params = { name, revision };
        const query = { appNamespace: namespace, ...(app.spec.sources && { sourceIndex: source }) };
        const details = await call('GET /api/v1/applications/{name}/revisions/{revision}/metadata', {
          params,
          query,
          signal,
        });
        known.set(key, details);
        return { key, details };
      } catch (error) {
        // What is asked for beside the revision itself, which is shown without it, too.
        if (error instanceof ApiError) return undefined;
        throw error;
      }
    },
    [key],
  );
  return value?.key === key ? value.details : undefined;
}

/** `Kim <kim@example.com>` without the address. */
export function authorName(author: string): string {
  return author.replace(/\s*<[^>]*>\s*$/, '').trim() || author;
}

export function subjectOf(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
