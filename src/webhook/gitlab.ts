// GitLab: push and tag events of a project, and system hooks of a whole server. X-Gitlab-Token is the secret itself, so that the body
// is not signed (go-playground/webhooks: gitlab.go).

import { deliveryIdOf, parsedPushes, unsupportedEvent } from './git-push.ts';
import { commits, commitsOf, filesOf, record, text } from './payload.ts';
import type { Provider } from './provider.ts';
import { isToken } from './signature.ts';

const TOKEN = 'x-gitlab-token';
const SYSTEM_HOOK = 'System Hook';
const EVENTS = ['Push Hook', 'Tag Push Hook', SYSTEM_HOOK];

const readPush = record({
  ref: text,
  before: text,
  after: text,
  user_username: text,
  user_name: text,
  commits,
  project: record({ web_url: text, git_http_url: text, git_ssh_url: text, default_branch: text }),
});

const readSystemHook = record({ object_kind: text, event_name: text });

/** What a system hook tells of projects, people, keys and groups. */
const OTHER_SYSTEM_EVENT = new RegExp(
  `^(${[
    'project_(create|destroy|rename|transfer|update)',
    'user_(create|destroy|rename|failed_login|(add_to|remove_from|update_for)_(team|group))',
    'key_(create|destroy)',
    'group_(create|destroy|rename)',
  ].join('|')})$`,
);

export const gitlab: Provider = {
  name: 'gitlab',
  secretKeys: ['webhook.gitlab.secret'],
  claims: (headers) => Boolean(eventOf(headers)),
  readEvent: (headers) => {
    if (EVENTS.includes(eventOf(headers))) return undefined;
    throw unsupportedEvent('gitlab', eventOf(headers), 'push and tag push events, or be a system hook');
  },
  proofProblem: (headers) => (headers.get(TOKEN) ? undefined : `the header ${TOKEN} is missing`),
  verify: (delivery, secret) => isToken(delivery, TOKEN, secret),
  parse: async (headers, payload) => {
    const other = eventOf(headers) === SYSTEM_HOOK ? otherSystemEvent(payload) : undefined;
    if (other !== undefined) return { ignored: `a ${other} event changes no ref` };
    const { project, ...push } = readPush(payload, '');
    const id = deliveryIdOf(headers.get('idempotency-key'), headers.get('x-gitlab-event-uuid'));
    return parsedPushes('gitlab', id, [
      {
        webUrls: [project.web_url],
        otherUrls: [project.git_http_url, project.git_ssh_url],
        ref: push.ref,
        before: push.before,
        after: push.after,
        defaultBranch: project.default_branch,
        pusher: push.user_username || push.user_name,
        files: filesOf(push.commits),
        commits: commitsOf(push.commits),
      },
    ]);
  },
};

function eventOf(headers: Headers): string {
  return headers.get('x-gitlab-event') ?? '';
}

/** The name of an event that is no push; undefined for a push. */
function otherSystemEvent(payload: unknown): string | undefined {
  const { object_kind: kind, event_name: name } = readSystemHook(payload, '');
  const event = ['push', 'tag_push', 'merge_request'].includes(kind) ? kind : name;
  if (event === 'push' || event === 'tag_push') return undefined;
  if (OTHER_SYSTEM_EVENT.test(event)) return event;
  throw unsupportedEvent('gitlab', event, 'push and tag push events');
}
