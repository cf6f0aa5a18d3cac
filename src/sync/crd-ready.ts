// A CRD that was just applied: its kind can be used a moment later.

import { delay } from '../base/delay.ts';
import { at, stringAt } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { refOf } from '../kube/resource.ts';

/** As long as Argo CD waits. A kind that takes longer fails at its first object, with the server's words. */
const BOUND_MS = 3_000;
const PAUSE_MS = 50;
const PAUSES = 20;

/** Waits until the API server has accepted the names and serves the kind. Never fails. */
export async function waitUntilServed(client: KubeClient, crd: KubeObject, signal?: AbortSignal): Promise<void> {
  if (!isEstablished(crd)) {
    const { name } = refOf(crd);
    for await (const event of client.watch(crd, { name, timeoutMs: BOUND_MS, signal })) {
      const seen = event.type === 'RELISTED' ? event.objects : [event.object];
      if (seen.some(isEstablished)) break;
    }
  }
  const group = stringAt(crd, 'spec', 'group') ?? '';
  const kind = stringAt(crd, 'spec', 'names', 'kind') ?? '';
  const versions = at(crd, 'spec', 'versions');
  const served = (Array.isArray(versions) ? versions : []).filter((version) => at(version, 'served') === true);
  // Established comes a little before the kind shows up in the discovery.
  for (let round = 0; round < PAUSES; round++) {
    const resources = await client.resources({ signal, fresh: round > 0 });
    const isThere = (version: unknown) =>
      resources.some((resource) => {
        return resource.group === group && resource.kind === kind && resource.version === stringAt(version, 'name');
      });
    if (served.every(isThere)) return;
    await delay(PAUSE_MS, signal);
  }
}

function isEstablished(crd: KubeObject): boolean {
  const conditions = at(crd, 'status', 'conditions');
  if (!Array.isArray(conditions)) return false;
  return conditions.some((condition) => at(condition, 'type') === 'Established' && at(condition, 'status') === 'True');
}
