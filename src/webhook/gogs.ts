// Gogs, and by the same payload Gitea and Forgejo: X-Gogs-Event, X-Gogs-Signature = bare lower-case hex HMAC-SHA256 of the body.

import { equalInConstantTime } from '../base/constant-time.ts';
import { HawserError } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import { pushKey } from '../operation/push.ts';
import type { Delivery, ParsedDelivery, Provider } from './provider.ts';
import { hmacSha256Hex } from './signature.ts';

/** Gogs must be recognised before GitHub: it sends X-GitHub-Event as well. */
export const gogs: Provider = hexSigned({ name: 'gogs', prefix: 'x-gogs', secretKeys: ['webhook.gogs.secret'] });

/** Gitea sends Gogs' headers too; its own suffice here, unlike in Argo CD. */
export const gitea: Provider = hexSigned({
  name: 'gitea',
  prefix: 'x-gitea',
  secretKeys: ['webhook.gitea.secret', 'webhook.gogs.secret'],
});

function hexSigned({ name, prefix, secretKeys }: { name: string; prefix: string; secretKeys: string[] }): Provider {
  return {
    name,
    secretKeys,
    claims: (headers) => headers.has(`${prefix}-event`),
    verify: async ({ headers, body }: Delivery, secret) =>
      equalInConstantTime(headers.get(`${prefix}-signature`) ?? '', await hmacSha256Hex(secret, body)),
    parse: (headers, payload) =>
      parseGogsPayload(name, headers.get(`${prefix}-event`) ?? '', headers.get(`${prefix}-delivery`), payload),
  };
}

const ZERO = '0'.repeat(40);

/** `push`, and `create` of a tag, which is all that Gogs sends for a new tag; a branch's `create` is followed by its push. */
async function parseGogsPayload(
  provider: string,
  event: string,
  id: string | null,
  payload: unknown,
): Promise<ParsedDelivery> {
  if (!isObject(payload)) throw new HawserError('InvalidInput', `the ${provider} payload is not a JSON object`);
  if (event === 'ping') return { ignored: 'ping' };
  if (event !== 'push' && event !== 'create' && event !== 'delete') {
    throw new HawserError('InvalidInput', `the ${provider} event '${event}' is not supported`, {
      hint: 'let the webhook send push, create and delete events only',
    });
  }
  const refType = stringAt(payload, 'ref_type');
  const name = stringAt(payload, 'ref');
  const addresses = (keys: readonly string[]) =>
    keys.flatMap((key) => {
      const url = stringAt(payload, 'repository', key);
      return url ? [url] : [];
    });
  const webUrls = addresses(['html_url']);
  const otherUrls = addresses(['clone_url', 'ssh_url']);
  const [repository] = [...webUrls, ...otherUrls];
  if (!name) throw new HawserError('InvalidInput', `the ${provider} payload has no ref`);
  if (!repository) throw new HawserError('InvalidInput', `the ${provider} payload has no repository.html_url`);
  if (event === 'create' && refType !== 'tag') return { ignored: `the push of the new branch ${name} follows` };
  const ref = event === 'push' ? name : `refs/${refType === 'tag' ? 'tags' : 'heads'}/${name}`;
  const after = event === 'delete' ? ZERO : (stringAt(payload, 'after') ?? stringAt(payload, 'sha'));
  const before = stringAt(payload, 'before');
  const defaultBranch = stringAt(payload, 'repository', 'default_branch');
  const pusher = stringAt(payload, 'pusher', 'login') ?? stringAt(payload, 'pusher', 'username');
  const deliveryId = id || crypto.randomUUID();
  return {
    pushes: [
      {
        kind: 'git',
        key: await pushKey(provider, repository, deliveryId, ref),
        deliveryId,
        provider,
        webUrls,
        otherUrls,
        ref,
        ...(before && { before }),
        ...(after && { after }),
        ...(defaultBranch && { defaultBranch }),
        ...(pusher && { pusher }),
      },
    ],
  };
}
