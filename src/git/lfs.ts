// Files of Git LFS: where their server is, the batch API's answer, and the files, proven by size and SHA-256.

import { sha1 } from '@noble/hashes/legacy.js';
import { mapConcurrent } from '../base/concurrency.ts';
import { HawserError } from '../base/errors.ts';
import { toHex } from '../base/hex.ts';
import { isObject, stringAt } from '../base/json.ts';
import type { Cache, ConnectedFetch, ConnectionOptions } from '../platform.ts';
import type { ConfigSetting } from './config-file.ts';
import { type HttpAnswer, type HttpSettings, send } from './http.ts';
import type { LfsPointer } from './lfs-pointer.ts';
import { type Remote, type RemoteAddress, readRemoteAddress } from './remote.ts';

export interface LfsEndpoint {
  /** Without a trailing slash: `https://host/org/repo.git/info/lfs`. */
  readonly url: string;
  readonly authorization?: string;
  readonly connection: ConnectionOptions;
}

export interface LfsSettings {
  readonly fetch: ConnectedFetch;
  readonly cache?: Cache | undefined;
  /** Of a request with its answer. */
  readonly timeoutMs: number;
  readonly maxFileBytes: number;
  /** Of all files of one call. */
  readonly maxBytes: number;
}

interface Download {
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
}

const MEDIA_TYPE = 'application/vnd.git-lfs+json';
const PEER = { name: 'Git LFS server', failure: 'GitFailed' } as const;
const MAX_ANSWER_BYTES = 8 << 20;
/** Of one request (git-lfs: lfs.transfer.batchSize). */
const BATCH = 100;
const DOWNLOADS_AT_ONCE = 4;
const MAX_REDIRECTS = 5;
/** Some servers say these too (Gitea: `Transfer-Encoding: chunked`); they are fetch's. */
const OF_THE_CONNECTION = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Where the LFS server of a repository is (git-lfs: docs/api/server-discovery.md): what .lfsconfig says, else beside the repository. Its credentials
 * are those that .lfsconfig writes into the address, else the repository's, for their own scheme, host and port alone. Throws `Unsupported` and `InvalidInput` as `readRemoteAddress`, and
 * `GitFailed` for an address that is not encrypted where the repository's is.
 */
export function locateLfs(remote: Remote, config: readonly ConfigSetting[]): LfsEndpoint {
  const address = readRemoteAddress(remote);
  const beside = `${address.url.endsWith('.git') ? address.url : `${address.url}.git`}/info/lfs`;
  const configured = config.findLast(
    ({ section, subsection, key }) =>
      (section === 'lfs' && subsection === '' && key === 'url') ||
      (section === 'remote' && subsection === 'origin' && key === 'lfsurl'),
  );
  const { url, authorization: written }: RemoteAddress = configured
    ? readRemoteAddress({ url: configured.value })
    : { url: beside };
  if (address.url.startsWith('https:') && !url.startsWith('https:')) {
    throw new HawserError('GitFailed', `.lfsconfig names ${url}, which is not encrypted as the repository is`, {
      place: { file: '.lfsconfig' },
    });
  }
  const own = new URL(url).origin === new URL(address.url).origin;
  const authorization = written ?? (own ? address.authorization : undefined);
  return {
    url,
    ...(authorization && { authorization }),
    connection: own ? (remote.connection ?? {}) : elsewhere(remote.connection),
  };
}

/**
 * The files that pointers name, by their oid; `pointers` is by path, for errors. Throws `LimitExceeded` before anything is fetched that
 * would be too much, `GitUnauthorized`, `GitFailed` for what the server does not have or sends damaged, and as `send` does.
 */
export async function fetchLfsFiles(
  settings: LfsSettings,
  endpoint: LfsEndpoint,
  pointers: ReadonlyMap<string, LfsPointer>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Uint8Array>> {
  checkSizes(settings, pointers);
  const wanted = new Map([...pointers].map(([path, pointer]) => [pointer.oid, { path, pointer }]));
  const files = new Map<string, Uint8Array>();
  for (const [oid, { pointer }] of wanted) {
    const kept = await settings.cache?.get(cacheKeyOf(endpoint, oid));
    if (!kept || !(await isFile(kept, pointer))) continue;
    files.set(oid, kept);
    wanted.delete(oid);
  }
  const all = [...wanted.values()];
  for (let start = 0; start < all.length; start += BATCH) {
    const some = all.slice(start, start + BATCH);
    const downloads = await requestDownloads(settings, endpoint, some, signal);
    await mapConcurrent(some, DOWNLOADS_AT_ONCE, async ({ path, pointer }) => {
      const download = downloads.get(pointer.oid);
      if (!download) throw new HawserError('GitFailed', `the Git LFS server says nothing of ${path}`);
      const content = await fetchFile(settings, endpoint, download, path, pointer, signal);
      files.set(pointer.oid, content);
      await settings.cache?.put(cacheKeyOf(endpoint, pointer.oid), content);
    });
  }
  return files;
}

function checkSizes({ maxFileBytes, maxBytes }: LfsSettings, pointers: ReadonlyMap<string, LfsPointer>): void {
  let sum = 0;
  for (const [path, { size }] of pointers) {
    sum += size;
    if (size <= maxFileBytes && sum <= maxBytes) continue;
    const what = size > maxFileBytes ? `has ${size} bytes, more than ${maxFileBytes}` : 'makes them too much together';
    throw new HawserError('LimitExceeded', `${path}, a file of Git LFS, ${what}`, {
      place: { file: path },
      hint: 'keep it out of what is read (.helmignore, directory.exclude)',
    });
  }
}

/** The batch API (git-lfs: docs/api/batch.md): where each object can be had, or why not. */
async function requestDownloads(
  settings: LfsSettings,
  endpoint: LfsEndpoint,
  objects: readonly { readonly path: string; readonly pointer: LfsPointer }[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Download>> {
  const url = `${endpoint.url}/objects/batch`;
  const answer = await send(httpSettings(settings, MAX_ANSWER_BYTES), {
    url,
    headers: {
      accept: MEDIA_TYPE,
      'content-type': MEDIA_TYPE,
      'user-agent': 'git-lfs/hawser',
      ...(endpoint.authorization && { authorization: endpoint.authorization }),
    },
    body: JSON.stringify({
      operation: 'download',
      transfers: ['basic'],
      objects: objects.map(({ pointer }) => pointer),
      hash_algo: 'sha256',
    }),
    connection: endpoint.connection,
    signal,
  });
  if (answer.status !== 200) throw statusError(url, answer, endpoint.authorization !== undefined);
  const listed = parseAnswer(url, answer);
  const pathOf = new Map(objects.map(({ path, pointer }) => [pointer.oid, path]));
  const downloads = new Map<string, Download>();
  for (const entry of listed) {
    const oid = stringAt(entry, 'oid') ?? '';
    const path = pathOf.get(oid);
    if (path === undefined) continue;
    const { error, actions } = entry;
    if (isObject(error)) throw objectError(path, oid, error);
    const action = isObject(actions) && isObject(actions.download) ? actions.download : {};
    const href = stringAt(action, 'href');
    if (href === undefined) throw new HawserError('GitFailed', `the Git LFS server offers no download of ${path}`);
    const isOwn = URL.canParse(href) && new URL(href).origin === new URL(endpoint.url).origin;
    // git-lfs: what the answer's own headers do not authorise has the credentials of the server, on that server.
    const authorization = isOwn && entry.authenticated !== true ? endpoint.authorization : undefined;
    downloads.set(oid, { href, headers: { ...(authorization && { authorization }), ...headersOf(action.header) } });
  }
  return downloads;
}

async function fetchFile(
  settings: LfsSettings,
  endpoint: LfsEndpoint,
  { href, headers }: Download,
  path: string,
  pointer: LfsPointer,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  let url = href;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    checkAddress(url, endpoint, path);
    const { origin } = new URL(url);
    const answer = await send(httpSettings(settings, pointer.size), {
      url,
      headers: origin === new URL(href).origin ? headers : {},
      connection: origin === new URL(endpoint.url).origin ? endpoint.connection : elsewhere(endpoint.connection),
      signal,
    });
    if (REDIRECTS.includes(answer.status)) {
      const location = answer.headers.get('location') ?? '';
      url = URL.canParse(location, url) ? new URL(location, url).href : '';
      continue;
    }
    if (answer.status !== 200) throw statusError(shown(url), answer, 'authorization' in headers);
    if (await isFile(answer.body, pointer)) return answer.body;
    throw new HawserError('GitFailed', `${path}: the Git LFS server sent something else than ${pointer.oid}`, {
      place: { file: path },
    });
  }
  throw new HawserError('GitFailed', `${path}: the Git LFS server redirects more than ${MAX_REDIRECTS} times`);
}

function checkAddress(url: string, endpoint: LfsEndpoint, path: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && endpoint.url.startsWith('http:'))) return;
  throw new HawserError('GitFailed', `${path}: the Git LFS server names an address that cannot be used`, {
    place: { file: path },
  });
}

async function isFile(content: Uint8Array, { oid, size }: LfsPointer): Promise<boolean> {
  if (content.length !== size) return false;
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(content)))) === oid;
}

function parseAnswer(url: string, { body }: HttpAnswer): readonly Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (isObject(value) && Array.isArray(value.objects)) return value.objects.filter(isObject);
  } catch (error) {
    throw new HawserError('GitFailed', `${url} answered something that is no Git LFS`, { cause: error });
  }
  throw new HawserError('GitFailed', `${url} answered something that is no Git LFS`);
}

function headersOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const lower = entries.map(([name, text]) => [name.toLowerCase(), text] as const);
  return Object.fromEntries(lower.filter(([name]) => !OF_THE_CONNECTION.has(name)));
}

function objectError(path: string, oid: string, error: Readonly<Record<string, unknown>>): HawserError {
  const said = [error.code, error.message].filter((part) => part !== undefined).join(' ');
  return new HawserError('GitFailed', `${path}: the Git LFS server does not give ${oid} (${said})`, {
    place: { file: path },
    hint: 'push it with git lfs push --all',
  });
}

function statusError(url: string, { status }: HttpAnswer, withCredentials: boolean): HawserError {
  const data = { status };
  if (status === 401 || status === 403) {
    return new HawserError('GitUnauthorized', `the Git LFS server refused ${url} (${status})`, {
      data,
      hint: withCredentials
        ? "check that the username, password or token in the repository's Secret may read Git LFS"
        : "give the repository's Secret a username and password",
    });
  }
  if (status === 404 || status === 410) {
    return new HawserError('GitFailed', `there is no Git LFS at ${url} (${status})`, {
      data: { status: 404 },
      hint: 'name the Git LFS server in .lfsconfig (lfs.url)',
    });
  }
  const code = status === 429 || status >= 500 ? 'Unavailable' : 'GitFailed';
  return new HawserError(code, `the Git LFS server answered ${status} for ${url}`, { data });
}

function httpSettings({ fetch, timeoutMs }: LfsSettings, maxResponseBytes: number): HttpSettings {
  return { fetch, timeoutMs, maxResponseBytes, peer: PEER };
}

/** Another host gets neither the client certificate nor leave to show any certificate. */
function elsewhere({ ca, proxy, noProxy }: ConnectionOptions = {}): ConnectionOptions {
  return { ...(ca && { ca }), ...(proxy && { proxy }), ...(noProxy && { noProxy }) };
}

/** Signed addresses have their secret in the query. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function cacheKeyOf({ url }: LfsEndpoint, oid: string): string {
  return `git/lfs/${toHex(sha1(new TextEncoder().encode(url)))}/${oid}`;
}
