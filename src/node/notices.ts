// Where the API server sends admission notices: a TLS port of its own, with a certificate that hawser makes, keeps in a Secret of the
// control namespace, and tells the API server to trust.

import { createServer } from 'node:https';
import { isIP } from 'node:net';
import { parseArgoSettings } from '../application/argo-settings.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import { stringAt } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { completeRegistration, readRegistration, webhooksOf } from '../operation/notice-registration.ts';
import { noticeSecretOf } from '../operation/notice-secret.ts';
import { configData, decodeSecret } from '../operation/settings.ts';
import type { Alarms, Clock, Log } from '../platform.ts';
import { type FetchHandler, type Listening, listen } from './listen.ts';
import { createServingCertificate, renewalOf, type ServingCertificate } from './serving-certificate.ts';

export const CERTIFICATE_SECRET = 'hawser-notice-tls';

/** The alarm at which the certificate is made anew. */
export const CERTIFICATE_ALARM = 'notice-certificate';

export interface NoticeOptions {
  readonly home: KubeClient;
  readonly namespace: string;
  readonly host: string;
  readonly port: number;
  readonly handler: FetchHandler;
  /** hawser's own token, from which the secret of the paths follows. */
  readonly token: () => Promise<string>;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: Log;
}

export interface NoticeListening extends Listening {
  /** Looks at the certificate, and at what the API server trusts, and mends both. Called by the alarm. */
  renew(): Promise<void>;
}

/** Listens for notices. Throws `Unavailable` where the port is taken, and what the home cluster refuses. */
export async function listenForNotices(options: NoticeOptions): Promise<NoticeListening> {
  const { home, namespace, host, port, clock, alarms, log } = options;

  /** The certificate that serves, after the API server was told of it. */
  async function prepare(): Promise<ServingCertificate> {
    const registered = await readRegistration(home, namespace);
    const names = namesFor(namespace, host, registered);
    const { certificate, renewMs } = await readOrMake(home, namespace, names, clock.now());
    if (registered) {
      await completeRegistration(home, registered, {
        secret: await noticeSecretOf(await options.token()),
        certificate: certificate.cert,
        tracking: await readTracking(home, namespace),
      });
    } else {
      log.info('kubectl alone does not wake this hawser: no admission notices are registered', {
        hint: 'hawser install prints them; hawser app and POST /api/refresh do without',
      });
    }
    await alarms.set(CERTIFICATE_ALARM, renewMs);
    return certificate;
  }

  const { cert, key } = await prepare();
  const server = createServer({ cert, key });
  const listening = await listen(options.handler, { host, port, server });
  return {
    ...listening,
    renew: async () => {
      server.setSecureContext({ ...(await prepare()) });
    },
  };
}

/** What the API server may call this server: the names of its Service, those of its URL, and this machine's own. */
function namesFor(namespace: string, host: string, registered: KubeObject | undefined): readonly string[] {
  const service = `hawser.${namespace}.svc`;
  const urls = webhooksOf(registered).flatMap((webhook) => stringAt(webhook, 'clientConfig', 'url') ?? []);
  const called = urls.map((url) => new URL(url).hostname.replace(/^\[|\]$/g, ''));
  const own = isIP(host) && host !== '0.0.0.0' && host !== '::' ? [host] : [];
  return [...new Set([service, `${service}.cluster.local`, 'localhost', '127.0.0.1', ...own, ...called])];
}

async function readOrMake(home: KubeClient, namespace: string, names: readonly string[], nowMs: number) {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: CERTIFICATE_SECRET };
  const kept = await home.get(ref);
  const { 'tls.crt': cert = '', 'tls.key': key = '' } = decodeSecret(kept);
  const renewMs = renewalOf({ cert, key }, names, nowMs);
  if (renewMs !== undefined) return { certificate: { cert, key }, renewMs };
  const made = createServingCertificate(names, nowMs);
  const data = { 'tls.crt': btoa(made.cert), 'tls.key': btoa(made.key) };
  try {
    if (kept) {
      const { resourceVersion = '' } = kept.metadata;
      await home.patch(ref, { data, metadata: { resourceVersion } }, { type: 'merge' });
    } else {
      const labels = { 'app.kubernetes.io/name': 'hawser', 'app.kubernetes.io/part-of': 'hawser' };
      const metadata = { name: CERTIFICATE_SECRET, namespace, labels };
      await home.create({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data });
    }
  } catch (error) {
    // Another replica was quicker: its certificate is the one.
    if (!isHawserError(error, 'ClusterRefused') || error.data.status !== 409) throw error;
    const theirs = decodeSecret(await home.get(ref));
    const certificate = { cert: theirs['tls.crt'] ?? '', key: theirs['tls.key'] ?? '' };
    const due = renewalOf(certificate, names, nowMs);
    if (due !== undefined) return { certificate, renewMs: due };
    throw error;
  }
  return { certificate: made, renewMs: renewalOf(made, names, nowMs) ?? nowMs };
}

/** By which objects name their Application. */
async function readTracking(home: KubeClient, namespace: string) {
  const config = await home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' });
  return parseArgoSettings(configData(config)).tracking;
}

/** Renews in the background: a failure is logged, and tried again at the next start. */
export function renewInBackground(notices: NoticeListening, log: Log): Promise<void> {
  return notices
    .renew()
    .catch((error: unknown) =>
      log.error('the certificate for admission notices could not be renewed', { reason: messageOf(error) }),
    );
}
