// Single sign-on from the command line: the authorization code flow with PKCE (RFC 7636, RFC 8252), with a listener on this machine that the
// provider sends the browser back to.

import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { HawserError, messageOf } from '../base/errors.ts';
import { isObject, stringAt } from '../base/json.ts';
import type { CommandIo } from './io.ts';
import { claimsOf, type Session } from './token.ts';

export interface ProviderOptions {
  /** The provider knows `http://localhost:8085/auth/callback`. */
  readonly port: number;
  /** In place of http://localhost:PORT, where something stands before it. */
  readonly callback?: string;
  readonly launchBrowser: boolean;
}

const CALLBACK_PATH = '/auth/callback';
const LIMIT_MS = 30_000;
const DONE = `<!doctype html><title>hawser</title><p>You are logged in. This page can be closed.</p>`;

interface Provider {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

/** `config` is what the server's settings tell: issuer, clientID, cliClientID, scopes. */
export async function logInByProvider(
  io: CommandIo,
  config: Readonly<Record<string, unknown>>,
  { port, callback, launchBrowser }: ProviderOptions,
): Promise<Session> {
  const provider = await discover(stringAt(config, 'issuer') ?? '');
  const clientId = stringAt(config, 'cliClientID') || stringAt(config, 'clientID') || '';
  const scopes = Array.isArray(config.scopes) && config.scopes.length > 0 ? config.scopes : SCOPES;
  const [state, nonce, verifier] = [24, 24, 32].map((length) => randomBytes(length).toString('base64url'));
  const redirectUri = `${callback?.replace(/\/+$/, '') ?? `http://localhost:${port}`}${CALLBACK_PATH}`;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: state ?? '',
    nonce: nonce ?? '',
    code_challenge: createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { authorizationEndpoint: endpoint } = provider;
  const page = `${endpoint}${endpoint.includes('?') ? '&' : '?'}${query}`;
  const code = await waitForCode(io, port, state ?? '', async () => {
    io.stderr(`To log in, open this page in a browser:\n\n  ${page}\n\n`);
    if (launchBrowser) await openBrowser(page);
  });
  const answer = await exchange(provider, {
    ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri },
    ...{ client_id: clientId, code_verifier: verifier ?? '' },
  });
  const token = stringAt(answer, 'id_token');
  if (!token) throw new HawserError('Unavailable', `${provider.issuer} answers without an id_token`);
  if (claimsOf(token).nonce !== nonce) {
    throw new HawserError('Unauthenticated', `${provider.issuer} answers with a token for another login`);
  }
  const refreshToken = stringAt(answer, 'refresh_token');
  return { token, ...(refreshToken && { refreshToken }) };
}

/** Argo CD's default. */
const SCOPES = ['openid', 'profile', 'email', 'groups'];

async function discover(issuer: string): Promise<Provider> {
  const answer = await ask(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`, {});
  const authorizationEndpoint = stringAt(answer, 'authorization_endpoint');
  const tokenEndpoint = stringAt(answer, 'token_endpoint');
  if (stringAt(answer, 'issuer') === issuer && authorizationEndpoint && tokenEndpoint) {
    return { issuer, authorizationEndpoint, tokenEndpoint };
  }
  throw new HawserError('Unavailable', `${issuer} does not describe itself as the provider that the server trusts`);
}

function exchange({ tokenEndpoint }: Provider, fields: Readonly<Record<string, string>>) {
  return ask(tokenEndpoint, { method: 'POST', body: new URLSearchParams(fields) });
}

async function ask(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const place = URL.canParse(url) ? new URL(url).origin : url;
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(LIMIT_MS) });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && isObject(answer)) return answer;
    const why = stringAt(answer, 'error_description') ?? stringAt(answer, 'error') ?? '';
    throw new HawserError('Unauthenticated', `${place} answers ${response.status}${why && `: ${why}`}`);
  } catch (error) {
    if (error instanceof HawserError) throw error;
    throw new HawserError('Unavailable', `${place} cannot be reached: ${messageOf(error)}`, { cause: error });
  }
}

/** The code with which the provider sends the browser here. Anything else that asks is refused, and waited past. */
function waitForCode(
  { interrupted }: CommandIo,
  port: number,
  state: string,
  onListening: () => Promise<void>,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', connection: 'close' }).end(text);
    if (pathname !== CALLBACK_PATH || searchParams.get('state') !== state)
      return answer(400, 'no login waits for this');
    const code = searchParams.get('code');
    if (code) {
      answer(200, DONE);
      return resolve(code);
    }
    answer(400, 'The provider has refused the login.');
    const error = searchParams.get('error_description') ?? searchParams.get('error') ?? 'without a reason';
    return reject(new HawserError('Unauthenticated', `the provider has refused the login: ${error}`));
  });
  server.on('error', (error) =>
    reject(
      new HawserError('Unavailable', `port ${port} of this machine is not free: ${messageOf(error)}`, {
        hint: 'the provider must know the address of another one that --sso-port names',
      }),
    ),
  );
  interrupted.addEventListener('abort', () => reject(interrupted.reason), { once: true });
  server.listen(port, '127.0.0.1', () => onListening().catch(reject));
  return promise.finally(() => server.close());
}

/** Where it cannot be started, the address that was printed is there to be copied. */
async function openBrowser(page: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const [program, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  spawn(program ?? 'xdg-open', [...args, page], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
