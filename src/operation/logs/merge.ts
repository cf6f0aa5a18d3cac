// Logs of several Pods as one, by time.

import { compareMoments, type LogLine } from './log-line.ts';

interface Feed {
  readonly lines: AsyncGenerator<LogLine, void, undefined>;
  head?: LogLine | undefined;
  asking?: Promise<void> | undefined;
  askedMs: number;
  isDone: boolean;
}

/**
 * The lines of all streams, the oldest first. Without `patienceMs` each line waits until every stream has told its next one; with it (for
 * logs that are followed) a stream that has been silent for so long is not waited for. Leaving the loop ends the streams.
 */
export async function* mergeByTime(
  streams: readonly AsyncGenerator<LogLine, void, undefined>[],
  patienceMs?: number,
): AsyncGenerator<LogLine, void, undefined> {
  const feeds = streams.map((lines): Feed => ({ lines, askedMs: 0, isDone: false }));
  try {
    for (;;) {
      for (const feed of feeds) if (!feed.isDone && !feed.head && !feed.asking) ask(feed);
      const silent = feeds.filter(({ asking }) => asking !== undefined);
      const oldest = oldestOf(feeds);
      if (silent.length === 0 && !oldest) return;
      const leftMs = patienceMs === undefined ? Number.POSITIVE_INFINITY : waitOf(silent) + patienceMs;
      if (oldest?.head && (silent.length === 0 || leftMs <= 0)) {
        const { head } = oldest;
        oldest.head = undefined;
        yield head;
      } else {
        await firstOf(
          silent.flatMap(({ asking }) => asking ?? []),
          oldest ? leftMs : Number.POSITIVE_INFINITY,
        );
      }
    }
  } finally {
    for (const { lines } of feeds) lines.return().catch(() => undefined);
  }
}

function ask(feed: Feed): void {
  feed.askedMs = performance.now();
  feed.asking = feed.lines.next().then(({ done, value }) => {
    feed.asking = undefined;
    if (done) feed.isDone = true;
    else feed.head = value;
  });
}

function oldestOf(feeds: readonly Feed[]): Feed | undefined {
  let oldest: Feed | undefined;
  for (const feed of feeds) {
    if (feed.head && (!oldest?.head || compareMoments(feed.head.at, oldest.head.at) < 0)) oldest = feed;
  }
  return oldest;
}

/** Since when the one that was asked last is silent, as a time from now: zero or less. */
function waitOf(silent: readonly Feed[]): number {
  return Math.max(...silent.map(({ askedMs }) => askedMs)) - performance.now();
}

async function firstOf(asked: readonly Promise<void>[], ms: number): Promise<void> {
  if (ms === Number.POSITIVE_INFINITY) {
    await Promise.race(asked);
    return;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([...asked, timeout]).finally(() => clearTimeout(timer));
}
