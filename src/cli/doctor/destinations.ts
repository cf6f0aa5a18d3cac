// The clusters that are registered, and the pushes that wait.

import { parseClusterSecret } from '../../application/cluster-secret.ts';
import { SECRET_TYPE } from '../../application/repository-secret.ts';
import { formatError, messageOf } from '../../base/errors.ts';
import { createKubeClient } from '../../kube/client.ts';
import { createDeliveryCluster } from '../../operation/delivery-cluster.ts';
import { FIELD_MANAGER } from '../../operation/road.ts';
import { decodeSecret } from '../../operation/settings.ts';
import { type Check, type DoctorPlace, type Finding, fail, ok, warn } from './finding.ts';

/** Work on a push takes longer than this only where something is away, or hooks run long. */
const LONG_MS = 5 * 60_000;

export const checkDestinations: Check = async (place) => {
  try {
    return [...(await checkClusters(place)), ...(await checkDeliveries(place))];
  } catch (error) {
    return [warn('clusters', `could not be looked at: ${formatError(error)}`)];
  }
};

async function checkClusters({ client, namespace, connectCluster }: DoctorPlace): Promise<readonly Finding[]> {
  const labelSelector = `${SECRET_TYPE}=cluster`;
  const { items } = await client.list({ apiVersion: 'v1', kind: 'Secret' }, { namespace, labelSelector });
  return Promise.all(
    items.map(async (secret) => {
      const { name, server, hasCredentials, connection } = parseClusterSecret(
        secret.metadata.name ?? '',
        decodeSecret(secret),
      );
      const what = `cluster ${name || server}`;
      if (!hasCredentials) return ok(what, `${server}: the home cluster's credentials`);
      try {
        const transport = connectCluster(connection());
        const { gitVersion } = await createKubeClient(transport, { fieldManager: FIELD_MANAGER }).version();
        transport.close?.();
        return ok(what, `${server}, Kubernetes ${gitVersion}`);
      } catch (error) {
        return fail(what, `${server}: ${messageOf(error)}`, 'hawser cluster add CONTEXT --upsert registers it anew');
      }
    }),
  );
}

async function checkDeliveries({ client, namespace, nowMs }: DoctorPlace): Promise<readonly Finding[]> {
  const open = await createDeliveryCluster(client, namespace, { now: nowMs }).list('open');
  const old = open.filter(({ record }) => nowMs() - Date.parse(record.receivedAt) > LONG_MS);
  if (old.length === 0) return [ok('deliveries', open.length === 0 ? 'none waits' : `${open.length} are worked on`)];
  const [first] = old;
  const why = first?.record.reason ? ` (${first.record.reason})` : '';
  return [
    warn(
      'deliveries',
      `${old.length} wait for more than five minutes${why}`,
      `hawser deliveries ${first?.record.push.deliveryId ?? ''} tells more`,
    ),
  ];
}
