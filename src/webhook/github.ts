// GitHub: push and ping; X-Hub-Signature-256 is the hex of the HMAC-SHA256 of the body, with or without `sha256=` before it
// (go-playground/webhooks: github.go). X-Hub-Signature, the SHA-1 of old, proves nothing here.

import { deliveryIdOf, parsedPushes, unsupportedEvent } from './git-push.ts';
import { commits, commitsOf, filesOf, flag, record, text } from './payload.ts';
import type { Provider } from './provider.ts';
import { isSignedSha256, signatureProblem } from './signature.ts';

const SIGNATURE = 'x-hub-signature-256';

const readPush = record({
  ref: text,
  before: text,
  after: text,
  forced: flag,
  commits,
  repository: record({ html_url: text, clone_url: text, ssh_url: text, default_branch: text }),
  pusher: record({ name: text }),
});

/** Its pushes tell of new and deleted refs too; nothing is missed by ignoring the events that tell it again. */
const IGNORED = ['ping', 'create', 'delete'];

export const github: Provider = {
  name: 'github',
  secretKeys: ['webhook.github.secret'],
  takesForms: true,
  claims: (headers) => Boolean(eventOf(headers)) && eventOf(headers) !== 'package',
  readEvent: (headers) => {
    const event = eventOf(headers);
    if (event === 'push' || IGNORED.includes(event)) return undefined;
    throw unsupportedEvent('github', event, 'push events');
  },
  proofProblem: (headers) => signatureProblem(headers, SIGNATURE, /^(sha256=)?[0-9a-f]{64}$/),
  verify: ({ headers, body }, secret) =>
    isSignedSha256((headers.get(SIGNATURE) ?? '').replace(/^sha256=/, ''), secret, body),
  parse: async (headers, payload) => {
    const event = eventOf(headers);
    if (event === 'create' || event === 'delete') return { ignored: `a ${event} event: the push event tells it too` };
    const { repository, pusher, forced, ...push } = readPush(payload, '');
    if (event === 'ping') {
      const pingOf = [repository.html_url, repository.clone_url, repository.ssh_url].filter((url) => url !== '');
      return { ignored: 'ping', ...(pingOf.length > 0 && { pingOf }) };
    }
    return parsedPushes('github', deliveryIdOf(headers.get('x-github-delivery')), [
      {
        webUrls: [repository.html_url],
        otherUrls: [repository.clone_url, repository.ssh_url],
        ref: push.ref,
        before: push.before,
        after: push.after,
        defaultBranch: repository.default_branch,
        isForced: forced,
        pusher: pusher.name,
        files: filesOf(push.commits),
        commits: commitsOf(push.commits),
      },
    ]);
  },
};

function eventOf(headers: Headers): string {
  return headers.get('x-github-event') ?? '';
}
