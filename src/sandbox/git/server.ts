// A Git server as one function from Request to Response, over repositories in memory: for demos and tests.

import { equalInConstantTime } from '../../base/constant-time.ts';
import { messageOf } from '../../base/errors.ts';
import { ZERO_ID } from '../../git/object.ts';
import { advertise, type Service } from './advertisement.ts';
import { type PushedCommit, pushedCommits } from './changes.ts';
import { receivePack } from './receive-pack.ts';
import {
  type CommitDetails,
  commitFiles,
  createRepository,
  type FileChange,
  type RefUpdate,
  type SandboxRepository,
} from './repository.ts';
import { uploadPackVersion0, uploadPackVersion2 } from './upload-pack.ts';

export interface SandboxPush extends RefUpdate {
  readonly repository: SandboxRepository;
  /** New commits of a branch, newest first. */
  readonly commits: readonly PushedCommit[];
  /** The user, where one was asked for. */
  readonly pusher: string | undefined;
}

export interface GitServerOptions {
  /** Passwords by user. With any, a push and a private repository need one. */
  readonly users?: Readonly<Record<string, string>>;
  /** Called for each ref after it has changed and before the push is answered. */
  readonly onPush?: (push: SandboxPush) => void | Promise<void>;
  /** `uploadpack.allowFilter`; true unless said otherwise. */
  readonly allowFilter?: boolean;
  /** The newest protocol that is spoken; 2 unless said otherwise. Gogs speaks 0. */
  readonly protocol?: 0 | 2;
}

export interface GitServer {
  /** Adds an empty repository at `/<path>` and `/<path>.git`. */
  create(path: string, options?: { isPrivate?: boolean; defaultBranch?: string }): SandboxRepository;
  get(path: string): SandboxRepository | undefined;
  list(): readonly SandboxRepository[];
  /** Commits in place, as a server's web editor does; `onPush` is told. */
  commit(
    repository: SandboxRepository,
    branch: string,
    files: Readonly<Record<string, FileChange>>,
    details: CommitDetails,
  ): Promise<RefUpdate>;
  /** Answers any request of a Git client; 404 for what is none. */
  handle(request: Request): Promise<Response>;
}

const ROUTE = /^\/(.+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;
const NO_CACHE = 'no-cache, max-age=0, must-revalidate';

export function createGitServer(options: GitServerOptions = {}): GitServer {
  const { users = {}, onPush, allowFilter = true, protocol = 2 } = options;
  const repositories = new Map<string, SandboxRepository>();
  const hasUsers = Object.keys(users).length > 0;

  const announce = async (repository: SandboxRepository, update: RefUpdate, pusher?: string) => {
    const commits = update.ref.startsWith('refs/heads/') ? pushedCommits(repository, update) : [];
    await onPush?.({ ...update, repository, commits, pusher });
  };

  const answer = async (
    repository: SandboxRepository,
    call: string,
    service: Service,
    request: Request,
    user?: string,
  ) => {
    const asked = /version=2/.test(request.headers.get('git-protocol') ?? '') ? 2 : 0;
    const version = protocol === 2 ? asked : 0;
    if (call === 'info/refs') {
      return respond(`${service}-advertisement`, advertise(repository, service, version, { allowFilter }));
    }
    const body = await readBody(request);
    if (service === 'git-upload-pack') {
      const serve = version === 2 ? uploadPackVersion2 : uploadPackVersion0;
      return respond(`${service}-result`, serve(repository, body, { allowFilter }));
    }
    const { answer: report, updates } = receivePack(repository, body);
    for (const update of updates) await announce(repository, update, user);
    return respond(`${service}-result`, report);
  };

  return {
    create: (path, { isPrivate, defaultBranch } = {}) => {
      const repository = createRepository(path, {
        ...(isPrivate !== undefined && { isPrivate }),
        ...(defaultBranch !== undefined && { defaultBranch }),
      });
      repositories.set(path, repository);
      return repository;
    },
    get: (path) => repositories.get(path),
    list: () => [...repositories.values()],
    commit: async (repository, branch, files, details) => {
      const update = commitFiles(repository, branch, files, details);
      await announce(repository, update);
      return update;
    },
    handle: async (request) => {
      const url = new URL(request.url);
      const [, path = '', call = ''] = ROUTE.exec(decodeURI(url.pathname)) ?? [];
      const service = call === 'info/refs' ? url.searchParams.get('service') : call;
      const isRead = service === 'git-upload-pack';
      if (!isRead && service !== 'git-receive-pack') return new Response('Not found\n', { status: 404 });
      if (request.method !== (call === 'info/refs' ? 'GET' : 'POST')) return new Response(null, { status: 405 });
      const repository = repositories.get(path);
      if (!repository) return new Response('Repository not found\n', { status: 404 });
      const user = hasUsers ? await authenticate(request, users) : undefined;
      if (hasUsers && user === undefined && (!isRead || repository.isPrivate)) {
        return new Response('Unauthorized\n', { status: 401, headers: { 'www-authenticate': 'Basic realm="."' } });
      }
      try {
        return await answer(repository, call, service, request, user);
      } catch (error) {
        return new Response(`${messageOf(error)}\n`, { status: 400 });
      }
    },
  };
}

/** Whether an update removed its ref. */
export function isDeletion({ after }: RefUpdate): boolean {
  return after === ZERO_ID;
}

function respond(kind: string, body: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { headers: { 'content-type': `application/x-${kind}`, 'cache-control': NO_CACHE } });
}

/** Git compresses requests beyond a kilobyte. */
async function readBody(request: Request): Promise<Uint8Array> {
  if (request.headers.get('content-encoding') !== 'gzip' || !request.body)
    return new Uint8Array(await request.arrayBuffer());
  return new Uint8Array(await new Response(request.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

async function authenticate(request: Request, users: Readonly<Record<string, string>>): Promise<string | undefined> {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const text = new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)));
  const user = text.slice(0, text.indexOf(':'));
  const password = Object.hasOwn(users, user) ? users[user] : undefined;
  if (password === undefined) return undefined;
  return (await equalInConstantTime(text.slice(user.length + 1), password)) ? user : undefined;
}
