// Each provider by itself: what its headers and payloads become. The recorded payloads of real servers are the corpus'.

import { describe, expect, it } from 'vitest';
import { isHawserError } from '../../src/base/errors.ts';
import { createLargeBodies } from '../../src/webhook/body.ts';
import { receiveWebhook } from '../../src/webhook/receive.ts';
import {
  basicAuthorization as basic,
  hmac as hmacOf,
  type SenderName as Name,
  SENDERS,
  secretsOf,
} from '../support/webhook-senders.ts';

const SECRET = 's3cr3t';
const ZERO = '0'.repeat(40);
const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];

const hmac = (body: string, hash?: string) => hmacOf(body, SECRET, hash);

async function receive(name: Name, event: string, payload: unknown, headers: Record<string, string> = {}) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const request = new Request('http://hawser.test/api/webhook', {
    method: 'POST',
    headers: { ...SENDERS[name].headers(body, event, SECRET), ...headers },
    body,
  });
  try {
    return await receiveWebhook(request, {
      secrets: secretsOf(name, SECRET),
      insecure: false,
      maxBytes: 1 << 20,
      largeBodies: createLargeBodies(1),
    });
  } catch (error) {
    if (isHawserError(error)) return error.code;
    throw error;
  }
}

const GOGS_REPOSITORY = {
  html_url: 'https://git.example.com/o/r',
  clone_url: 'https://git.example.com/o/r.git',
  ssh_url: 'git@git.example.com:o/r.git',
  default_branch: 'main',
};
const GITLAB_PROJECT = {
  web_url: 'https://gitlab.example.com/o/r',
  git_http_url: 'https://gitlab.example.com/o/r.git',
  git_ssh_url: 'git@gitlab.example.com:o/r.git',
  default_branch: 'main',
};
const change = (name: string, type: string, hash: string) => ({ name, type, target: { hash } });
const bitbucketPush = (...changes: unknown[]) => ({
  repository: { links: { html: { href: 'https://bitbucket.org/o/r' } } },
  push: { changes },
});
const clone = [
  { name: 'ssh', href: 'ssh://git@bitbucket.example.com:7999/o/r.git' },
  { name: 'http', href: 'https://bitbucket.example.com/scm/o/r.git' },
  { name: 'other', href: 'ignored' },
];
const azurePush = (...refUpdates: unknown[]) => ({
  id: 'event-1',
  eventType: 'git.push',
  resource: {
    refUpdates,
    repository: { remoteUrl: 'https://dev.azure.com/o/p/_git/r', defaultBranch: 'refs/heads/main' },
  },
});
const ghcrPackage = (over: object) => ({
  action: 'published',
  package: {
    name: 'app',
    package_type: 'CONTAINER',
    owner: { login: 'Owner' },
    package_version: { container_metadata: { tag: { name: '1.2.3' } } },
    ...over,
  },
});
const harborPush = (type: string, repository: object, ...resources: unknown[]) => ({
  type,
  operator: 'kim',
  event_data: { resources, repository },
});

describe('a delivery', () => {
  it.each<[Name, string, string, unknown, readonly object[]]>([
    [
      'gogs',
      'create',
      'of a tag',
      { ref: 'v1', ref_type: 'tag', sha: A, repository: GOGS_REPOSITORY, sender: { username: 'kim' } },
      [
        {
          ref: 'refs/tags/v1',
          after: A,
          pusher: 'kim',
          otherUrls: [GOGS_REPOSITORY.clone_url, GOGS_REPOSITORY.ssh_url],
        },
      ],
    ],
    [
      'gogs',
      'delete',
      'of a branch',
      { ref: 'next', ref_type: 'branch', repository: GOGS_REPOSITORY },
      [{ ref: 'refs/heads/next', after: ZERO }],
    ],
    [
      'gogs',
      'delete',
      'that names a full ref',
      { ref: 'refs/tags/v1', ref_type: 'tag', repository: GOGS_REPOSITORY },
      [{ ref: 'refs/tags/v1', after: ZERO }],
    ],
    [
      'gitea',
      'push',
      'of a tag',
      { ref: 'refs/tags/v1', before: ZERO, after: A, repository: GOGS_REPOSITORY },
      [{ ref: 'refs/tags/v1', before: ZERO, after: A, provider: 'gitea' }],
    ],
    [
      'forgejo',
      'push',
      'of a branch',
      { ref: 'refs/heads/main', before: A, after: B, repository: GOGS_REPOSITORY },
      [{ ref: 'refs/heads/main', provider: 'forgejo', defaultBranch: 'main' }],
    ],
    [
      'github',
      'push',
      'that was forced',
      {
        ref: 'refs/heads/main',
        before: A,
        after: B,
        forced: true,
        repository: GOGS_REPOSITORY,
        pusher: { name: 'kim' },
      },
      [{ ref: 'refs/heads/main', isForced: true, pusher: 'kim', provider: 'github' }],
    ],
    [
      'gitlab',
      'Tag Push Hook',
      'of a deleted tag',
      { object_kind: 'tag_push', ref: 'refs/tags/v1', before: A, after: ZERO, project: GITLAB_PROJECT },
      [{ ref: 'refs/tags/v1', after: ZERO, webUrls: [GITLAB_PROJECT.web_url] }],
    ],
    [
      'gitlab',
      'System Hook',
      'of a push',
      {
        event_name: 'push',
        ref: 'refs/heads/main',
        before: A,
        after: B,
        user_username: 'kim',
        project: GITLAB_PROJECT,
      },
      [{ ref: 'refs/heads/main', after: B, pusher: 'kim' }],
    ],
    [
      'bitbucket',
      'repo:push',
      'of several changes',
      bitbucketPush(
        { new: change('main', 'branch', B), old: change('main', 'branch', A), forced: true },
        { new: change('v1', 'annotated_tag', B), old: null },
        { new: null, old: change('next', 'branch', A) },
      ),
      [
        { ref: 'refs/heads/main', before: A, after: B, isForced: true, touchesHead: true },
        { ref: 'refs/tags/v1', after: B },
        { ref: 'refs/heads/next', before: A, after: ZERO },
      ],
    ],
    [
      'bitbucket-server',
      'repo:refs_changed',
      'of several changes',
      {
        repository: { links: { clone } },
        changes: [
          { ref: { id: 'refs/heads/main' }, fromHash: A, toHash: B, type: 'UPDATE' },
          { ref: { id: 'refs/tags/v1' }, fromHash: A, toHash: ZERO, type: 'DELETE' },
        ],
      },
      [
        { ref: 'refs/heads/main', before: A, after: B, touchesHead: true, webUrls: [clone[0]?.href, clone[1]?.href] },
        { ref: 'refs/tags/v1', after: ZERO },
      ],
    ],
    [
      'azuredevops',
      '',
      'of several refs',
      azurePush(
        { name: 'refs/heads/main', oldObjectId: A, newObjectId: B },
        { name: 'refs/heads/next', oldObjectId: ZERO, newObjectId: B },
      ),
      [
        { ref: 'refs/heads/main', touchesHead: true, defaultBranch: 'main', deliveryId: 'event-1' },
        { ref: 'refs/heads/next', before: ZERO, touchesHead: false },
      ],
    ],
    [
      'ghcr',
      '',
      'of a published image',
      ghcrPackage({}),
      [{ kind: 'artifact', repository: 'oci://ghcr.io/Owner/app', tag: '1.2.3' }],
    ],
    [
      'harbor',
      '',
      'of an artifact, by the first resource with a tag',
      harborPush(
        'PUSH_ARTIFACT',
        { repo_full_name: 'p/app' },
        { tag: '', resource_url: 'r.example.com/p/app@sha256:1' },
        { tag: '1.0', resource_url: 'r.example.com:8443/p/app:1.0' },
      ),
      [{ kind: 'artifact', repository: 'oci://r.example.com:8443/p/app', tag: '1.0', pusher: 'kim' }],
    ],
    [
      'harbor',
      '',
      'of an artifact without a full name',
      harborPush(
        'PUSH_ARTIFACT',
        { namespace: 'p', name: 'app' },
        { tag: '1.0', resource_url: 'r.example.com/p/app:1.0' },
      ),
      [{ repository: 'oci://r.example.com/p/app' }],
    ],
    [
      'generic',
      '',
      'of a branch, the default one unknown',
      { repository: 'https://git.example.com/o/r.git', ref: 'refs/heads/main', before: A, after: B },
      [
        {
          ref: 'refs/heads/main',
          before: A,
          after: B,
          touchesHead: true,
          webUrls: ['https://git.example.com/o/r.git'],
        },
      ],
    ],
  ])('by %s (%s) %s is understood', async (name, event, _, payload, expected) => {
    const received = await receive(name, event, payload);
    expect(received).toMatchObject({ pushes: expected });
    expect(received).toHaveProperty('pushes.length', expected.length);
  });

  it.each<[Name, string, unknown]>([
    ['gogs', 'create', { ref: 'next', ref_type: 'branch', repository: GOGS_REPOSITORY }],
    ['gitea', 'push', '{}'],
    ['github', 'ping', { zen: 'x', repository: GOGS_REPOSITORY }],
    ['github', 'create', { ref: 'v1', ref_type: 'tag' }],
    ['github', 'delete', { ref: 'v1', ref_type: 'tag' }],
    ['github', 'push', 'null'],
    ['gitlab', 'Push Hook', '{}'],
    ['gitlab', 'System Hook', { event_name: 'project_create' }],
    ['gitlab', 'System Hook', { event_name: 'user_add_to_group' }],
    ['bitbucket', 'repo:push', '{}'],
    ['bitbucket-server', 'diagnostics:ping', { test: true }],
    ['bitbucket-server', 'repo:refs_changed', '{}'],
    ['azuredevops', '', { eventType: 'build.complete' }],
    ['azuredevops', '', { eventType: 'git.push' }],
    ['ghcr', '', { ...ghcrPackage({}), action: 'updated' }],
    ['ghcr', '', ghcrPackage({ package_type: 'npm' })],
    ['ghcr', '', ghcrPackage({ package_version: null })],
    ['harbor', '', harborPush('PULL_ARTIFACT', {})],
    ['harbor', '', harborPush('PUSH_ARTIFACT', {}, { tag: '', resource_url: 'r/p/a' })],
    ['harbor', '', '{}'],
  ])('by %s (%s) that changes no ref is ignored: %j', async (name, event, payload) => {
    expect(await receive(name, event, payload)).toHaveProperty('ignored');
  });

  it.each<[Name, string, unknown]>([
    ['gogs', 'release', '{}'],
    ['github', 'release', '{}'],
    ['github', 'registry_package', '{}'],
    ['github', 'push', '{"repository": []}'],
    ['gitlab', 'Merge Request Hook', '{}'],
    ['gitlab', 'Push Hook', '{"project": "x"}'],
    ['gitlab', 'System Hook', { object_kind: 'merge_request', event_name: 'push' }],
    ['gitlab', 'System Hook', { event_name: 'repository_update' }],
    ['gitlab', 'System Hook', '{}'],
    ['bitbucket', 'repo:fork', '{}'],
    ['bitbucket', '', '{}'],
    ['bitbucket', 'repo:push', { push: { changes: {} } }],
    ['bitbucket-server', 'pr:opened', '{}'],
    ['bitbucket-server', 'repo:refs_changed', { changes: [{ ref: 'refs/heads/main' }] }],
    ['azuredevops', '', { eventType: 'tfvc.checkin' }],
    ['azuredevops', '', '{}'],
    ['ghcr', '', { package: 'x' }],
    ['harbor', '', harborPush('PUSH_ARTIFACT', { name: 'app' }, { tag: '1', resource_url: 'r/p/a:1' })],
    ['generic', '', { ref: 'refs/heads/main' }],
    ['generic', '', { repository: 'https://git.example.com/o/r' }],
    ['generic', '', { repository: 'https://git.example.com/o/r', ref: 'main' }],
  ])('by %s (%s) of another form is refused: %j', async (name, event, payload) => {
    expect(await receive(name, event, payload)).toBe('InvalidInput');
  });

  it.each<[Name, string, string, Record<string, string>]>([
    ['gitea', 'push', "by Gogs' signature alone", { 'x-gitea-signature': '', 'x-gogs-signature': hmac('{}') }],
    ['github', 'push', 'in upper case', { 'x-hub-signature-256': `sha256=${hmac('{}').toUpperCase()}` }],
    ['github', 'push', 'with an upper-case prefix', { 'x-hub-signature-256': `SHA256=${hmac('{}')}` }],
    ['github', 'push', 'by SHA-1', { 'x-hub-signature-256': '', 'x-hub-signature': `sha1=${hmac('{}', 'sha1')}` }],
    ['gitlab', 'Push Hook', 'with a longer token', { 'x-gitlab-token': `${SECRET}x` }],
    ['gitlab', 'Push Hook', 'without a token', { 'x-gitlab-token': '' }],
    ['bitbucket', 'repo:push', 'with another id', { 'x-hook-uuid': 'x' }],
    ['bitbucket-server', 'repo:refs_changed', 'without a prefix', { 'x-hub-signature': hmac('{}') }],
    ['azuredevops', '', 'with another password', { authorization: basic('argocd:x') }],
    ['azuredevops', '', 'with another user', { authorization: basic(`admin:${SECRET}`) }],
    ['azuredevops', '', 'with what is no base64', { authorization: 'Basic %' }],
    ['azuredevops', '', 'with a bearer token', { authorization: `Bearer ${SECRET}` }],
    ['ghcr', '', 'without a prefix', { 'x-hub-signature-256': hmac('{}') }],
    ['harbor', '', 'with another token', { authorization: 'x' }],
    ['generic', '', 'of another hash', { 'x-signature': `sha384=${hmac('{}', 'sha512')}` }],
    ['generic', '', 'by SHA-1', { 'x-signature': `sha1=${hmac('{}', 'sha1')}` }],
  ])('by %s (%s) signed %s is refused', async (name, event, _, headers) => {
    expect(await receive(name, event, '{}', headers)).toBe('Unauthenticated');
  });

  it.each<[Name, string, Record<string, string>]>([
    ['github', 'push', { 'x-hub-signature-256': hmac('{}') }],
    ['bitbucket', 'repo:push', { 'x-hook-uuid': 'x', 'x-hub-signature': `sha256=${hmac('{}')}` }],
    ['azuredevops', '', { authorization: basic(`argocd:${SECRET}`).replace('Basic', 'basic') }],
  ])('by %s (%s) may be signed as %j', async (name, event, headers) => {
    const payload = name === 'azuredevops' ? { eventType: 'build.complete' } : '{}';
    expect(await receive(name, event, payload, headers)).toHaveProperty('ignored');
  });

  it.each<[Name, string]>([
    ['gitlab', 'Push Hook'],
    ['bitbucket', 'repo:push'],
  ])('by %s as a form is refused', async (name, event) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await receive(name, event, 'payload=%7B%7D', headers)).toBe('InvalidInput');
  });

  it('with an Authorization is nobody’s where no secret is set for Harbor', async () => {
    const request = new Request('http://hawser.test/api/webhook', {
      method: 'POST',
      body: '{}',
      headers: { authorization: 'x' },
    });
    const options = { secrets: {}, insecure: false, maxBytes: 10, largeBodies: createLargeBodies(1) };
    await expect(receiveWebhook(request, options)).rejects.toMatchObject({ message: 'Unknown webhook event' });
  });

  it('by Azure DevOps may have the previous password during rotation', async () => {
    const headers = { 'x-vss-activityid': 'a', authorization: basic('argocd:old') };
    const request = new Request('http://hawser.test/api/webhook', {
      method: 'POST',
      body: JSON.stringify({ eventType: 'build.complete' }),
      headers,
    });
    const secrets = { ...secretsOf('azuredevops', SECRET), 'webhook.azuredevops.password.previous': 'old' };
    const options = { secrets, insecure: false, maxBytes: 1000, largeBodies: createLargeBodies(1) };
    expect(await receiveWebhook(request, options)).toHaveProperty('ignored');
  });
});
