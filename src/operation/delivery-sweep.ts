// What is dropped of the record: finished deliveries beyond the newest ones, in bulk. Open ones never are.

import { messageOf } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Log } from '../platform.ts';
import { BATCH_LABEL, RECEIVED_LABEL, RECORD_SELECTOR, STATE_LABEL } from './delivery-config-map.ts';

/** Finished records that stay. */
export const KEPT_RECORDS = 2_000;

/** Finished by one process before it looks for what to drop. */
const EVERY = 1_000;

/** A selector is part of an address, which API servers bound. */
const BATCHES_AT_ONCE = 40;

export interface RecordSweep {
  /** One more is finished. */
  noteDone(): void;
  /** Looks in the background where it is time; the first call of a process does. */
  ifDue(): void;
}

export interface RecordSweepParts {
  readonly home: KubeClient;
  readonly namespace: string;
  readonly log: Log;
  background(work: Promise<unknown>): void;
}

export function createRecordSweep({ home, namespace, log, background }: RecordSweepParts): RecordSweep {
  let done = EVERY;
  let isRunning = false;

  function ifDue(): void {
    if (done < EVERY || isRunning) return;
    done = 0;
    isRunning = true;
    const sweep = dropOldRecords(home, namespace)
      .catch((error: unknown) => log.warn('old deliveries cannot be dropped', { reason: messageOf(error) }))
      .finally(() => {
        isRunning = false;
      });
    background(sweep);
  }

  return {
    noteDone: () => {
      done++;
      ifDue();
    },
    ifDue,
  };
}

/**
 * Deletes the finished records beyond the newest `keep`: whole batches, by one request for many of them, so that those of a batch of which
 * some are among the newest stay a while longer.
 */
export async function dropOldRecords(home: KubeClient, namespace: string, keep: number = KEPT_RECORDS): Promise<void> {
  const selector = `${RECORD_SELECTOR},${STATE_LABEL}=done`;
  const { items } = await home.list(
    { apiVersion: 'v1', kind: 'ConfigMap' },
    { namespace, labelSelector: selector, metadataOnly: true },
  );
  if (items.length <= keep) return;
  const newestFirst = [...items].sort((a, b) => receivedMs(b) - receivedMs(a));
  const kept = new Set(newestFirst.slice(0, keep).map(batchOf));
  const dropped = [...new Set(newestFirst.slice(keep).map(batchOf))].filter((batch) => batch && !kept.has(batch));
  for (let from = 0; from < dropped.length; from += BATCHES_AT_ONCE) {
    const batches = dropped.slice(from, from + BATCHES_AT_ONCE).join(',');
    const query = new URLSearchParams({ labelSelector: `${selector},${BATCH_LABEL} in (${batches})` });
    const path = `/api/v1/namespaces/${namespace}/configmaps?${query}`;
    const response = await home.request(path, { method: 'DELETE', headers: { accept: 'application/json' } });
    // It holds every object that was deleted.
    await response.body?.cancel();
  }
}

/** When a record was received; for sorting. */
export function receivedMs({ metadata }: KubeObject): number {
  return Number(metadata.labels?.[RECEIVED_LABEL] ?? 0);
}

function batchOf({ metadata }: KubeObject): string {
  return metadata.labels?.[BATCH_LABEL] ?? '';
}
