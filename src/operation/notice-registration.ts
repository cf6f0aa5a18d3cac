// What hawser fills in of the registration of its notices: the certificate to expect, the secret in the paths, and what follows from
// argocd-cm. `hawser install` prints none of it, so that applying what it prints again takes nothing of it away.

import {
  DRIFT_ANNOTATION,
  DRIFT_PATH,
  DRIFT_WEBHOOKS,
  labelledWebhook,
  NOTICE_CONFIGURATION,
  NOTICE_PATH,
  noticeConfigurationName,
} from '../application/install-notices.ts';
import { isEqualJson } from '../base/equal.ts';
import { isObject, type Json, stringAt } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isConflict } from '../kube/refusal.ts';
import { noticeSecretOf } from './notice-secret.ts';
import type { Road } from './road.ts';
import { readArgoSettings, readToken } from './settings.ts';

type Webhook = Readonly<Record<string, unknown>>;

export interface Filling {
  /** Of the paths (notice-secret.ts). */
  readonly secret: string;
  /** In every path, not only in those of drift: for a server that anybody may reach. */
  readonly isSecretEverywhere?: boolean;
  /** PEM; without it, the API server trusts what its machine trusts. */
  readonly certificate?: string;
  /** argocd-cm, as `application.resourceTrackingMethod` and `application.instanceLabelKey` have it. */
  readonly tracking: { readonly method: string; readonly labelKey: string };
}

/** For a server without a certificate of its own, such as a Worker: the secret in every path. Nothing where nothing is registered. */
export async function registerNotices(road: Road): Promise<void> {
  const { home, platform } = road;
  const registered = await readRegistration(home, platform.settings.namespace);
  if (!registered) return;
  const [token, { tracking }] = await Promise.all([readToken(home, platform), readArgoSettings(road)]);
  await completeRegistration(home, registered, {
    secret: await noticeSecretOf(token),
    isSecretEverywhere: true,
    tracking,
  });
}

/** The registration, when there is one. */
export function readRegistration(home: KubeClient, namespace: string): Promise<KubeObject | undefined> {
  return home.get({ ...NOTICE_CONFIGURATION, name: noticeConfigurationName(namespace) });
}

const TRIES = 5;

/** Writes where something is missing, guarded by the version that was read: replicas may start at once. */
export async function completeRegistration(home: KubeClient, registered: KubeObject, filling: Filling): Promise<void> {
  const { name = '' } = registered.metadata;
  const ref = { ...NOTICE_CONFIGURATION, name };
  let found: KubeObject | undefined = registered;
  for (let tries = 1; found; tries++) {
    const webhooks = completed(found, filling);
    if (isEqualJson(webhooks, webhooksOf(found))) return;
    const { resourceVersion = '' } = found.metadata;
    const patch = { metadata: { resourceVersion }, webhooks: JSON.parse(JSON.stringify(webhooks)) as Json };
    try {
      await home.patch(ref, patch, { type: 'merge' });
      return;
    } catch (error) {
      if (!isConflict(error) || tries === TRIES) throw error;
      found = await home.get(ref);
    }
  }
}

function completed(registered: KubeObject, filling: Filling): readonly Webhook[] {
  return withLabelled(webhooksOf(registered), filling).map((webhook) => fill(webhook, isEnforced(registered), filling));
}

export function webhooksOf(registered: KubeObject | undefined): readonly Webhook[] {
  const webhooks = registered?.webhooks;
  return Array.isArray(webhooks) ? webhooks.filter(isObject) : [];
}

function isEnforced({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[DRIFT_ANNOTATION] === 'enforce';
}

/** Objects that carry the label alone need a webhook of their own. */
function withLabelled(webhooks: readonly Webhook[], { tracking }: Filling): readonly Webhook[] {
  const drift = webhooks.find(({ name }) => name === 'drift.hawser.dev');
  const others = webhooks.filter(({ name }) => name !== 'labelled.hawser.dev');
  return drift && tracking.method === 'label' ? [...others, labelledWebhook(drift, tracking.labelKey)] : others;
}

function fill(webhook: Webhook, isEnforced: boolean, filling: Filling): Webhook {
  const { secret, certificate, isSecretEverywhere = false } = filling;
  const isOfDrift = DRIFT_WEBHOOKS.includes(stringAt(webhook, 'name') ?? '');
  const given = isObject(webhook.clientConfig) ? webhook.clientConfig : {};
  const driftPath = `${DRIFT_PATH}/${secret}${isEnforced ? '/enforce' : ''}`;
  const path = isOfDrift ? driftPath : isSecretEverywhere ? `${NOTICE_PATH}/${secret}` : undefined;
  const clientConfig = {
    ...given,
    ...(path !== undefined && isObject(given.service) && { service: { ...given.service, path } }),
    ...(path !== undefined && typeof given.url === 'string' && { url: new URL(path, given.url).href }),
    ...(certificate !== undefined && { caBundle: btoa(certificate) }),
  };
  return { ...webhook, clientConfig };
}
