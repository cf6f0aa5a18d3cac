// Whether repositories can be reached: tried for whoever asks, and not again within a minute.

import type { RepositoryData } from '../application/repository-secret.ts';
import { typeOfRepository } from '../application/repository-shape.ts';
import { formatError } from '../base/errors.ts';
import { createLimiter } from '../base/limiter.ts';
import type { Clock } from '../platform.ts';
import { createRemembered } from './remembered.ts';
import { formatTime } from './road.ts';
import type { SecretRecord } from './secret-records.ts';

/** As Argo CD's API has it (v1alpha1.ConnectionState). */
export interface ConnectionState {
  readonly status: 'Successful' | 'Failed' | 'Unknown';
  readonly message: string;
  /** RFC 3339. */
  readonly attemptedAt: string | null;
}

export interface ConnectionStates {
  stateOf(data: RepositoryData, record: SecretRecord, options: { readonly isFresh: boolean }): Promise<ConnectionState>;
  /** What was found within the last minute; `Unknown` otherwise. */
  known(record: SecretRecord): ConnectionState;
}

const REMEMBERED_MS = 60_000;
const AT_ONCE = 8;

export function createConnectionStates(
  clock: Clock,
  test: (data: RepositoryData) => Promise<unknown>,
): ConnectionStates {
  const known = createRemembered<ConnectionState>(clock, REMEMBERED_MS);
  const limited = createLimiter(AT_ONCE);

  async function look(data: RepositoryData): Promise<ConnectionState> {
    try {
      await limited(() => test({ ...data, type: typeOfRepository(data) }));
      return { status: 'Successful', message: '', attemptedAt: formatTime(clock.now()) };
    } catch (error) {
      const message = `Unable to connect to repository: ${formatError(error)}`;
      return { status: 'Failed', message, attemptedAt: formatTime(clock.now()) };
    }
  }

  return {
    stateOf: (data, record, { isFresh }) => known.get(keyOf(record), () => look(data), isFresh),
    known: (record) => known.peek(keyOf(record)) ?? NOT_TRIED,
  };
}

/** Nobody has looked of late. */
export const NOT_TRIED: ConnectionState = { status: 'Unknown', message: '', attemptedAt: null };

function keyOf({ object: { metadata } }: SecretRecord): string {
  return `${metadata.uid ?? metadata.name} ${metadata.resourceVersion}`;
}
