// The last way to a commit: isomorphic-git's own fetch, for a server that does not understand our requests. It knows
// neither version 2 nor single objects, and fetches the branch or tag at the commit with all its files.

import { isHawserError } from '../base/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { type HttpSettings, send } from './http.ts';
import type { ObjectId } from './object.ts';
import { commitOf, type Refs } from './refs.ts';

/** What isomorphic-git asks of a file system, over a map; it is gone with the call. */
type Files = Map<string, Uint8Array>;

const GIT_FOLDER = '/repository';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The pack with a commit that a ref names now; undefined where none does, or where this fails as well. */
export async function fetchWholePack(
  settings: HttpSettings,
  endpoint: Endpoint,
  refs: Refs,
  sha: ObjectId,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const ref = [...refs.byName].find(([name, found]) => name !== 'HEAD' && commitOf(found) === sha)?.[0];
  if (ref === undefined) return undefined;
  const isomorphicGit = await import('./isomorphic-git.ts');
  const files: Files = new Map();
  const shared = { fs: { promises: fileSystem(files) }, dir: GIT_FOLDER, gitdir: GIT_FOLDER };
  try {
    await isomorphicGit.init({ ...shared, bare: true });
    await isomorphicGit.addRemote({ ...shared, remote: 'origin', url: endpoint.url });
    await isomorphicGit.fetch({
      ...shared,
      remote: 'origin',
      ref,
      remoteRef: ref,
      singleBranch: true,
      depth: 1,
      tags: false,
      http: { request: (request) => answerRequest(settings, endpoint, request, signal) },
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (isHawserError(error)) throw error;
    return undefined;
  }
  return [...files].find(([path]) => path.endsWith('.pack'))?.[1];
}

interface GitRequest {
  readonly url: string;
  readonly headers?: Record<string, string> | undefined;
  readonly body?: AsyncIterableIterator<Uint8Array>;
}

async function answerRequest(
  settings: HttpSettings,
  { authorization, connection }: Endpoint,
  { url, headers, body }: GitRequest,
  signal: AbortSignal | undefined,
) {
  const chunks: string[] = [];
  if (body) for await (const chunk of body) chunks.push(decoder.decode(chunk, { stream: true }));
  const answer = await send(settings, {
    url,
    headers: { ...headers, ...(authorization && { authorization }) },
    ...(body && { body: chunks.join('') }),
    connection,
    signal,
  });
  return {
    url,
    statusCode: answer.status,
    statusMessage: String(answer.status),
    headers: Object.fromEntries(answer.headers),
    body: oneChunk(answer.body),
  };
}

async function* oneChunk(bytes: Uint8Array): AsyncIterableIterator<Uint8Array> {
  yield bytes;
}

function fileSystem(files: Files) {
  const isFolder = (path: string) => [...files.keys()].some((name) => name.startsWith(`${path}/`));
  const stat = async (path: string) => {
    const file = files.get(path);
    if (!file && !isFolder(path)) throw notFound(path);
    const kind = {
      isFile: () => file !== undefined,
      isDirectory: () => file === undefined,
      isSymbolicLink: () => false,
    };
    const times = { ctimeMs: 0, mtimeMs: 0, ctime: new Date(0), mtime: new Date(0) };
    return { ...kind, ...times, mode: file ? 0o644 : 0o755, size: file?.length ?? 0, ino: 0, uid: 0, gid: 0, dev: 0 };
  };
  return {
    stat,
    lstat: stat,
    readFile: async (path: string, options?: string | { encoding?: string }) => {
      const file = files.get(path);
      if (!file) throw notFound(path);
      return typeof options === 'string' || options?.encoding ? decoder.decode(file) : file;
    },
    writeFile: async (path: string, content: string | Uint8Array) => {
      files.set(path, typeof content === 'string' ? encoder.encode(content) : content);
    },
    readdir: async (path: string) => {
      const inside = [...files.keys()].filter((name) => name.startsWith(`${path}/`));
      return [...new Set(inside.map((name) => name.slice(path.length + 1).split('/')[0] ?? ''))];
    },
    unlink: async (path: string) => void files.delete(path),
    mkdir: async () => undefined,
    rmdir: async () => undefined,
    readlink: async (path: string) => Promise.reject(notFound(path)),
    symlink: async (path: string) => Promise.reject(notFound(path)),
  };
}

function notFound(path: string): Error {
  return Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
}
