// What hawser lives by in the cluster: the definitions of Application and AppProject, the project default, its Secret and settings.

import { parseArgoSettings } from '../../application/argo-settings.ts';
import { SECRET_TYPE, WEBHOOK_SECRET } from '../../application/repository-secret.ts';
import { formatError } from '../../base/errors.ts';
import { configData, decodeSecret, SECRET_NAME, TOKEN_KEY } from '../../operation/settings.ts';
import { type Check, type DoctorPlace, type Finding, fail, ok, warn } from './finding.ts';

export const checkDefinitions: Check = async (place) => {
  const { client, namespace } = place;
  const findings: Finding[] = [];
  for (const kind of ['Application', 'AppProject']) {
    const found = await client.resourceFor('argoproj.io/v1alpha1', kind).catch(() => undefined);
    findings.push(
      found
        ? ok(`CustomResourceDefinition ${kind}`, 'is there')
        : fail(
            `CustomResourceDefinition ${kind}`,
            'is missing',
            `hawser install --crds-only --namespace ${namespace} | kubectl apply --server-side -f -`,
          ),
    );
  }
  try {
    return [...findings, ...(await checkSettings(place))];
  } catch (error) {
    return [...findings, fail('settings', `could not be read: ${formatError(error)}`, 'look at the rights')];
  }
};

async function checkSettings({ client, namespace }: DoctorPlace): Promise<readonly Finding[]> {
  const read = (kind: string, name: string) => client.get({ apiVersion: 'v1', kind, namespace, name });
  const labelSelector = `${SECRET_TYPE}=repository`;
  const [secret, config, parameters, repositories] = await Promise.all([
    read('Secret', SECRET_NAME),
    read('ConfigMap', 'argocd-cm'),
    read('ConfigMap', 'argocd-cmd-params-cm'),
    client.list({ apiVersion: 'v1', kind: 'Secret' }, { namespace, labelSelector }),
  ]);
  const keys = decodeSecret(secret);
  const own = repositories.items.map(decodeSecret).filter((data) => data[WEBHOOK_SECRET]);
  const global = Object.keys(keys).filter((key) => key.startsWith('webhook.') && keys[key] !== '');
  const findings: Finding[] = [];
  if (global.length === 0 && own.length === 0) {
    findings.push(
      fail(
        'webhook secrets',
        'none is set: every webhook is refused',
        `hawser repo add URL --hook auto --server https://HAWSER makes one with its webhook; or set webhook.gitea.secret (gogs, github, gitlab …) in the Secret ${SECRET_NAME}`,
      ),
    );
  } else {
    const parts = [...global, ...(own.length > 0 ? [`${own.length} of repositories`] : [])];
    findings.push(ok('webhook secrets', parts.join(', ')));
  }
  if (!keys[TOKEN_KEY]) {
    findings.push(
      ok(`Secret ${SECRET_NAME}`, `has no ${TOKEN_KEY}: hawser makes it when it starts without HAWSER_TOKEN`),
    );
  }
  try {
    const { unused } = parseArgoSettings(configData(config), configData(parameters));
    for (const { key, reason } of unused) findings.push(warn(`argocd-cm ${key}`, `has no effect: ${reason}`));
    findings.push(ok('argocd-cm', config ? 'can be read' : 'is not there: the defaults count'));
  } catch (error) {
    findings.push(fail('argocd-cm', formatError(error), `kubectl edit configmap argocd-cm -n ${namespace}`));
  }
  return findings;
}
