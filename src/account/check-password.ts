// Whether a password is the one of a local account. Whoever is told no does not learn from the answer, nor from its time, whether there is
// such an account (Argo CD: VerifyUsernamePassword).

import { compare } from 'bcryptjs';
import { delay } from '../base/delay.ts';
import { awakeMs } from '../base/elapsed-time.ts';
import { HawserError } from '../base/errors.ts';
import type { Account } from './local-accounts.ts';
import type { LoginLimits } from './login-limits.ts';

const LONGEST_NAME_BYTES = 32;
const NOISE_MS = { least: 500, span: 500 };
/** Of nothing that anybody could send: what is compared where there is no account. */
const NOBODY = '$2b$10$CwTycUXWue0Thq9StjUM0uJ8.rLJvyJ4kO2YvQXf1n1m4V7M6Qx3e';

export interface PasswordWorld {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly limits: LoginLimits;
  random(length: number): Uint8Array;
}

/** Throws `Unauthenticated`, `InvalidInput` for a name that is too long, or `TooMany`. */
export async function checkPassword(name: string, password: string, world: PasswordWorld): Promise<Account> {
  if (password === '') throw new HawserError('Unauthenticated', 'Blank passwords are not allowed');
  if (new TextEncoder().encode(name).length > LONGEST_NAME_BYTES) {
    throw new HawserError('InvalidInput', `Username is too long (${LONGEST_NAME_BYTES} bytes max)`);
  }
  const begunMs = awakeMs();
  const account = world.accounts.get(name);
  try {
    return await world.limits.run(() => compareWith(account, name, password, world.limits));
  } catch (error) {
    const [noise = 0] = world.random(1);
    const untilMs = begunMs + NOISE_MS.least + (noise / 256) * NOISE_MS.span;
    await delay(Math.max(0, untilMs - awakeMs()));
    throw error;
  }
}

async function compareWith(
  account: Account | undefined,
  name: string,
  password: string,
  limits: LoginLimits,
): Promise<Account> {
  const wrong = () => new HawserError('Unauthenticated', 'Invalid username or password');
  if (limits.isLocked(name)) throw wrong();
  const isRight = await compare(password, account?.passwordHash ?? NOBODY).catch(() => false);
  if (!account || account.passwordHash === undefined || !isRight) {
    limits.failed(name);
    throw wrong();
  }
  if (!account.isEnabled) throw new HawserError('Unauthenticated', `Account ${name} is disabled`);
  if (!account.capabilities.includes('login')) {
    throw new HawserError('Unauthenticated', `Account ${name} does not have login capability`);
  }
  limits.succeeded(name);
  return account;
}
