// Argo CD's own configuration objects, read when they are needed: argocd-secret, argocd-cm.

import { type ArgoSettings, parseArgoSettings } from '../application/argo-settings.ts';
import { ineffectiveFields } from '../application/ineffective-fields.ts';
import type { Application } from '../application/types.ts';
import { toHex } from '../base/hex.ts';
import { isObject } from '../base/json.ts';
import { createHealthCheck } from '../health/health.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isAlreadyExists, isConflict } from '../kube/refusal.ts';
import type { Platform } from '../platform.ts';
import { DEFAULT_SCHEMES } from '../source/fetched-files.ts';
import type { WebhookSettings } from './hawser.ts';
import type { Road } from './road.ts';

export const SECRET_NAME = 'argocd-secret';
/** The key of argocd-secret that holds hawser's own token. */
export const TOKEN_KEY = 'hawser.token';

const DEFAULT_MAX_PAYLOAD_MB = 50;

/** The values of a Secret, decoded; its stringData does not survive the API server. Values that are no text are left out. */
export function decodeSecret(secret: KubeObject | undefined): Record<string, string> {
  const data = isObject(secret?.data) ? secret.data : {};
  const decoded: Record<string, string> = {};
  for (const [key, value] of Object.entries(data)) {
    if (typeof value !== 'string') continue;
    const bytes = Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
    decoded[key] = new TextDecoder().decode(bytes);
  }
  return decoded;
}

/** The texts of a ConfigMap. */
export function configData(configMap: KubeObject | undefined): Record<string, string> {
  const data = isObject(configMap?.data) ? configMap.data : {};
  return Object.fromEntries(
    Object.entries(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** `cached`: as the API server's cache has them, milliseconds old. */
export async function readWebhookSettings(
  home: KubeClient,
  namespace: string,
  freshness: 'cached' | 'consistent',
): Promise<WebhookSettings> {
  const options = freshness === 'cached' ? { resourceVersion: '0' } : {};
  const labelSelector = 'argocd.argoproj.io/secret-type=repository';
  const [secret, config, repositories] = await Promise.all([
    home.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: SECRET_NAME }, options),
    home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' }, options),
    home.list({ apiVersion: 'v1', kind: 'Secret' }, { namespace, labelSelector, ...options }),
  ]);
  const megabytes = Number(configData(config)['webhook.maxPayloadSizeMB'] ?? DEFAULT_MAX_PAYLOAD_MB);
  const limit = Number.isFinite(megabytes) && megabytes > 0 ? megabytes : DEFAULT_MAX_PAYLOAD_MB;
  return {
    secrets: decodeSecret(secret),
    repositorySecrets: repositories.items.map(decodeSecret).flatMap(webhookSecretsOf),
    maxBytes: limit * (1 << 20),
  };
}

/** Of one repository's Secret: the secret of its webhook, and the one before while it is rotated. */
function webhookSecretsOf(secret: Readonly<Record<string, string>>): WebhookSettings['repositorySecrets'] {
  const { url } = secret;
  const secrets = [secret.webhookSecret, secret['webhookSecret.previous']].filter((value) => value !== undefined);
  return url !== undefined && secrets.length > 0 ? [{ url, secrets: secrets.filter((value) => value !== '') }] : [];
}

/**
 * What argocd-cm and argocd-cmd-params-cm say now, milliseconds old at most: from the API server's cache, so that it costs no more than
 * the reads beside it. Kept in `road.argo` for all that follows. Throws what `parseArgoSettings` throws.
 */
export async function readArgoSettings({ home, platform, argo }: Road): Promise<ArgoSettings> {
  const { namespace } = platform.settings;
  const read = (name: string) =>
    home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }, { resourceVersion: '0' });
  const [found, parameters] = await Promise.all([read('argocd-cm'), read('argocd-cmd-params-cm')]);
  const resourceVersion = [found, parameters].map((config) => config?.metadata.resourceVersion ?? '').join('/');
  if (resourceVersion === argo.resourceVersion) return argo.settings;
  const settings = parseArgoSettings(configData(found), configData(parameters));
  argo.settings = settings;
  argo.healthOf = createHealthCheck(settings.healthCustomizations, () => new Date(platform.clock.now()));
  argo.resourceVersion = resourceVersion;
  for (const { key, reason } of settings.unused) {
    if (argo.reported.has(key)) continue;
    argo.reported.add(key);
    platform.log.info(`the setting ${key} of argocd-cm has no effect`, { reason });
  }
  return settings;
}

/** Tells once of each field of an Application's sources that has no effect. */
export function reportIneffectiveFields({ platform, argo }: Pick<Road, 'platform' | 'argo'>, app: Application): void {
  const { namespace, name } = app.metadata;
  for (const { field, reason } of ineffectiveFields(app.spec, argo.settings.sources.disabledTools)) {
    const key = `${namespace}/${name} ${field}`;
    if (argo.reported.has(key)) continue;
    argo.reported.add(key);
    platform.log.warn(`${field} has no effect`, { application: `${namespace}/${name}`, reason });
  }
}

/** The schemes that values files at URLs may have (Argo CD: getHelmSettings): none where the setting is there and empty. */
export async function readValuesFileSchemes(home: KubeClient, namespace: string): Promise<readonly string[]> {
  const config = await home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' });
  const schemes = configData(config)['helm.valuesFileSchemes'];
  if (schemes === undefined) return DEFAULT_SCHEMES;
  return schemes
    .split(',')
    .map((scheme) => scheme.trim())
    .filter((scheme) => scheme !== '');
}

/** Several replicas may start at once: whoever comes second takes the token of the first. */
const TOKEN_TRIES = 5;

/** hawser's own token, which gives all rights: HAWSER_TOKEN, or the key of argocd-secret, which is made where it is missing. */
export async function readToken(home: KubeClient, platform: Pick<Platform, 'settings' | 'random'>): Promise<string> {
  const { token, namespace } = platform.settings;
  if (token) return token;
  const make = () => toHex(platform.random(24));
  for (let tries = 1; ; tries++) {
    const secret = await home.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: SECRET_NAME });
    const kept = decodeSecret(secret)[TOKEN_KEY];
    if (kept) return kept;
    const made = make();
    try {
      await keepToken(home, namespace, secret, made);
      return made;
    } catch (error) {
      if (tries === TOKEN_TRIES || !(isConflict(error) || isAlreadyExists(error))) throw error;
    }
  }
}

async function keepToken(
  home: KubeClient,
  namespace: string,
  secret: KubeObject | undefined,
  token: string,
): Promise<void> {
  const data = { [TOKEN_KEY]: btoa(token) };
  if (secret) {
    const { resourceVersion = '' } = secret.metadata;
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: SECRET_NAME };
    await home.patch(ref, { data, metadata: { resourceVersion } }, { type: 'merge' });
    return;
  }
  await home.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET_NAME, namespace, labels: { 'app.kubernetes.io/part-of': 'argocd' } },
    type: 'Opaque',
    data,
  });
}
