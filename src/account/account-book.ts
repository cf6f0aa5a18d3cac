// Changing local accounts: their passwords and API tokens, which stand in argocd-secret (Argo CD: server/account/account.go).

import { HawserError } from '../base/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import { isAlreadyExists, isConflict } from '../kube/refusal.ts';
import { formatSecond, hashPassword, writeSecretValues } from '../operation/account-secrets.ts';
import { configData, decodeSecret, SECRET_NAME } from '../operation/settings.ts';
import type { Clock } from '../platform.ts';
import { compileRegexp, matchesRegexp } from '../render/go/regexp.ts';
import { type Account, accountKey, parseAccounts } from './local-accounts.ts';
import { type SigningKey, signToken } from './session-token.ts';
import type { AccountSettings } from './settings.ts';

export interface AccountBook {
  /** Throws `InvalidInput` for a password that `passwordPattern` does not match, `NotFound` for an unknown account. */
  setPassword(name: string, password: string): Promise<void>;
  /** The token itself, which is kept nowhere. Throws `AlreadyExists` for an id that has one, `FailedPrecondition` without `apiKey`. */
  createToken(name: string, request: { readonly id?: string; readonly expiresIn?: number }): Promise<string>;
  /** Throws `NotFound`. */
  deleteToken(name: string, id: string): Promise<void>;
}

export interface AccountBookParts {
  readonly home: KubeClient;
  readonly namespace: string;
  readonly clock: Clock;
  settings(): Promise<AccountSettings>;
  signingKey(): Promise<SigningKey>;
  /** Called after each write. */
  changed(): void;
}

type Values = Readonly<Record<string, string | null>>;

const TRIES = 5;

export function createAccountBook(parts: AccountBookParts): AccountBook {
  const { home, namespace, clock } = parts;

  /** Reads the account, and writes what `change` makes of it, until nobody else has written meanwhile. */
  async function update(name: string, change: (account: Account) => Promise<Values>): Promise<void> {
    for (let tries = 1; ; tries++) {
      const [secret, config] = await Promise.all([
        home.get({ apiVersion: 'v1', kind: 'Secret', namespace, name: SECRET_NAME }),
        home.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' }),
      ]);
      const account = parseAccounts(configData(config), decodeSecret(secret)).get(name);
      if (!account) throw unknownAccount(name);
      const values = await change(account);
      try {
        await writeSecretValues(home, namespace, secret, values);
        return;
      } catch (error) {
        if (tries === TRIES || !(isConflict(error) || isAlreadyExists(error))) throw error;
      } finally {
        parts.changed();
      }
    }
  }

  return {
    setPassword: async (name, password) => {
      const { passwordPattern } = await parts.settings();
      if (!matchesRegexp(compileRegexp(passwordPattern), password)) {
        throw new HawserError(
          'InvalidInput',
          `new password does not match the following expression: ${passwordPattern}`,
        );
      }
      const hash = await hashPassword(password);
      await update(name, async () => ({
        [accountKey(name, 'password')]: hash,
        [accountKey(name, 'passwordMtime')]: formatSecond(clock.now()),
      }));
    },
    createToken: async (name, { id = crypto.randomUUID(), expiresIn = 0 }) => {
      const key = await parts.signingKey();
      const subject = `${name}:apiKey`;
      let made = '';
      await update(name, async ({ tokens, capabilities }) => {
        if (tokens.some((token) => token.id === id)) {
          throw new HawserError('AlreadyExists', `account already has token with id '${id}'`);
        }
        if (!capabilities.includes('apiKey')) {
          throw new HawserError('FailedPrecondition', `account '${name}' does not have apiKey capability`, {
            hint: `accounts.${name} of argocd-cm says which it has`,
          });
        }
        const { token, claims } = await signToken(key, clock.now(), { subject, id, expiresIn });
        made = token;
        const { iat, exp } = claims;
        const all = [...tokens, { id, iat, ...(exp !== undefined && { exp }) }];
        return { [accountKey(name, 'tokens')]: JSON.stringify(all) };
      });
      return made;
    },
    deleteToken: (name, id) =>
      update(name, async ({ tokens }) => {
        const left = tokens.filter((token) => token.id !== id);
        if (left.length === tokens.length) {
          throw new HawserError('NotFound', `token with id '${id}' does not exist`);
        }
        return { [accountKey(name, 'tokens')]: left.length > 0 ? JSON.stringify(left) : null };
      }),
  };
}

export function unknownAccount(name: string): HawserError {
  return new HawserError('NotFound', `account '${name}' does not exist`);
}
