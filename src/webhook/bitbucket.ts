// Bitbucket Cloud: `repo:push`. The secret is the webhook's UUID, which is sent as X-Hook-UUID (go-playground/webhooks: bitbucket.go);
// where the webhook has a secret, X-Hub-Signature is the HMAC of the body, and it counts as well.

import { ZERO_ID } from '../git/object.ts';
import { deliveryIdOf, type PushFacts, parsedPushes, unsupportedEvent } from './git-push.ts';
import { flag, listOf, record, text } from './payload.ts';
import type { Provider } from './provider.ts';
import { isSignedSha256, isToken } from './signature.ts';

const UUID = 'x-hook-uuid';

const end = record({ type: text, name: text, target: record({ hash: text }) });

const readPush = record({
  actor: record({ nickname: text }),
  repository: record({ links: record({ html: record({ href: text }) }) }),
  push: record({ changes: listOf(record({ new: end, old: end, forced: flag })) }),
});

export const bitbucket: Provider = {
  name: 'bitbucket',
  secretKeys: ['webhook.bitbucket.uuid'],
  claims: (headers) => Boolean(headers.get(UUID)),
  readEvent: (headers) => {
    const event = headers.get('x-event-key') ?? '';
    if (event === 'repo:push') return undefined;
    throw unsupportedEvent('bitbucket', event, 'repository push events');
  },
  proofProblem: (headers) => (headers.get(UUID) ? undefined : `the header ${UUID} is missing`),
  verify: async (delivery, secret) => {
    const signature = delivery.headers.get('x-hub-signature')?.replace(/^sha256=/, '');
    if (await isToken(delivery, UUID, secret)) return true;
    return signature !== undefined && isSignedSha256(signature, secret, delivery.body);
  },
  parse: async (headers, payload) => {
    const { actor, repository, push } = readPush(payload, '');
    const facts = push.changes.map(({ new: now, old: earlier, forced }): PushFacts => {
      const { type, name } = now.name === '' ? earlier : now; // A deletion has no `new`.
      return {
        webUrls: [repository.links.html.href],
        otherUrls: [],
        ref: name === '' ? '' : `refs/${type.includes('tag') ? 'tags' : 'heads'}/${name}`,
        before: earlier.target.hash,
        after: now.name === '' ? ZERO_ID : now.target.hash,
        touchesHead: true, // The payload does not name the default branch; Argo CD looks then, too.
        isForced: forced,
        pusher: actor.nickname,
      };
    });
    return parsedPushes('bitbucket', deliveryIdOf(headers.get('x-request-uuid')), facts);
  },
};
