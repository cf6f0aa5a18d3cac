// A transport whose answers are written down beforehand, for what no healthy API server does on request.

import type { ClusterTransport } from '../../src/platform.ts';

/** An answer: a JSON body (200), a status with a body, a whole Response, or a lost connection. */
export type Answer =
  | Response
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'lost'
  | 'never';

export interface ScriptedTransport extends ClusterTransport {
  /** `METHOD path`, in order. */
  readonly requests: readonly string[];
}

/** Answers the requests that `match` (`PATCH /api/v1`) one after another; the last answer of a script repeats. */
export function scriptTransport(script: Readonly<Record<string, readonly Answer[]>>): ScriptedTransport {
  const requests: string[] = [];
  const used = new Map<string, number>();
  return {
    server: 'https://scripted.test',
    requests,
    async fetch(path, init) {
      const line = `${init?.method ?? 'GET'} ${path}`;
      requests.push(line);
      const match = Object.keys(script)
        .filter((start) => line.startsWith(start))
        .sort((a, b) => b.length - a.length)[0];
      const answers = match === undefined ? [] : (script[match] ?? []);
      const index = used.get(match ?? '') ?? 0;
      used.set(match ?? '', index + 1);
      const answer = answers[Math.min(index, answers.length - 1)];
      if (answer === undefined) throw new Error(`nothing is scripted for ${line}`);
      if (answer === 'lost') throw new TypeError('fetch failed', { cause: new Error('socket hang up') });
      if (answer === 'never') return waitForAbort(init?.signal);
      if (answer instanceof Response) return answer.clone();
      return Response.json(answer.body ?? {}, {
        status: answer.status,
        ...(answer.headers ? { headers: answer.headers } : {}),
      });
    },
  };
}

/** The two answers of an aggregated discovery with ConfigMaps, Namespaces and Deployments. */
export const DISCOVERY: Readonly<Record<string, readonly Answer[]>> = {
  'GET /apis': [aggregated([{ name: 'apps', kinds: [['Deployment', 'deployments', 'Namespaced']] }])],
  'GET /api': [
    aggregated([
      {
        name: '',
        kinds: [
          ['ConfigMap', 'configmaps', 'Namespaced'],
          ['Namespace', 'namespaces', 'Cluster'],
        ],
      },
    ]),
  ],
};

export function aggregated(
  groups: readonly { readonly name: string; readonly kinds: readonly (readonly [string, string, string])[] }[],
): Answer {
  return {
    status: 200,
    body: {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: groups.map(({ name, kinds }) => ({
        metadata: { name },
        versions: [
          {
            version: 'v1',
            freshness: 'Current',
            resources: kinds.map(([kind, resource, scope]) => ({
              resource,
              responseKind: { group: name, version: 'v1', kind },
              scope,
              singularResource: kind.toLowerCase(),
              verbs: ['get', 'list', 'patch', 'create', 'delete', 'watch'],
            })),
          },
        ],
      })),
    },
  };
}

export function statusAnswer(
  status: number,
  reason: string,
  message: string,
  details?: unknown,
  headers?: Record<string, string>,
): Answer {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code: status, details };
  return { status, body, ...(headers ? { headers } : {}) };
}

function waitForAbort(signal: AbortSignal | null | undefined): Promise<never> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
