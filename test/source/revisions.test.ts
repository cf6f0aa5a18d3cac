// Revisions of one delivery: a server is asked once for all who wait, and no longer than somebody does.

import { describe, expect, it } from 'vitest';
import type { GitClient } from '../../src/git/client.ts';
import { NO_SECRETS } from '../../src/git/credentials.ts';
import { createRevisions } from '../../src/source/revisions.ts';

const SHA = 'a'.repeat(40);
const SOURCE = { repoURL: 'https://git.example.com/ops.git', path: '.', targetRevision: 'main' };

/** A server that answers when it is told to. */
function slowServer() {
  const asked: { signal: AbortSignal | undefined; answer(): void }[] = [];
  const listRefs: GitClient['listRefs'] = (_, { signal } = {}) =>
    new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      asked.push({ signal, answer: () => resolve({ byName: new Map([['refs/heads/main', { id: SHA }]]) }) });
    });
  return { asked, git: { listRefs } };
}

describe('a revision', () => {
  it('is asked for once, by all who want it', async () => {
    const { asked, git } = slowServer();
    const resolve = createRevisions(git, NO_SECRETS);
    const both = Promise.all([resolve(SOURCE, 'default'), resolve(SOURCE, 'default')]);
    asked[0]?.answer();
    expect(await both).toEqual([SHA, SHA]);
    expect(await resolve(SOURCE, 'default')).toBe(SHA);
    expect(asked).toHaveLength(1);
  });

  it('is still asked for when one of two gives up, and no more when both have', async () => {
    const { asked, git } = slowServer();
    const resolve = createRevisions(git, NO_SECRETS);
    const [one, other] = [new AbortController(), new AbortController()];
    const waiting = [one, other].map(({ signal }) => resolve(SOURCE, 'default', signal));
    one.abort(new Error('one'));
    await expect(waiting[0]).rejects.toThrow('one');
    expect(asked[0]?.signal?.aborted).toBe(false);
    other.abort(new Error('other'));
    await expect(waiting[1]).rejects.toThrow('other');
    expect(asked[0]?.signal?.aborted).toBe(true);
    const again = resolve(SOURCE, 'default');
    asked[1]?.answer();
    expect(await again).toBe(SHA);
  });
});
