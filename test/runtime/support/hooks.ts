// What each Git server and registry tells by its webhook, in the words of its own payloads.

import type { SenderName } from '../../support/webhook-senders.ts';

export interface Change {
  /** `http://127.0.0.1:3000/devops/app` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

export interface Told {
  readonly event: string;
  readonly payload: unknown;
}

export interface Hook {
  /** The delivery of a changed ref. */
  tell(change: Change): Told;
  /** What it sends beside pushes, and hawser has no use for: answered 200. */
  readonly idle: readonly Told[];
  /** What a webhook for hawser should not send: refused as of no use. */
  readonly other: Told;
  /** The header that proves the sender, and what is answered without it. */
  readonly proof: { readonly header: string; readonly status: 400 | 401; readonly told: string };
}

export const ZERO = '0'.repeat(40);

export const HOOKS = {
  gogs: gogsFamily('gogs'),
  gitea: gogsFamily('gitea'),
  forgejo: gogsFamily('forgejo'),
  github: {
    tell: ({ repository, ...change }) => ({
      event: 'push',
      payload: { ...change, repository: addressesOf(repository), pusher: { name: 'kim' } },
    }),
    idle: [
      { event: 'ping', payload: { zen: 'Keep it logically awesome.' } },
      { event: 'create', payload: { ref: 'v1', ref_type: 'tag' } },
    ],
    other: { event: 'release', payload: {} },
    proof: missing('github', 'x-hub-signature-256'),
  },
  gitlab: {
    tell: ({ repository, ...change }) => ({
      event: change.ref.startsWith('refs/tags/') ? 'Tag Push Hook' : 'Push Hook',
      payload: {
        ...change,
        object_kind: 'push',
        project: { web_url: repository, git_http_url: `${repository}.git`, default_branch: 'main' },
      },
    }),
    idle: [{ event: 'System Hook', payload: { event_name: 'project_create' } }],
    other: { event: 'Merge Request Hook', payload: {} },
    proof: missing('gitlab', 'x-gitlab-token'),
  },
  bitbucket: {
    tell: ({ repository, ref, before, after }) => {
      const [, kind, name] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
      const end = (hash: string) =>
        hash === ZERO ? null : { name, type: kind === 'tags' ? 'tag' : 'branch', target: { hash } };
      return {
        event: 'repo:push',
        payload: {
          repository: { links: { html: { href: repository } } },
          push: { changes: [{ new: end(after), old: end(before) }] },
        },
      };
    },
    idle: [{ event: 'repo:push', payload: {} }],
    other: { event: 'repo:fork', payload: {} },
    // The same header tells it from a Bitbucket of one's own.
    proof: { header: 'x-hook-uuid', status: 400, told: "the bitbucket-server event 'repo:push' is not supported" },
  },
  'bitbucket-server': {
    tell: ({ repository, ref, before, after }) => ({
      event: 'repo:refs_changed',
      payload: {
        repository: { links: { clone: [{ name: 'http', href: `${repository}.git` }] } },
        changes: [{ ref: { id: ref }, fromHash: before, toHash: after }],
      },
    }),
    idle: [{ event: 'diagnostics:ping', payload: { test: true } }],
    other: { event: 'pr:opened', payload: {} },
    proof: missing('bitbucket-server', 'x-hub-signature'),
  },
  azuredevops: {
    tell: ({ repository, ref, before, after }) => ({
      event: '',
      payload: {
        eventType: 'git.push',
        resource: {
          refUpdates: [{ name: ref, oldObjectId: before, newObjectId: after }],
          repository: { remoteUrl: repository, defaultBranch: 'refs/heads/main' },
        },
      },
    }),
    idle: [{ event: '', payload: { eventType: 'build.complete' } }],
    other: { event: '', payload: { eventType: 'tfvc.checkin' } },
    proof: {
      header: 'authorization',
      status: 401,
      told: 'the azuredevops webhook is refused: the header authorization holds no basic authentication',
    },
  },
  generic: {
    tell: (payload) => ({ event: '', payload }),
    idle: [],
    other: { event: '', payload: { ref: 'refs/heads/main' } },
    proof: { header: 'x-signature', status: 400, told: 'Unknown webhook event' },
  },
} as const satisfies Partial<Record<SenderName, Hook>>;

function gogsFamily(name: 'gogs' | 'gitea' | 'forgejo'): Hook {
  return {
    tell: ({ repository, ref, before, after }) => {
      const about = { repository: addressesOf(repository), sender: { username: 'kim' } };
      const short = ref.replace(/^refs\/(heads|tags)\//, '');
      const ref_type = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
      if (after === ZERO) return { event: 'delete', payload: { ...about, ref: short, ref_type } };
      if (ref_type === 'tag') return { event: 'create', payload: { ...about, ref: short, ref_type, sha: after } };
      return { event: 'push', payload: { ...about, ref, before, after } };
    },
    idle: [{ event: 'create', payload: { ref: 'next', ref_type: 'branch' } }],
    other: { event: 'release', payload: {} },
    proof: missing(name, `x-${name}-signature`),
  };
}

function addressesOf(repository: string) {
  return { html_url: repository, clone_url: `${repository}.git`, default_branch: 'main' };
}

function missing(provider: string, header: string) {
  return { header, status: 401, told: `the ${provider} webhook is refused: the header ${header} is missing` } as const;
}
