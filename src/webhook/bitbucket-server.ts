// Bitbucket Server and Data Center: `repo:refs_changed`; X-Hub-Signature is `sha256=` and the hex of the body's HMAC
// (go-playground/webhooks: bitbucketserver.go).

import { at } from '../base/json.ts';
import { deliveryIdOf, type PushFacts, parsedPushes, unsupportedEvent } from './git-push.ts';
import { listOf, type Reader, record, text } from './payload.ts';
import type { Provider } from './provider.ts';
import { isSignedSha256, signatureProblem } from './signature.ts';

const EVENT = 'x-event-key';
const SIGNATURE = 'x-hub-signature';

const anything: Reader<unknown> = (value) => value;

const readChanges = record({
  actor: record({ name: text }),
  repository: record({ links: record({ clone: anything }) }),
  changes: listOf(record({ ref: record({ id: text }), fromHash: text, toHash: text })),
});

export const bitbucketServer: Provider = {
  name: 'bitbucket-server',
  secretKeys: ['webhook.bitbucketserver.secret'],
  claims: (headers) => Boolean(headers.get(EVENT)),
  readEvent: (headers) => {
    const event = headers.get(EVENT) ?? '';
    if (event === 'diagnostics:ping') return { ignored: 'ping' }; // Not signed as pushes are.
    if (event === 'repo:refs_changed') return undefined;
    throw unsupportedEvent('bitbucket-server', event, 'repository push events');
  },
  proofProblem: (headers) => signatureProblem(headers, SIGNATURE, /^sha256=[0-9a-f]{64}$/),
  verify: ({ headers, body }, secret) =>
    isSignedSha256((headers.get(SIGNATURE) ?? '').replace(/^sha256=/, ''), secret, body),
  parse: async (headers, payload) => {
    const { actor, repository, changes } = readChanges(payload, '');
    const webUrls = cloneLinks(repository.links.clone);
    const facts = changes.map(
      ({ ref, fromHash, toHash }): PushFacts => ({
        webUrls,
        otherUrls: [],
        ref: ref.id,
        before: fromHash,
        after: toHash,
        touchesHead: true, // The payload does not name the default branch; Argo CD looks then, too.
        pusher: actor.name,
      }),
    );
    return parsedPushes('bitbucket-server', deliveryIdOf(headers.get('x-request-id')), facts);
  },
};

/** The addresses for HTTP and SSH in their order; the payload has no address for people that would tell the path of the clone. */
function cloneLinks(clone: unknown): readonly string[] {
  if (!Array.isArray(clone)) return [];
  return clone.flatMap((link: unknown) => {
    const [name, href] = [at(link, 'name'), at(link, 'href')];
    return (name === 'http' || name === 'ssh') && typeof href === 'string' ? [href] : [];
  });
}
