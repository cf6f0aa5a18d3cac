// The journal as an append-only file: a record counts once its line is on the disk (fdatasync). Removed records vanish when it is rewritten.

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Journal } from '../platform.ts';

/** The file is rewritten when it has this many lines more than records. */
const SLACK = 1000;

type Line = { readonly put: string; readonly record: string } | { readonly remove: string };

/** Opens (or makes) the journal at `path`. A last line that a crash cut short is dropped: it was never acknowledged. */
export async function openJournal(path: string): Promise<Journal & { close(): Promise<void> }> {
  await mkdir(dirname(path), { recursive: true });
  const records = new Map<string, string>();
  for (const line of parseLines(await readFile(path, 'utf8').catch(emptyIfMissing))) apply(records, line);
  await rewrite(path, records);
  let file = await open(path, 'a');
  let lines = records.size;
  let written: Promise<unknown> = Promise.resolve();
  let waiting: string[] = [];
  let next: Promise<void> | undefined;

  /** All lines that came while the disk was busy go out with the next write, share its sync, and fail with it. */
  function append(line: Line): Promise<void> {
    waiting.push(`${JSON.stringify(line)}\n`);
    next ??= written.then(flush);
    written = next.catch(() => undefined);
    return next;
  }

  async function flush(): Promise<void> {
    const batch = waiting;
    waiting = [];
    next = undefined;
    lines += batch.length;
    await file.write(batch.join(''));
    await file.datasync();
    if (lines <= records.size + SLACK) return;
    await file.close();
    await rewrite(path, records);
    file = await open(path, 'a');
    lines = records.size;
  }

  return {
    put: (id, record) => {
      records.delete(id);
      records.set(id, record);
      return append({ put: id, record });
    },
    remove: async (id) => {
      if (records.delete(id)) await append({ remove: id });
    },
    list: async () => [...records].map(([id, record]) => ({ id, record })),
    close: async () => {
      await written;
      await file.close();
    },
  };
}

function emptyIfMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

function* parseLines(text: string): Generator<Line> {
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      yield JSON.parse(line) as Line;
    } catch {
      return; // Cut short by a crash: whatever follows was never acknowledged.
    }
  }
}

function apply(records: Map<string, string>, line: Line): void {
  if ('put' in line) records.set(line.put, line.record);
  else records.delete(line.remove);
}

async function rewrite(path: string, records: ReadonlyMap<string, string>): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.write([...records].map(([put, record]) => `${JSON.stringify({ put, record })}\n`).join(''));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
