// All repositories of a purpose, at once with what is known of their connections; then each that nobody has tried of late is tried, and shown
// as it answers: one that hangs keeps nobody waiting for the others.

import { useEffect, useState } from 'preact/hooks';
import { type Answer, call } from '../api/call.ts';
import { type Loaded, useLoad } from '../state/load.ts';
import type { Purpose } from './repository-name.ts';

export type Repository = Answer<'GET /api/v1/repositories'>['items'][number];

const LIST = { read: 'GET /api/v1/repositories', write: 'GET /api/v1/write-repositories' } as const;
const ONE = { read: 'GET /api/v1/repositories/{repo}', write: 'GET /api/v1/write-repositories/{repo}' } as const;

/** Connections that are tried at a time: the page shares few connections to hawser with its streams. */
const AT_ONCE = 3;

export interface Repositories extends Loaded<readonly Repository[]> {
  /** Those that are tried now, by `keyOf`. */
  readonly trying: ReadonlySet<string>;
  /** Tries all of them anew. */
  readonly retry: () => void;
}

export function keyOf({ repo, project }: { readonly repo: string; readonly project?: unknown }): string {
  return `${String(project ?? '')} ${repo}`;
}

export function useRepositories(purpose: Purpose): Repositories {
  const list = useLoad(
    async (signal) => (await call(LIST[purpose], { query: { connection: 'known' }, signal })).items,
    [purpose],
  );
  const [tried, setTried] = useState<ReadonlyMap<string, Repository>>(new Map());
  const [trying, setTrying] = useState<ReadonlySet<string>>(new Set());
  const [turn, setTurn] = useState(0);
  const { value } = list;

  useEffect(() => {
    if (!value) return;
    const ended = new AbortController();
    const { signal } = ended;
    const isAnew = turn > 0;
    const waiting = value.filter(({ connectionState: { status } }) => isAnew || status === 'Unknown');
    setTrying(new Set(waiting.map(keyOf)));
    const work = async () => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        const key = keyOf(next);
        const found = await tryOne(purpose, next, isAnew, signal);
        if (signal.aborted) return;
        setTried((before) => new Map(before).set(key, found));
        setTrying((before) => new Set([...before].filter((one) => one !== key)));
      }
    };
    for (let worker = 0; worker < AT_ONCE; worker++) work();
    return () => ended.abort();
  }, [value, turn, purpose]);

  return {
    ...list,
    value: value?.map((one) => tried.get(keyOf(one)) ?? one),
    trying,
    retry: () => setTurn((old) => old + 1),
    reload: () => {
      setTurn(0);
      setTried(new Map());
      list.reload();
    },
  };
}

async function tryOne(purpose: Purpose, one: Repository, isFresh: boolean, signal: AbortSignal): Promise<Repository> {
  const { repo, project } = one;
  try {
    return await readRepository(purpose, { repo, project: project ?? '' }, isFresh, signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...one, connectionState: { status: 'Failed', message, attemptedAt: null } };
  }
}

/** Tried now, or within the last minute. */
export async function readRepository(
  purpose: Purpose,
  { repo, project }: { readonly repo: string; readonly project: string },
  isFresh: boolean,
  signal: AbortSignal,
): Promise<Repository> {
  return call(ONE[purpose], {
    params: { repo },
    query: { ...(project !== '' && { appProject: project }), ...(isFresh && { forceRefresh: 'true' }) },
    signal,
  });
}
