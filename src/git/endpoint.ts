// Finding a repository's smart HTTP services: the address after redirects, the protocol version, what the server can do.

import { HawserError } from '../base/errors.ts';
import type { ConnectionOptions } from '../platform.ts';
import { type HttpAnswer, type HttpSettings, send } from './http.ts';
import { type Packet, packetText, parsePackets } from './pkt-line.ts';
import { type Remote, type RemoteAddress, readRemoteAddress } from './remote.ts';

export interface Endpoint {
  readonly service: Service;
  /** The repository's address after redirects, without a trailing slash. */
  readonly url: string;
  readonly authorization?: string;
  readonly connection: ConnectionOptions;
  readonly version: 0 | 2;
  /** By name; the value is '' where a capability has none. */
  readonly capabilities: ReadonlyMap<string, string>;
  /** Version 0 advertises its refs at once: `<id> <name>` lines. */
  readonly advertised: readonly string[];
  readonly symrefs: readonly string[];
}

/** What a repository's smart HTTP offers: to fetch, and to push. */
export type Service = 'git-upload-pack' | 'git-receive-pack';

const tailOf = (service: Service) => `/info/refs?service=${service}`;
const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];
/** GitHub answers web pages to those who are not called git. */
const USER_AGENT = 'git/hawser';

/**
 * Asks `remote` what it is. Follows redirects, at most a few and never from https to http; credentials and client
 * certificates go to the remote's own scheme, host and port only. An address that is not found is tried again with
 * `.git`. Throws `GitUnauthorized`, `GitFailed`, `Unavailable`, `Timeout`, `Unsupported`.
 */
export async function discoverEndpoint(
  settings: HttpSettings,
  remote: Remote,
  signal: AbortSignal | undefined,
  service: Service = 'git-upload-pack',
): Promise<Endpoint> {
  const address = readRemoteAddress(remote);
  const asked = { remote, address, service };
  try {
    return await discoverAt(settings, asked, address.url, signal);
  } catch (error) {
    const isMissing = error instanceof HawserError && error.data.status === 404;
    if (!isMissing || address.url.endsWith('.git')) throw error;
    try {
      return await discoverAt(settings, asked, `${address.url}.git`, signal);
    } catch (second) {
      throw second instanceof HawserError && second.data.status === 404 ? error : second;
    }
  }
}

/** Sends one request to an endpoint's service and gives the answer's bytes. */
export async function callService(
  settings: HttpSettings,
  endpoint: Endpoint,
  body: string | Uint8Array<ArrayBuffer>,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const { service } = endpoint;
  const answer = await send(settings, {
    url: `${endpoint.url}/${service}`,
    headers: {
      ...headersOf(endpoint.authorization),
      ...(endpoint.version === 2 && { 'git-protocol': 'version=2' }),
      'content-type': `application/x-${service}-request`,
      accept: `application/x-${service}-result`,
    },
    body,
    isWrite: service === 'git-receive-pack',
    connection: endpoint.connection,
    signal,
  });
  if (answer.status !== 200) throw statusError(endpoint, answer, endpoint.authorization !== undefined);
  return answer.body;
}

interface Asked {
  readonly remote: Remote;
  readonly address: RemoteAddress;
  readonly service: Service;
}

async function discoverAt(
  settings: HttpSettings,
  { remote, address, service }: Asked,
  start: string,
  signal: AbortSignal | undefined,
): Promise<Endpoint> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const own = new URL(url).origin === new URL(address.url).origin;
    const authorization = own ? address.authorization : undefined;
    const connection = own ? (remote.connection ?? {}) : foreignConnection(remote.connection);
    // Pushes have no version 2.
    const version = service === 'git-upload-pack' && { 'git-protocol': 'version=2' };
    const headers = { ...headersOf(authorization), ...version };
    const answer = await send(settings, { url: url + tailOf(service), headers, connection, signal });
    if (REDIRECTS.includes(answer.status)) {
      url = redirectTarget(url, service, answer);
      continue;
    }
    if (answer.status !== 200) throw statusError({ url, service }, answer, authorization !== undefined, !own);
    const advertised = parseAdvertisement({ url, service }, answer);
    return { url, service, ...(authorization && { authorization }), connection, ...advertised };
  }
  throw new HawserError('GitFailed', `${start} redirects more than ${MAX_REDIRECTS} times`);
}

function headersOf(authorization: string | undefined): Record<string, string> {
  return { 'user-agent': USER_AGENT, ...(authorization && { authorization }) };
}

/** Another host gets neither the client certificate nor leave to show any certificate. */
function foreignConnection(connection: ConnectionOptions = {}): ConnectionOptions {
  const { ca, proxy, noProxy } = connection;
  return { ...(ca && { ca }), ...(proxy && { proxy }), ...(noProxy && { noProxy }) };
}

/**
 * As Git itself has it, the tail that was asked for must still be there: `/a` may become `/b.git`, not a page to log
 * in.
 */
function redirectTarget(url: string, service: Service, answer: HttpAnswer): string {
  const asked = url + tailOf(service);
  const location = answer.headers.get('location') ?? '';
  const target = URL.canParse(location, asked) ? new URL(location, asked) : undefined;
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new HawserError('GitFailed', `${url} redirects to nowhere`);
  }
  if (target.protocol === 'http:' && url.startsWith('https:')) {
    throw new HawserError('GitFailed', `${url} redirects to an address that is not encrypted`);
  }
  if (!target.pathname.endsWith('/info/refs')) {
    throw new HawserError(
      'GitUnauthorized',
      `${url} redirects to ${target.origin}${target.pathname}, which is no repository`,
      {
        hint: 'check the URL; servers also do so for a private repository without credentials',
      },
    );
  }
  return target.origin + target.pathname.slice(0, -'/info/refs'.length);
}

function parseAdvertisement(
  { url, service }: Pick<Endpoint, 'url' | 'service'>,
  { headers, body }: HttpAnswer,
): Pick<Endpoint, 'version' | 'capabilities' | 'advertised' | 'symrefs'> {
  const type = headers.get('content-type')?.split(';')[0]?.trim();
  if (type !== `application/x-${service}-advertisement`) {
    throw new HawserError('GitFailed', `${url} answered ${type ?? 'something'}, which is no Git smart HTTP`, {
      hint: "check that the URL is the repository's clone address",
    });
  }
  const lines = [...parsePackets(body)]
    .map(({ packet }) => packet)
    .filter((packet): packet is Exclude<Packet, string> => typeof packet !== 'string')
    .map(packetText)
    .filter((line) => !line.startsWith('# service='));
  const failure = lines.find((line) => line.startsWith('ERR '));
  if (failure !== undefined) throw new HawserError('GitFailed', `${url}: ${failure.slice('ERR '.length)}`);
  if (lines[0] === 'version 2') {
    const capabilities = new Map(lines.slice(1).map(splitCapability));
    checkObjectFormat(url, capabilities.get('object-format'));
    return { version: 2, capabilities, advertised: [], symrefs: [] };
  }
  const refs = lines[0] === 'version 1' ? lines.slice(1) : lines;
  const [first = '', offered = ''] = (refs[0] ?? '').split('\0');
  const words = offered.split(' ').filter((word) => word !== '');
  const capabilities = new Map(words.map(splitCapability));
  checkObjectFormat(url, capabilities.get('object-format'));
  const symrefs = words.filter((word) => word.startsWith('symref=')).map((word) => word.slice('symref='.length));
  return { version: 0, capabilities, advertised: refs.length > 0 ? [first, ...refs.slice(1)] : [], symrefs };
}

function splitCapability(word: string): [string, string] {
  const equals = word.indexOf('=');
  return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1)];
}

function checkObjectFormat(url: string, format: string | undefined): void {
  if (format === undefined || format === 'sha1') return;
  throw new HawserError('Unsupported', `${url} names its objects by ${format}, and only sha1 can be read`);
}

function statusError(
  { url, service }: Pick<Endpoint, 'url' | 'service'>,
  answer: HttpAnswer,
  withCredentials: boolean,
  moved = false,
): HawserError {
  const { status } = answer;
  const isPush = service === 'git-receive-pack';
  const types = isPush ? 'repository-write or repo-write-creds' : 'repository or repo-creds';
  const data = { status };
  if (status === 401 || status === 403) {
    return new HawserError('GitUnauthorized', `the Git server refused ${url} (${status})`, {
      data,
      hint: withCredentials
        ? `check the username, password or token in the repository's Secret (label argocd.argoproj.io/secret-type: ${types})${isPush ? ', and that its account may push' : ''}`
        : moved
          ? 'the repository has moved there: register this address with its credentials'
          : 'make a Secret with the label argocd.argoproj.io/secret-type: repository and the keys url, username and password',
    });
  }
  if (status === 404 || status === 410) {
    return new HawserError('GitFailed', `there is no Git repository at ${url} (${status})`, {
      data: { status: 404 },
      hint: withCredentials
        ? 'check the URL, and that the account may read the repository'
        : 'check the URL; many servers answer so for a private repository without credentials',
    });
  }
  if (status === 429 || status >= 500) {
    return new HawserError('Unavailable', `the Git server answered ${status} for ${url}`, { data });
  }
  return new HawserError('GitFailed', `the Git server answered ${status} for ${url}`, { data });
}
