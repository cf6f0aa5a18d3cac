// What the doctor finds: one line each, and what to do about it.

import type { KubeClient } from '../../kube/client.ts';
import type { ClusterConnection, ClusterTransport, ConnectedFetch } from '../../platform.ts';

export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  /** What was looked at: `API server`, a repository's address. */
  readonly what: string;
  readonly detail: string;
  /** What to do: one sentence or command. Every `fail` has one. */
  readonly advice?: string;
}

/** What the checks may touch. */
export interface DoctorPlace {
  readonly home: ClusterTransport;
  readonly client: KubeClient;
  readonly namespace: string;
  readonly fetch: ConnectedFetch;
  readonly connectCluster: (connection: ClusterConnection) => ClusterTransport;
  /** Where hawser answers, as Git servers know it; without it, nothing of that is checked. */
  readonly server?: string;
  /** May read webhooks at the Git servers, in place of the repositories' own credentials. */
  readonly hookToken?: string;
  readonly dataFolder: string;
  /** Bytes that are left for whoever writes there; undefined where the folder is not there. */
  readonly freeBytes: (folder: string) => Promise<number | undefined>;
  readonly nowMs: () => number;
}

/** Never rejects for what a cluster or a server answers: that is a finding. */
export type Check = (place: DoctorPlace) => Promise<readonly Finding[]>;

export function ok(what: string, detail: string): Finding {
  return { level: 'ok', what, detail };
}

export function warn(what: string, detail: string, advice?: string): Finding {
  return { level: 'warn', what, detail, ...(advice !== undefined && { advice }) };
}

export function fail(what: string, detail: string, advice: string): Finding {
  return { level: 'fail', what, detail, advice };
}

const SIGNS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** One line, and a second one for what to do. */
export function formatFinding({ level, what, detail, advice }: Finding): string {
  return `${SIGNS[level]}  ${what}: ${detail}\n${advice === undefined ? '' : `        → ${advice}\n`}`;
}
