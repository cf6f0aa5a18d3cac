// Reads request bodies under limits of size, time and memory, so that a flood of large or slow ones, which anybody may send, does not keep
// out those that count: where room is wanted, the slowest large one has to go.

import { delay } from '../base/delay.ts';
import { HawserError } from '../base/errors.ts';

/** A body has this long to come, and a second more for each MiB of it that has come. */
const BODY_MS = 10_000;
const MS_PER_BYTE = 1_000 / (1 << 20);

/** Bodies above this size count as large. */
const LARGE_BYTES = 1 << 20;

/** Bodies of all sizes that are read at once. */
const MOST_BODIES = 2_000;

/** In less than this a sender cannot show how slow he is. */
const SHORT_MS = 250;

/** The bodies that are being read. Only a bounded number of them may be large. */
export interface LargeBodies {
  /** `give` is called when it has to go, so that others have room. */
  enter(give: (reason: HawserError) => void): ReadingBody;
}

interface ReadingBody {
  /** So much of it has come. Resolves when there is room for it; a large one waits for that. */
  grow(bytes: number): Promise<void>;
  leave(): void;
}

interface Entry {
  readonly sinceMs: number;
  bytes: number;
  isLarge: boolean;
  readonly give: (reason: HawserError) => void;
}

/** `limit`: large ones at once. */
export function createLargeBodies(limit: number): LargeBodies {
  const entries = new Set<Entry>();
  let left = Promise.withResolvers<void>();

  /** The slowest of these gives its place to another one, unless all of them have only just begun. */
  function evictOneOf(candidates: readonly Entry[]): boolean {
    const nowMs = performance.now();
    const speedOf = ({ bytes, sinceMs }: Entry) => bytes / (nowMs - sinceMs);
    const [slowest] = candidates
      .filter(({ sinceMs }) => nowMs - sinceMs >= SHORT_MS)
      .toSorted((first, second) => speedOf(first) - speedOf(second));
    if (!slowest) return false;
    entries.delete(slowest);
    slowest.give(tooMany());
    return true;
  }

  async function waitForRoom(entry: Entry): Promise<void> {
    while (entries.has(entry)) {
      const large = [...entries].filter(({ isLarge }) => isLarge);
      if (large.length < limit || evictOneOf(large)) {
        entry.isLarge = true;
        return;
      }
      await Promise.race([left.promise, delay(SHORT_MS)]);
    }
  }

  return {
    enter: (give) => {
      if (entries.size >= MOST_BODIES && !evictOneOf([...entries])) throw tooMany();
      const entry: Entry = { sinceMs: performance.now(), bytes: 0, isLarge: false, give };
      entries.add(entry);
      return {
        grow: async (bytes) => {
          entry.bytes = bytes;
          if (!entry.isLarge && bytes > LARGE_BYTES) await waitForRoom(entry);
        },
        leave: () => {
          entries.delete(entry);
          left.resolve();
          left = Promise.withResolvers<void>();
        },
      };
    },
  };
}

/**
 * The whole body. Throws `TooLarge` as soon as more than `limitBytes` have come (or are announced), `Timeout` when it comes too slowly,
 * `Unavailable` when there is no room for it.
 */
export async function readBody(
  request: Request,
  limitBytes: number,
  bodies: LargeBodies,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = Number(request.headers.get('content-length') ?? 0);
  if (announced > limitBytes) throw tooLarge(limitBytes);
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array(0);
  const { promise: given, reject: give } = Promise.withResolvers<never>();
  given.catch(() => undefined); // It is nobody's concern after the body has come.
  const chunks: Uint8Array[] = [];
  let size = 0;
  let entry: ReadingBody | undefined;
  const startedMs = performance.now();
  try {
    entry = bodies.enter(give);
    for (;;) {
      const leftMs = () => startedMs + BODY_MS + size * MS_PER_BYTE - performance.now();
      const { done, value } = await soon(Promise.race([reader.read(), given]), leftMs());
      if (done) break;
      size += value.byteLength;
      if (size > limitBytes) throw tooLarge(limitBytes);
      await soon(Promise.race([entry.grow(size), given]), leftMs());
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined); // The connection may be gone already; the first error is the one to tell.
    throw error;
  } finally {
    entry?.leave();
  }
  return join(chunks, size);
}

async function soon<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(ms, 0));
  });
  try {
    return await Promise.race([work, bound]);
  } finally {
    clearTimeout(timer);
  }
}

/** What was copied is let go of at once: a large body is not held twice. */
function join(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(size);
  let offset = 0;
  for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function tooLarge(limitBytes: number): HawserError {
  return new HawserError('TooLarge', `payload must be valid JSON under ${Math.floor(limitBytes / (1 << 20))} MB`, {
    hint: 'webhook.maxPayloadSizeMB in argocd-cm raises the limit',
  });
}

function tooMany(): HawserError {
  return new HawserError('Unavailable', 'too many large webhook payloads are being read', {
    hint: 'try again in a moment',
  });
}

function tooSlow(): HawserError {
  return new HawserError('Timeout', `the body did not come within ${BODY_MS / 1_000} s`, {
    hint: 'look at the connection between the Git server and hawser',
  });
}
