// Another token for the service account by which a cluster is reached (Argo CD: util/clusterauth, GenerateNewClusterManagerSecret,
// RotateServiceAccountSecrets): a second Secret of the same account, and the end of the first.

import { HawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { decodeSecret } from './settings.ts';

/** The cluster's own controller fills in the token, in a moment. */
const WAIT_MS = 30_000;
const CLAIM = 'kubernetes.io/serviceaccount/';

/** `use` is to keep the new token, and may throw: the old one then stays in force. */
export async function rotateToken(
  client: KubeClient,
  token: string,
  use: (token: string) => Promise<void>,
): Promise<void> {
  const claims = parseClaims(token);
  const namespace = claims('namespace');
  const name = claims('secret.name');
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name };
  const old = await client.get(ref);
  if (!old) throw new HawserError('NotFound', `secrets "${name}" not found`);
  const made = await makeToken(client, old);
  await use(made.token);
  await replaceReference(client, { namespace, account: claims('service-account.name') }, name, made.name);
  await client.remove(ref);
}

function parseClaims(token: string): (key: string) => string {
  const claims = parsePayload(token);
  return (key) => {
    const value = stringAt(claims, `${CLAIM}${key}`);
    if (value) return value;
    throw new HawserError(
      'InvalidInput',
      `the token is of no Secret of a service account: it does not name its ${key}`,
      {
        hint: 'only tokens that lie in Secrets of type kubernetes.io/service-account-token can be rotated',
      },
    );
  };
}

function parsePayload(token: string): unknown {
  const text = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  try {
    return JSON.parse(atob(text));
  } catch {
    return {}; // The parser's message would quote the token.
  }
}

async function makeToken(client: KubeClient, old: KubeObject): Promise<{ name: string; token: string }> {
  const { namespace = '', name = '', annotations = {} } = old.metadata;
  const dash = name.lastIndexOf('-');
  const made = await client.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, generateName: `${dash > 0 ? name.slice(0, dash) : name}-`, annotations: { ...annotations } },
    type: 'kubernetes.io/service-account-token',
  });
  const { name: madeName = '' } = made.metadata;
  const type = { apiVersion: 'v1', kind: 'Secret' };
  for await (const event of client.watch(type, { namespace, name: madeName, timeoutMs: WAIT_MS })) {
    const [secret] = event.type === 'RELISTED' ? event.objects : [event.object];
    const { token } = decodeSecret(secret);
    if (token) return { name: madeName, token };
  }
  await client.remove({ ...type, namespace, name: madeName });
  throw new HawserError('Timeout', 'timed out waiting for secret to generate new token');
}

async function replaceReference(
  client: KubeClient,
  { namespace, account }: { readonly namespace: string; readonly account: string },
  before: string,
  after: string,
): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: account };
  const found = await client.get(ref);
  const secrets = found && Array.isArray(found.secrets) ? found.secrets.filter(isObject) : [];
  if (!found || !secrets.some((secret) => at(secret, 'name') === before)) return;
  const kept = secrets
    .filter((secret) => secret.name !== before && secret.name !== after)
    .map(({ name }) => ({ name: String(name) }));
  await client.patch(ref, { secrets: [...kept, { name: after }] }, { type: 'merge' });
}
