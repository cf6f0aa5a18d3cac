// The accounts: who sends a request, what that one may do, and what begins and ends a session.

import { equalInConstantTime } from '../base/constant-time.ts';
import { awakeMs } from '../base/elapsed-time.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { ensureAccountSecrets } from '../operation/account-secrets.ts';
import type { Platform } from '../platform.ts';
import { type AccountBook, createAccountBook } from './account-book.ts';
import { checkPassword } from './check-password.ts';
import { hostOf, readSessionCookie } from './cookies.ts';
import { createLoginLimits } from './login-limits.ts';
import { createMemo } from './memo.ts';
import { createOidcProviders, type OidcProviders } from './oidc-provider.ts';
import { ANONYMOUS, MACHINE, type Principal } from './principal.ts';
import { createProjectTokenBook, type ProjectTokenBook } from './project-token-book.ts';
import { writeRevocation } from './revocations.ts';
import { ALL_RIGHTS, type Rights } from './rights.ts';
import { rightsOf } from './rights-of.ts';
import { invalidSession, isJwt, type NewToken, type SigningKey, signToken } from './session-token.ts';
import { type AccountSettings, createSettingsReader } from './settings.ts';
import { verifyToken } from './verify.ts';

export interface Accounts {
  /** Throws `Unauthenticated` for what is no valid session, and where nobody may come without one. */
  authenticate(request: Request): Promise<Principal>;
  rightsOf(principal: Principal): Promise<Rights>;
  /** At most two seconds old. */
  settings(): Promise<AccountSettings>;
  /** A session's token. Throws `Unauthenticated`, without a word on what was wrong. */
  login(name: string, password: string): Promise<string>;
  /** A session of somebody whom an OIDC provider vouches for; it lasts as long as every other. */
  openSession(session: NewToken): Promise<string>;
  /** Throws `Unauthenticated` unless this is the password of the account. */
  checkPassword(name: string, password: string): Promise<void>;
  /** Ends a session before its time. Tokens of accounts and projects are taken back in their lists instead. */
  revoke(principal: Principal): Promise<void>;
  /** What sessions are signed with; made where there is none. */
  signingKey(): Promise<SigningKey>;
  readonly book: AccountBook;
  readonly projectTokens: ProjectTokenBook;
  readonly oidc: OidcProviders;
}

export type AccountPlatform = Pick<Platform, 'settings' | 'clock' | 'log' | 'random' | 'fetch' | 'metrics'>;

export interface AccountsParts {
  readonly platform: AccountPlatform;
  /** The cluster of argocd-secret and its companions. */
  readonly home: KubeClient;
  /** hawser's own token; made where there is none. */
  token(): Promise<string>;
}

const LOOPBACK_HOSTS = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** Warnings that were given; the settings are read again and again. */
const MOST_TOLD = 1_000;

export function createAccounts({ platform, home, token }: AccountsParts): Accounts {
  const { clock, log } = platform;
  const { namespace } = platform.settings;
  const told = new Set<string>();
  const warn = (message: string, fields: Readonly<Record<string, string>>) => {
    const key = `${message} ${JSON.stringify(fields)}`;
    if (told.has(key)) return;
    if (told.size >= MOST_TOLD) told.clear();
    told.add(key);
    log.warn(message, fields);
  };
  const memo = createMemo(createSettingsReader({ home, namespace, warn }), awakeMs);
  const limits = createLoginLimits(awakeMs);
  const oidc = createOidcProviders(platform.fetch);

  async function authenticate(request: Request): Promise<Principal> {
    const header = request.headers.get('authorization');
    if (header !== null) return bearerOf(header);
    try {
      const cookie = readSessionCookie(request);
      if (cookie === undefined) throw noSession();
      return { ...(await principalOf(cookie)), isCookie: true };
    } catch (error) {
      // As in Argo CD, whoever may come without a session may come with one that has ended. A bad token in a header is not taken for none,
      // unlike there: whoever sends one means to be somebody.
      if (isHawserError(error, 'Unauthenticated') && (await mayBeAnonymous(request))) return ANONYMOUS;
      throw error;
    }
  }

  async function bearerOf(header: string): Promise<Principal> {
    const bearer = /^Bearer +(\S+) *$/i.exec(header)?.[1];
    if (bearer === undefined) throw noSession();
    if (await isMachine(bearer)) return MACHINE;
    if (isJwt(bearer)) return principalOf(bearer);
    throw invalidSession('the token is wrong');
  }

  /** One that is not known may have been made a moment ago: then it is looked up. */
  async function principalOf(session: string): Promise<Principal> {
    const verify = (settings: AccountSettings) => verifyToken(session, { settings, nowMs: clock.now(), oidc });
    const settings = await memo.now();
    try {
      return await verify(settings);
    } catch (error) {
      if (!isHawserError(error, 'Unauthenticated') || error.data.isFinal === true) throw error;
      const fresh = await memo.fresh();
      if (!fresh) throw error;
      return verify(fresh);
    }
  }

  async function isMachine(bearer: string): Promise<boolean> {
    if (platform.settings.token) return equalInConstantTime(bearer, platform.settings.token);
    if (isJwt(bearer)) return false;
    const { machineToken } = await memo.now();
    if (machineToken !== undefined && (await equalInConstantTime(bearer, machineToken))) return true;
    const fresh = await memo.fresh();
    const known = fresh?.machineToken ?? (machineToken === undefined ? await token() : undefined);
    return known !== undefined && equalInConstantTime(bearer, known);
  }

  /** A page of another site can make a browser send requests here under its own host name (DNS rebinding). */
  async function mayBeAnonymous(request: Request): Promise<boolean> {
    const { isAnonymousEnabled, urls } = await memo.now();
    if (!isAnonymousEnabled || !platform.settings.loopback) return isAnonymousEnabled;
    const host = hostOf(request);
    return LOOPBACK_HOSTS.test(host) || urls.some((url) => new URL(url).host === host);
  }

  async function signingKey(): Promise<SigningKey> {
    const { signingKey: known } = await memo.now();
    if (known) return known;
    const made = (await withSecrets()).signingKey;
    if (made) return made;
    throw new HawserError('Unavailable', 'the key for sessions (server.secretkey of argocd-secret) is not there');
  }

  /** The settings, after what accounts need was made. */
  async function withSecrets(): Promise<AccountSettings> {
    await ensureAccountSecrets(home, platform);
    memo.drop();
    return memo.now();
  }

  async function withPassword(name: string, password: string): Promise<void> {
    const known = await memo.now();
    const isFirst = known.accounts.get('admin')?.passwordHash === undefined || !known.signingKey;
    const { accounts } = isFirst ? await withSecrets() : known;
    const world = (list: AccountSettings['accounts']) => ({
      accounts: list,
      limits,
      random: (length: number) => platform.random(length),
    });
    await checkPassword(name, password, world(accounts));
  }

  async function openSession(session: NewToken): Promise<string> {
    const key = await signingKey();
    const { sessionSeconds } = await memo.now();
    return (await signToken(key, clock.now(), { ...session, expiresIn: sessionSeconds })).token;
  }

  const changed = () => memo.drop();
  const bookParts = { home, namespace, clock, settings: () => memo.now(), signingKey, changed };
  return {
    authenticate,
    rightsOf: async (principal) => (principal.kind === 'machine' ? ALL_RIGHTS : rightsOf(principal, await memo.now())),
    settings: () => memo.now(),
    login: async (name, password) => {
      if (name === '' || password === '') throw new HawserError('Unauthenticated', 'no credentials supplied');
      await withPassword(name, password);
      return openSession({ subject: `${name}:login`, id: crypto.randomUUID() });
    },
    openSession,
    checkPassword: withPassword,
    revoke: async ({ isSession, tokenId, expiresAt }) => {
      const now = clock.now() / 1000;
      if (!isSession || tokenId === undefined || expiresAt === undefined || expiresAt <= now) return;
      await writeRevocation(home, namespace, { tokenId, expiresAt, now });
      memo.drop();
    },
    signingKey,
    book: createAccountBook(bookParts),
    projectTokens: createProjectTokenBook(bookParts),
    oidc,
  };
}

function noSession(): HawserError {
  return new HawserError('Unauthenticated', 'no session information', {
    hint: 'log in, or send Authorization: Bearer with a token',
  });
}
