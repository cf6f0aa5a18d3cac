// Local accounts: `accounts.NAME` of argocd-cm, their passwords and tokens in argocd-secret (Argo CD: util/settings/accounts.go).

import { isObject } from '../base/json.ts';

export const CAPABILITIES = ['login', 'apiKey'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export const ADMIN_ACCOUNT = 'admin';

/** An API token that was given out and not taken back; times in seconds since the Unix epoch. */
export interface AccountToken {
  readonly id: string;
  readonly iat: number;
  readonly exp?: number;
}

export interface Account {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly capabilities: readonly Capability[];
  /** bcrypt; undefined without a password. */
  readonly passwordHash?: string;
  /** Milliseconds since the Unix epoch: what was given out before is not valid. */
  readonly passwordMtimeMs?: number;
  readonly tokens: readonly AccountToken[];
}

export type AccountKey = 'password' | 'passwordMtime' | 'tokens';

/** The key of argocd-secret. */
export function accountKey(name: string, key: AccountKey): string {
  return name === ADMIN_ACCOUNT ? `admin.${key}` : `accounts.${name}.${key}`;
}

/** By name. What cannot be read of one is to its disadvantage. */
export function parseAccounts(
  config: Readonly<Record<string, string>>,
  secret: Readonly<Record<string, string>>,
): ReadonlyMap<string, Account> {
  const names = Object.keys(config).flatMap((key) => /^accounts\.([^.]+)(?:\.[^.]*)?$/.exec(key)?.[1] ?? []);
  return new Map(
    [...new Set([ADMIN_ACCOUNT, ...names])].map((name) => [name, parseAccount(name, config, secret)] as const),
  );
}

function parseAccount(
  name: string,
  config: Readonly<Record<string, string>>,
  secret: Readonly<Record<string, string>>,
): Account {
  const isAdmin = name === ADMIN_ACCOUNT;
  const own = config[`accounts.${name}`] ?? '';
  const listed = own.split(',').map((text) => text.trim());
  const enabled = [config[`accounts.${name}.enabled`], isAdmin ? config['admin.enabled'] : undefined];
  const hash = secret[accountKey(name, 'password')];
  const mtime = secret[accountKey(name, 'passwordMtime')];
  const mtimeMs = mtime === undefined ? undefined : Date.parse(mtime);
  const isReadable = mtimeMs === undefined || Number.isFinite(mtimeMs);
  return {
    name,
    isEnabled: isReadable && enabled.every((text) => text === undefined || isTrue(text)),
    capabilities: CAPABILITIES.filter((name) => listed.includes(name) || (isAdmin && name === 'login')),
    ...(hash && { passwordHash: hash }),
    ...(mtimeMs !== undefined && isReadable && { passwordMtimeMs: mtimeMs }),
    tokens: parseTokens(secret[accountKey(name, 'tokens')]),
  };
}

/** Go's strconv.ParseBool. */
export function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text);
}

export function parseTokens(text: string | undefined): AccountToken[] {
  if (!text) return [];
  try {
    const list: unknown = JSON.parse(text);
    return (Array.isArray(list) ? list : []).flatMap((entry) => {
      if (!isObject(entry) || typeof entry.id !== 'string' || typeof entry.iat !== 'number') return [];
      return [{ id: entry.id, iat: entry.iat, ...(typeof entry.exp === 'number' && { exp: entry.exp }) }];
    });
  } catch {
    return []; // Nobody can have a token of a list that cannot be read.
  }
}
