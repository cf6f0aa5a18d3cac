// How each sender of webhooks proves itself: its headers for a body and an event, and the keys of argocd-secret that hold its secret.

import { createHmac } from 'node:crypto';

export interface Sender {
  readonly key: string;
  /** Where it takes more than the one key. */
  secrets?(secret: string): Readonly<Record<string, string>>;
  headers(body: string, event: string, secret: string): Record<string, string>;
  /** The header that tells its deliveries apart. */
  readonly deliveryId?: string;
}

export type SenderName = keyof typeof SENDERS;

export const SENDERS = {
  gogs: {
    key: 'webhook.gogs.secret',
    deliveryId: 'x-gogs-delivery',
    headers: (body, event, secret) => ({
      'x-gogs-event': event,
      'x-github-event': event,
      'x-gogs-signature': hmac(body, secret),
    }),
  },
  gitea: {
    key: 'webhook.gitea.secret',
    deliveryId: 'x-gitea-delivery',
    headers: (body, event, secret) => ({
      'x-gitea-event': event,
      'x-gogs-event': event,
      'x-gitea-signature': hmac(body, secret),
    }),
  },
  forgejo: {
    key: 'webhook.forgejo.secret',
    deliveryId: 'x-forgejo-delivery',
    headers: (body, event, secret) => ({
      'x-forgejo-event': event,
      'x-gitea-event': event,
      'x-gogs-event': event,
      'x-github-event': event,
      'x-forgejo-signature': hmac(body, secret),
    }),
  },
  github: {
    key: 'webhook.github.secret',
    deliveryId: 'x-github-delivery',
    headers: (body, event, secret) => ({
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${hmac(body, secret)}`,
    }),
  },
  gitlab: {
    key: 'webhook.gitlab.secret',
    deliveryId: 'x-gitlab-event-uuid',
    headers: (_body, event, secret) => ({ 'x-gitlab-event': event, 'x-gitlab-token': secret }),
  },
  bitbucket: {
    key: 'webhook.bitbucket.uuid',
    deliveryId: 'x-request-uuid',
    headers: (_body, event, secret) => ({ 'x-event-key': event, 'x-hook-uuid': secret }),
  },
  'bitbucket-server': {
    key: 'webhook.bitbucketserver.secret',
    deliveryId: 'x-request-id',
    headers: (body, event, secret) => ({ 'x-event-key': event, 'x-hub-signature': `sha256=${hmac(body, secret)}` }),
  },
  azuredevops: {
    key: 'webhook.azuredevops.password',
    secrets: (secret) => ({ 'webhook.azuredevops.username': 'argocd', 'webhook.azuredevops.password': secret }),
    deliveryId: 'x-vss-activityid',
    headers: (_body, _event, secret) => ({
      'x-vss-activityid': 'activity',
      authorization: basicAuthorization(`argocd:${secret}`),
    }),
  },
  ghcr: {
    key: 'webhook.github.secret',
    deliveryId: 'x-github-delivery',
    headers: (body, _event, secret) => ({
      'x-github-event': 'package',
      'x-hub-signature-256': `sha256=${hmac(body, secret)}`,
    }),
  },
  harbor: { key: 'webhook.harbor.secret', headers: (_body, _event, secret) => ({ authorization: secret }) },
  generic: {
    key: 'webhook.generic.secret',
    deliveryId: 'x-hawser-delivery',
    headers: (body, _event, secret) => ({ 'x-signature': `sha512=${hmac(body, secret, 'sha512')}` }),
  },
} as const satisfies Record<string, Sender>;

/** The keys of argocd-secret for this sender. */
export function secretsOf(name: SenderName, secret: string): Readonly<Record<string, string>> {
  const sender: Sender = SENDERS[name];
  return sender.secrets?.(secret) ?? { [sender.key]: secret };
}

export function hmac(body: string, secret: string, hash = 'sha256'): string {
  return createHmac(hash, secret).update(body).digest('hex');
}

export function basicAuthorization(pair: string): string {
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
