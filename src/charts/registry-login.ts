// What a registry asks for with a 401: the credentials themselves, or a token that its authorization server gives for them
// (Docker registry v2 token authentication).

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { bodyOf, type DownloadSettings, download } from './download.ts';
import type { OciChart } from './location.ts';

const MAX_TOKEN_BYTES = 1 << 20;

/**
 * The Authorization header that answers a challenge; undefined where there is nothing to answer with. Without credentials a token is
 * asked for anonymously. The authorization server is often another host than the registry: that one may ask for the password itself,
 * so it may name who is to see it, but never over a connection that is less safe than its own.
 */
export async function answerChallenge(
  settings: DownloadSettings,
  chart: OciChart,
  challenge: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { authorization, connection, registry, repository } = chart;
  const scheme = /^\s*([A-Za-z]+)/.exec(challenge)?.[1]?.toLowerCase();
  if (scheme !== 'bearer' || authorization?.startsWith('Bearer ')) return authorization;
  const parameters = parametersOf(challenge);
  const realm = parameters.get('realm') ?? '';
  if (!URL.canParse(realm))
    throw new HawserError('ChartFailed', `${registry} wants a token and does not say from where`);
  const url = new URL(realm);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && registry.startsWith('http:'));
  if (!isSafe)
    throw new HawserError('ChartFailed', `${registry} wants a token from ${url.origin}, which is not encrypted`);
  const service = parameters.get('service');
  if (service) url.searchParams.set('service', service);
  url.searchParams.set('scope', parameters.get('scope') ?? `repository:${repository}:pull`);
  const isOwn = url.origin === registry;
  const { ca, proxy, noProxy } = connection;
  const answer = await download(settings, {
    url: url.href,
    authorization,
    connection: isOwn ? connection : { ...(ca && { ca }), ...(proxy && { proxy }), ...(noProxy && { noProxy }) },
    maxBytes: MAX_TOKEN_BYTES,
    signal,
  });
  const token = tokenOf(bodyOf(answer, url.href, authorization !== undefined));
  if (token === undefined) throw new HawserError('ChartFailed', `${url.origin} gave no token`);
  return `Bearer ${token}`;
}

/** `realm="…",service="…"`; a value may hold commas. */
function parametersOf(challenge: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, key = '', quoted, bare] of challenge.matchAll(/([A-Za-z]+)=(?:"([^"]*)"|([^\s,"]+))/g)) {
    found.set(key.toLowerCase(), quoted ?? bare ?? '');
  }
  return found;
}

function tokenOf(body: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    const token = isObject(value) ? (value.token ?? value.access_token) : undefined;
    return typeof token === 'string' && token !== '' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined; // Told by the caller, without the answer's text, which may hold a token.
  }
}
