// What Gogs, Gitea and Forgejo share: the headers X-<Name>-Event, -Delivery and -Signature (bare lower-case hex of the HMAC-SHA256),
// and the payloads of push, create and delete (gogs: internal/database/webhook.go; go-gogs-client: repo_hook.go).

import { ZERO_ID } from '../git/object.ts';
import { deliveryIdOf, type PushFacts, parsedPushes, unsupportedEvent } from './git-push.ts';
import { commits, commitsOf, filesOf, optional, record, text } from './payload.ts';
import type { Delivery, ParsedDelivery, Provider } from './provider.ts';
import { isSignedSha256, signatureProblem } from './signature.ts';

const EVENTS = ['push', 'create', 'delete'];

const user = optional(record({ login: text, username: text }));

const readPayload = record({
  ref: text,
  ref_type: text,
  sha: text,
  before: text,
  after: text,
  commits,
  repository: optional(record({ html_url: text, clone_url: text, ssh_url: text, default_branch: text })),
  pusher: user,
  sender: user,
});

export function createGogsProvider(name: string, secretKeys: readonly string[]): Provider {
  const event = `x-${name}-event`;
  const signature = `x-${name}-signature`;
  return {
    name,
    secretKeys,
    takesForms: true,
    claims: (headers) => Boolean(headers.get(event)),
    readEvent: (headers) => {
      const said = headers.get(event) ?? '';
      if (EVENTS.includes(said)) return undefined;
      throw unsupportedEvent(name, said, 'push, create and delete events');
    },
    proofProblem: (headers) => signatureProblem(headers, signature, /^[0-9a-f]{64}$/),
    // Of a form, these servers sign the JSON and not the body.
    verify: async ({ headers, body, payload }: Delivery, secret) => {
      const said = headers.get(signature) ?? '';
      if (await isSignedSha256(said, secret, payload)) return true;
      return payload !== body && isSignedSha256(said, secret, body);
    },
    parse: (headers, payload) =>
      parseGogs(name, headers.get(event) ?? '', deliveryIdOf(headers.get(`x-${name}-delivery`)), payload),
  };
}

/**
 * `push`, and `create` and `delete`: Gogs sends no push for a new tag and for what is deleted. A `create` of a branch is followed by
 * its push.
 */
async function parseGogs(provider: string, event: string, id: string, payload: unknown): Promise<ParsedDelivery> {
  const read = readPayload(payload, '');
  const { repository, ref, ref_type: kind } = read;
  if (event === 'create' && kind !== 'tag') return { ignored: `the push of the new branch ${ref} follows` };
  const who = [read.pusher, read.sender].find((one) => one && (one.login || one.username));
  const facts: PushFacts = {
    webUrls: [repository?.html_url ?? ''],
    otherUrls: [repository?.clone_url ?? '', repository?.ssh_url ?? ''],
    ref: event === 'push' ? ref : fullRef(ref, kind),
    before: read.before,
    after: event === 'delete' ? ZERO_ID : event === 'create' ? read.sha : read.after,
    defaultBranch: repository?.default_branch ?? '',
    pusher: (who?.login || who?.username) ?? '',
    files: filesOf(read.commits),
    commits: commitsOf(read.commits).toReversed(), // Here the newest comes first.
  };
  return parsedPushes(provider, id, [facts]);
}

/** `create` and `delete` name the branch or the tag without `refs/heads/` or `refs/tags/`. */
function fullRef(name: string, kind: string): string {
  if (name === '' || name.startsWith('refs/')) return name;
  return `refs/${kind === 'tag' ? 'tags' : 'heads'}/${name}`;
}
