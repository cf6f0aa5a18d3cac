// Any sender that can sign: `X-Signature: sha256=<hex of the body's HMAC>` (or sha384, sha512), as Flux' generic-hmac receiver takes it.
// The body is of our own form; the post-receive hook that hawser prints sends it.

import { equalInConstantTime } from '../base/constant-time.ts';
import { HawserError } from '../base/errors.ts';
import { deliveryIdOf, parsedPushes } from './git-push.ts';
import { flag, record, text } from './payload.ts';
import type { Provider } from './provider.ts';
import { HASHES, type Hash, hmacHex } from './signature.ts';

export const GENERIC_SIGNATURE = 'x-signature';
/** The same each time that one push is sent. */
export const GENERIC_DELIVERY = 'x-hawser-delivery';

const readPush = record({
  repository: text,
  ref: text,
  before: text,
  after: text,
  defaultBranch: text,
  forced: flag,
  pusher: text,
});

export const generic: Provider = {
  name: 'generic',
  secretKeys: ['webhook.generic.secret'],
  claims: (headers) => Boolean(headers.get(GENERIC_SIGNATURE)),
  proofProblem: (headers) =>
    signatureOf(headers)
      ? undefined
      : `the header ${GENERIC_SIGNATURE} is not sha256=<hex>, sha384=<hex> or sha512=<hex>`,
  verify: async ({ headers, body }, secret) => {
    const signature = signatureOf(headers);
    if (!signature) return false;
    return equalInConstantTime(signature.hex, await hmacHex(signature.hash, secret, body));
  },
  parse: async (headers, payload) => {
    const { repository, ref, before, after, defaultBranch, forced, pusher } = readPush(payload, '');
    if (repository === '' || ref === '') {
      throw new HawserError('InvalidInput', `the payload lacks ${repository === '' ? 'repository' : 'ref'}`, {
        hint: 'send {"repository": "https://…", "ref": "refs/heads/main", "before": "…", "after": "…"}',
      });
    }
    if (!ref.startsWith('refs/')) {
      throw new HawserError('InvalidInput', `the payload's ref ${ref} is no full name of a branch or a tag`, {
        hint: `send refs/heads/${ref} or refs/tags/${ref}`,
      });
    }
    const isBranch = ref.startsWith('refs/heads/');
    return parsedPushes('generic', deliveryIdOf(headers.get(GENERIC_DELIVERY)), [
      {
        webUrls: [repository],
        otherUrls: [],
        ref,
        before,
        after,
        defaultBranch,
        // A hook may not know the default branch; the ref is resolved at the Git server anyway.
        ...(defaultBranch === '' && { touchesHead: isBranch }),
        isForced: forced,
        pusher,
      },
    ]);
  },
};

function signatureOf(headers: Headers): { readonly hash: Hash; readonly hex: string } | undefined {
  const [, name, hex] = /^(\w+)=([0-9a-f]+)$/.exec(headers.get(GENERIC_SIGNATURE) ?? '') ?? [];
  if (hex === undefined || (name !== 'sha256' && name !== 'sha384' && name !== 'sha512')) return undefined;
  return hex.length === HASHES[name].digits ? { hash: name, hex } : undefined;
}
