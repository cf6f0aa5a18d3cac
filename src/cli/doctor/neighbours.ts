// Who else is there: a running Argo CD would fight over the same Applications; and the notices by which the API server wakes hawser.

import { formatError } from '../../base/errors.ts';
import { at } from '../../base/json.ts';
import { findReadyController } from '../../operation/beside-argo-cd.ts';
import { readRegistration, webhooksOf } from '../../operation/notice-registration.ts';
import { type Check, type DoctorPlace, type Finding, fail, ok, warn } from './finding.ts';

export const checkNeighbours: Check = async (place) => {
  try {
    return [...(await checkArgoCd(place)), ...(await checkNotices(place))];
  } catch (error) {
    return [warn('neighbours', `could not be looked at: ${formatError(error)}`)];
  }
};

async function checkArgoCd({ client, namespace }: DoctorPlace): Promise<readonly Finding[]> {
  const found = await findReadyController(client, namespace);
  if (!found) return [ok('Argo CD', 'no controller of it runs here')];
  const { kind, metadata } = found;
  return [
    fail(
      'Argo CD',
      `its controller ${metadata.name} runs in ${namespace} and works on the same Applications`,
      `kubectl scale ${kind.toLowerCase()} ${metadata.name} -n ${namespace} --replicas 0, or run hawser serve --alongside, which only compares`,
    ),
  ];
}

async function checkNotices({ client, namespace }: DoctorPlace): Promise<readonly Finding[]> {
  const registered = await readRegistration(client, namespace);
  if (!registered) {
    return [
      warn(
        'admission notices',
        'are not registered: what kubectl changes is seen at the next push or refresh only',
        `hawser install --namespace ${namespace} | kubectl apply --server-side -f -`,
      ),
    ];
  }
  // At a URL the certificate may be one that the API server's machine trusts.
  const bare = webhooksOf(registered).filter(
    (webhook) => at(webhook, 'clientConfig', 'service') && !at(webhook, 'clientConfig', 'caBundle'),
  );
  if (bare.length === 0) return [ok('admission notices', 'are registered')];
  return [
    fail(
      'admission notices',
      'are registered, but without the certificate that hawser fills in: the API server cannot tell it anything',
      'start hawser with --notice-port 8443, as hawser install does, and look at its log',
    ),
  ];
}
