// An Application as it changes: from the server's stream, or, of a server that has none, by looking again and again.

import { setTimeout as sleep } from 'node:timers/promises';
import { isHawserError } from '../../base/errors.ts';
import { at, isObject, stringAt } from '../../base/json.ts';
import { type ServerAddress, streamServer } from '../api-client.ts';
import { getRaw, type RawApplication } from '../app/applications.ts';
import { type AppRef, queryText } from '../app/context.ts';

/** undefined once it is gone. */
export type Change = RawApplication | undefined;

const LOOK_AGAIN_MS = 150;

/** A stream that says nothing at its start is waited for so long before whatever is to be followed begins. */
const OPENING_MS = 1_000;

/**
 * Begins to follow it: what happens from now on is seen, even before the first change is asked for. It goes on until `signal` aborts, which
 * ends it without an error.
 */
export async function followApplication(
  server: ServerAddress,
  ref: AppRef,
  signal: AbortSignal,
): Promise<AsyncGenerator<Change, void, undefined>> {
  const opened = Promise.withResolvers<void>();
  const changes = streamChanges(server, ref, signal, () => opened.resolve());
  // The first change is on its way before it is asked for.
  const first = changes.next();
  const settled = first.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([opened.promise, settled, sleep(OPENING_MS, undefined, { ref: false })]);
  return continueFrom(first, changes, () => pollChanges(server, ref, signal));
}

/** The same, beginning with the Application as it is now: of one that is not there, a stream says nothing. */
export async function* followFromNow(
  server: ServerAddress,
  ref: AppRef,
  signal: AbortSignal,
): AsyncGenerator<Change, void, undefined> {
  const changes = await followApplication(server, ref, signal);
  yield await getIfThere(server, ref);
  yield* changes;
}

async function* continueFrom(
  first: Promise<IteratorResult<Change, void>>,
  changes: AsyncGenerator<Change, void, undefined>,
  poll: () => AsyncGenerator<Change, void, undefined>,
): AsyncGenerator<Change, void, undefined> {
  try {
    for (let next = await first; !next.done; next = await changes.next()) yield next.value;
  } catch (error) {
    // A server without the stream, or one that ended it: what it says of the Application itself still counts.
    const hasNoStream = ['NotFound', 'Unsupported', 'MethodNotAllowed', 'Unavailable'] as const;
    if (!hasNoStream.some((code) => isHawserError(error, code))) throw error;
  }
  yield* poll();
}

async function* streamChanges(
  server: ServerAddress,
  ref: AppRef,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<Change, void, undefined> {
  const query = queryText({ name: ref.name, appNamespace: ref.namespace });
  for await (const event of streamServer(server, `/api/v1/stream/applications${query}`, { signal, onOpen })) {
    const application = at(event, 'application');
    if (!isObject(application) || stringAt(application, 'metadata', 'name') !== ref.name) continue;
    yield at(event, 'type') === 'DELETED' ? undefined : application;
  }
}

async function* pollChanges(
  server: ServerAddress,
  ref: AppRef,
  signal: AbortSignal,
): AsyncGenerator<Change, void, undefined> {
  while (!signal.aborted) {
    yield await getIfThere(server, ref);
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function getIfThere(server: ServerAddress, ref: AppRef): Promise<Change> {
  try {
    return await getRaw(server, ref);
  } catch (error) {
    // What may not be known of looks as what is not there.
    if (isHawserError(error, 'NotFound') || isHawserError(error, 'Forbidden')) return undefined;
    throw error;
  }
}
