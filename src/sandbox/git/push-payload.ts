// The webhook deliveries that a real Gogs or Gitea sends for a push: event, headers and body, byte for byte in their
// style.
//
// Gogs (internal/database/actions.go): a new branch is `create`, then `push`; a new tag is `create` alone; a deletion
// is `delete` alone; a push names five commits at most. Gitea sends `push` for all of them, with `create` and
// `delete` beside it.

import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../base/hex.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { Person } from '../../git/commit-object.ts';
import { ZERO_ID } from '../../git/object.ts';
import type { PushedCommit } from './changes.ts';
import type { SandboxPush } from './server.ts';

export interface HookDelivery {
  readonly event: 'push' | 'create' | 'delete';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HookSettings {
  readonly provider: 'gogs' | 'gitea';
  /** What the server calls itself: `http://127.0.0.1:3000`, without a trailing slash. */
  readonly serverUrl: string;
  /** Without one the delivery is not signed. */
  readonly secret?: string;
  /** A fresh id for each delivery, as UUID. */
  readonly deliveryId: () => string;
  /** Users are told by name; the address is made up of both. */
  readonly pusher?: string;
}

/** FEED_MAX_COMMIT_NUM of Gogs and Gitea. */
const MAX_COMMITS = 5;
const CREATED_AT = '2024-01-01T00:00:00Z';

/** The deliveries that one changed ref causes, in order. */
export function pushDeliveries(push: SandboxPush, settings: HookSettings): HookDelivery[] {
  const isTag = push.ref.startsWith('refs/tags/');
  const isNew = push.before === ZERO_ID;
  const isGone = push.after === ZERO_ID;
  const deliveries: HookDelivery[] = [];
  const isGitea = settings.provider === 'gitea';
  if (isNew) deliveries.push(sign('create', createPayload(push, settings, isTag), settings));
  if (isGitea || (!isGone && !(isNew && isTag))) deliveries.push(sign('push', pushPayload(push, settings), settings));
  if (isGone) deliveries.push(sign('delete', deletePayload(push, settings, isTag), settings));
  return deliveries;
}

function pushPayload(push: SandboxPush, settings: HookSettings): JsonObject {
  const { repository, before, after, ref } = push;
  const web = `${settings.serverUrl}/${repository.path}`;
  const commits = push.commits.slice(0, MAX_COMMITS).map((commit) => commitPayload(commit, web));
  const who = user(pusherOf(push, settings), settings);
  const [head] = commits;
  return {
    ref,
    before,
    after,
    compare_url: after === ZERO_ID || before === ZERO_ID ? '' : `${web}/compare/${before}...${after}`,
    commits,
    ...(settings.provider === 'gitea' && { total_commits: push.commits.length, head_commit: head ?? null }),
    repository: repositoryPayload(push, settings),
    pusher: who,
    sender: who,
  };
}

function createPayload(push: SandboxPush, settings: HookSettings, isTag: boolean): JsonObject {
  return {
    ref: shortName(push.ref),
    ref_type: isTag ? 'tag' : 'branch',
    sha: push.after,
    default_branch: shortName(push.repository.head),
    repository: repositoryPayload(push, settings),
    sender: user(pusherOf(push, settings), settings),
  };
}

function deletePayload(push: SandboxPush, settings: HookSettings, isTag: boolean): JsonObject {
  return {
    ref: shortName(push.ref),
    ref_type: isTag ? 'tag' : 'branch',
    pusher_type: 'user',
    repository: repositoryPayload(push, settings),
    sender: user(pusherOf(push, settings), settings),
  };
}

function commitPayload({ id, commit, added, removed, modified }: PushedCommit, web: string): JsonObject {
  return {
    id,
    message: commit.message,
    url: `${web}/commit/${id}`,
    author: personPayload(commit.author),
    committer: personPayload(commit.committer),
    added: [...added],
    removed: [...removed],
    modified: [...modified],
    timestamp: formatTime(commit.committer),
  };
}

function personPayload({ name, email }: Person): JsonObject {
  return { name, email, username: name };
}

function repositoryPayload({ repository }: SandboxPush, { serverUrl }: HookSettings): JsonObject {
  const slash = repository.path.indexOf('/');
  const owner = slash < 0 ? repository.path : repository.path.slice(0, slash);
  const { host, hostname } = new URL(serverUrl);
  return {
    id: 1,
    owner: userOf(owner, host),
    name: repository.path.slice(slash + 1),
    full_name: repository.path,
    description: '',
    private: repository.isPrivate,
    fork: false,
    html_url: `${serverUrl}/${repository.path}`,
    ssh_url: `git@${hostname}:${repository.path}.git`,
    clone_url: `${serverUrl}/${repository.path}.git`,
    website: '',
    stars_count: 0,
    forks_count: 0,
    watchers_count: 1,
    open_issues_count: 0,
    default_branch: shortName(repository.head),
    created_at: CREATED_AT,
    updated_at: CREATED_AT,
  };
}

function user(name: string, { serverUrl }: HookSettings): JsonObject {
  return userOf(name, new URL(serverUrl).host);
}

function userOf(name: string, host: string): JsonObject {
  const email = `${name}@${host.replace(/:\d+$/, '')}`;
  return { id: 1, login: name, full_name: name, email, avatar_url: `http://${host}/avatars/1`, username: name };
}

function pusherOf(push: SandboxPush, settings: HookSettings): string {
  return push.pusher ?? settings.pusher ?? push.repository.path.split('/')[0] ?? 'user';
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}

/** RFC 3339 in the person's own zone. */
function formatTime({ atSeconds, zone }: Person): string {
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5))) * (zone.startsWith('-') ? -1 : 1);
  const local = new Date((atSeconds + minutes * 60) * 1000).toISOString().slice(0, 19);
  return minutes === 0 ? `${local}Z` : `${local}${zone.slice(0, 3)}:${zone.slice(3)}`;
}

function sign(
  event: HookDelivery['event'],
  payload: JsonObject,
  { provider, secret, deliveryId }: HookSettings,
): HookDelivery {
  const body = formatGoJson(payload);
  const id = deliveryId();
  const bytes = new TextEncoder().encode(body);
  const key = new TextEncoder().encode(secret ?? '');
  const digest = secret === undefined ? '' : toHex(hmac(sha256, key, bytes));
  const gogs = { 'x-gogs-delivery': id, 'x-gogs-event': event, 'x-gogs-signature': digest };
  const github = { 'x-github-delivery': id, 'x-github-event': event };
  if (provider === 'gogs') {
    return {
      event,
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'GogsServer', ...github, ...gogs },
    };
  }
  return {
    event,
    body,
    headers: {
      'content-type': 'application/json',
      'x-gitea-delivery': id,
      'x-gitea-event': event,
      'x-gitea-event-type': event,
      'x-gitea-signature': digest,
      ...gogs,
      'x-gogs-event-type': event,
      ...github,
      'x-github-event-type': event,
      'x-hub-signature': secret === undefined ? '' : `sha1=${toHex(hmac(sha1, key, bytes))}`,
      'x-hub-signature-256': secret === undefined ? '' : `sha256=${digest}`,
    },
  };
}

/** Go's json.MarshalIndent with two blanks, which escapes for HTML. */
function formatGoJson(value: Json): string {
  return JSON.stringify(value, null, 2).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
