// Jobs on a cluster without nodes: they end when the test says so.

import type { KubeClient } from '../../src/kube/client.ts';

/** Waits until the Job is there, and writes the status that a controller would. The Job must be suspended. */
export async function finishJob(client: KubeClient, namespace: string, name: string, isGood = true): Promise<void> {
  const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name };
  for await (const event of client.watch(ref, { namespace, name, timeoutMs: 20_000 })) {
    const seen = event.type === 'RELISTED' ? event.objects : [event.object];
    if (seen.length > 0) break;
  }
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const message = isGood ? 'done' : 'broken';
  const end = isGood ? ['SuccessCriteriaMet', 'Complete'] : ['FailureTarget', 'Failed'];
  const conditions = end.map((type) => ({ type, status: 'True', lastTransitionTime: now, message }));
  const result = isGood ? { completionTime: now, succeeded: 1 } : { failed: 1 };
  // The Job's controller writes, too; a merge patch is repeated by the client.
  await client.patch(
    ref,
    { status: { startTime: now, conditions, ...result } },
    { type: 'merge', subresource: 'status', fieldManager: 'somebody' },
  );
}
