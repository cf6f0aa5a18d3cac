// Secrets from bindings: a text (.dev.vars, `wrangler secret put`), or what the Secrets Store gives on request. No message has a value.

import { HawserError, messageOf } from '../base/errors.ts';
import type { Clock } from '../platform.ts';

/** A binding of the Secrets Store. It rejects where the store does not have the secret. */
export interface StoredSecret {
  get(): Promise<string>;
}

export type SecretBinding = string | StoredSecret;

/** A secret that may be another one later. */
export interface ChangingSecret {
  /** As it was read last; undefined where nothing is bound. */
  read(): Promise<string | undefined>;
  /** Another one than `refused`, which the other side did not take; undefined where there is none (yet). */
  renew(refused: string): Promise<string | undefined>;
}

/** Whoever sends a wrong token all the time must not make each request two of the store's. */
const RENEW_AFTER_MS = 10_000;

/** Headers take nothing else; a line's end, which a file brought along, belongs to no token. */
const VISIBLE = /^[\x21-\x7e]+$/;

/**
 * undefined where nothing is bound, or nothing in it. Throws `InvalidInput` for what can be no token, `Unavailable` where the store does not
 * give it.
 */
export async function readSecret(name: string, binding: SecretBinding | undefined): Promise<string | undefined> {
  if (binding === undefined || binding === null) return undefined;
  const value = typeof binding === 'string' ? binding : await readStored(name, binding);
  const token = value.trim();
  if (token === '') return undefined;
  if (VISIBLE.test(token)) return token;
  throw new HawserError('InvalidInput', `${name} is no token: it has a space, a line's end or a letter beyond ASCII`, {
    hint: `set it anew: npx wrangler secret put ${name}`,
  });
}

export function createChangingSecret(name: string, binding: SecretBinding | undefined, clock: Clock): ChangingSecret {
  let current: string | undefined;
  let reading: Promise<string | undefined> | undefined;
  let renewing: Promise<string | undefined> | undefined;
  let renewedAtMs = Number.NEGATIVE_INFINITY;

  async function readAnew(): Promise<string | undefined> {
    current = await readSecret(name, binding);
    return current;
  }

  async function renewFrom(refused: string): Promise<string | undefined> {
    if (typeof binding === 'string' || clock.now() - renewedAtMs < RENEW_AFTER_MS) return undefined;
    renewedAtMs = clock.now();
    try {
      const found = await readAnew();
      return found === refused ? undefined : found;
    } catch {
      return undefined; // That it was refused says more than that the store does not answer.
    }
  }

  return {
    read: async () => {
      if (current !== undefined) return current;
      // One that failed is done anew.
      reading ??= readAnew().catch((error: unknown) => {
        reading = undefined;
        throw error;
      });
      return reading;
    },
    renew: async (refused) => {
      if (current !== refused) return current;
      renewing ??= renewFrom(refused).finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
  };
}

async function readStored(name: string, binding: StoredSecret): Promise<string> {
  if (typeof binding.get !== 'function') {
    throw new HawserError('InvalidInput', `${name} is bound to something that holds no secret`, {
      hint: `bind a secret of the Secrets Store, or set one: npx wrangler secret put ${name}`,
    });
  }
  try {
    return String(await binding.get());
  } catch (error) {
    throw new HawserError('Unavailable', `the Secrets Store does not give ${name}: ${messageOf(error)}`, {
      hint: 'look at secrets_store_secrets in wrangler.toml, and whether the store has a secret of that name',
      cause: error,
    });
  }
}
