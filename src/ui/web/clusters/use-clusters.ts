// All clusters, at once with what is known of their connections; then each that nobody has asked of late is asked, and shown as it answers.

import { useEffect, useState } from 'preact/hooks';
import { type Answer, call } from '../api/call.ts';
import { type Loaded, useLoad } from '../state/load.ts';

export type Cluster = Answer<'GET /api/v1/clusters'>['items'][number];

const AT_ONCE = 3;

export interface Clusters extends Loaded<readonly Cluster[]> {
  /** Addresses of those that are asked now. */
  readonly trying: ReadonlySet<string>;
  readonly retry: () => void;
}

export function useClusters(): Clusters {
  const list = useLoad(
    async (signal) => (await call('GET /api/v1/clusters', { query: { connection: 'known' }, signal })).items,
    [],
  );
  const [tried, setTried] = useState<ReadonlyMap<string, Cluster>>(new Map());
  const [trying, setTrying] = useState<ReadonlySet<string>>(new Set());
  const [turn, setTurn] = useState(0);
  const { value } = list;

  useEffect(() => {
    if (!value) return;
    const ended = new AbortController();
    const { signal } = ended;
    const waiting = value.filter(({ connectionState }) => turn > 0 || connectionState?.status === 'Unknown');
    setTrying(new Set(waiting.map(({ server }) => server)));
    const work = async () => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        const { server } = next;
        const found = await askOne(next, signal);
        if (signal.aborted) return;
        setTried((before) => new Map(before).set(server, found));
        setTrying((before) => new Set([...before].filter((one) => one !== server)));
      }
    };
    for (let worker = 0; worker < AT_ONCE; worker++) work();
    return () => ended.abort();
  }, [value, turn]);

  return {
    ...list,
    value: value?.map((one) => tried.get(one.server) ?? one),
    trying,
    retry: () => setTurn((old) => old + 1),
    reload: () => {
      setTurn(0);
      setTried(new Map());
      list.reload();
    },
  };
}

async function askOne(one: Cluster, signal: AbortSignal): Promise<Cluster> {
  try {
    return await call('GET /api/v1/clusters/{id}', { params: { id: one.server }, signal });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...one, connectionState: { status: 'Failed', message, attemptedAt: null } };
  }
}
