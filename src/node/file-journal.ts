// The journal as an append-only file: a record counts once its line is on the disk (fdatasync). Removed records vanish when it is rewritten.

import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { Journal } from '../platform.ts';

/** The file is rewritten when it has this many lines more than records. */
const SLACK = 1000;

const MAX_ID = 256;

type Line = { readonly put: string; readonly record: string } | { readonly remove: string };

export interface FileJournal extends Journal {
  /** Lines in the middle that could not be read when it was opened: a disk or a hand has damaged them. */
  readonly damagedLines: number;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: Line;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Opens (or makes) the journal at `path`. A last line that a crash cut short is dropped: it was never acknowledged. So is a line in the
 * middle that cannot be read, and that one alone.
 */
export async function openJournal(path: string): Promise<FileJournal> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await syncFolder(dirname(made));
  const records = new Map<string, string>();
  const { lines: kept, damaged } = parseLines(await readFile(path, 'utf8').catch(emptyIfMissing));
  for (const line of kept) apply(records, line);
  /** undefined after a failure: nobody knows what the file's end is like, so that the next write makes the file anew. */
  let file: FileHandle | undefined = await writeAnew(path, records);
  let lines = records.size;
  let rewriteAt = lines + SLACK;
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  let isClosed = false;

  /** All lines that came while the disk was busy go out with the next write, share its sync, and fail with it. */
  function append(line: Line): Promise<void> {
    // The next process may have opened it.
    if (isClosed) return Promise.reject(new HawserError('Unavailable', 'the journal is closed: the process ends'));
    const written = new Promise<void>((resolve, reject) => waiting.push({ line, resolve, reject }));
    flushing ??= flushAll();
    return written;
  }

  async function flushAll(): Promise<void> {
    // What is asked for in the same moment shares the first write, too.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await writeBatch(batch.map(({ line }) => line));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    // At once: what comes in the next moment must not wait for a flush that has ended.
    flushing = undefined;
  }

  async function writeBatch(batch: readonly Line[]): Promise<void> {
    if (file) {
      try {
        await file.appendFile(batch.map(formatLine).join(''));
        await file.datasync();
        lines += batch.length;
      } catch (error) {
        // What a failed sync has left on the disk cannot be told, and a half line must not be written on.
        await file.close().catch(() => undefined);
        file = undefined;
        throw error;
      }
      for (const line of batch) apply(records, line);
      if (lines >= rewriteAt) await shorten();
      return;
    }
    const next = new Map(records);
    for (const line of batch) apply(next, line);
    file = await writeAnew(path, next);
    lines = next.size;
    rewriteAt = lines + SLACK;
    for (const line of batch) apply(records, line);
  }

  /** What is in the file already is safe; that it could not be made shorter is no failure of a write. */
  async function shorten(): Promise<void> {
    const before = file;
    try {
      file = await writeAnew(path, records);
      lines = records.size;
      rewriteAt = lines + SLACK;
      await before?.close();
    } catch {
      // Where the folder has the new file already, what is appended to the old one would be lost.
      if (!(await isCurrent(path, before))) {
        await before?.close().catch(() => undefined);
        file = undefined;
      }
      rewriteAt = lines + SLACK;
    }
  }

  return {
    damagedLines: damaged,
    put: async (id, record) => {
      if (id.length > MAX_ID)
        throw new HawserError('InvalidInput', `the journal takes ids of ${MAX_ID} characters at most`);
      await append({ put: id, record });
    },
    remove: (id) => append({ remove: id }),
    list: async () => {
      await flushing;
      return [...records].map(([id, record]) => ({ id, record }));
    },
    close: async () => {
      isClosed = true;
      while (flushing) await flushing;
      await file?.close();
      file = undefined;
    },
  };
}

function emptyIfMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

/** A checksum before each line tells a whole one from one that was cut or damaged. */
function formatLine(line: Line): string {
  const text = JSON.stringify(line);
  return `${checksumOf(text)} ${text}\n`;
}

function checksumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function parseLines(text: string): { readonly lines: readonly Line[]; readonly damaged: number } {
  const lines: Line[] = [];
  const parts = text.split('\n');
  // After the last newline there is nothing, or what a crash cut short.
  parts.pop();
  let damaged = 0;
  for (const part of parts) {
    if (part === '') continue;
    const line = parseLine(part);
    if (line) lines.push(line);
    else damaged++;
  }
  return { lines, damaged };
}

/** Lines of earlier versions have no checksum. */
function parseLine(text: string): Line | undefined {
  const json = text.startsWith('{') ? text : text.slice(9);
  if (json !== text && text.slice(0, 8) !== checksumOf(json)) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (!isObject(value)) return undefined;
    if (typeof value.remove === 'string') return { remove: value.remove };
    if (typeof value.put !== 'string' || typeof value.record !== 'string') return undefined;
    return { put: value.put, record: value.record };
  } catch {
    return undefined; // Cut short, or damaged.
  }
}

/** A record that is put again is the newest. */
function apply(records: Map<string, string>, line: Line): void {
  if ('remove' in line) {
    records.delete(line.remove);
    return;
  }
  records.delete(line.put);
  records.set(line.put, line.record);
}

/** The file with these records and nothing else, open for what follows; the old one stays until the new one is whole. */
async function writeAnew(path: string, records: ReadonlyMap<string, string>): Promise<FileHandle> {
  const next = `${path}.next`;
  await rm(next, { force: true });
  const file = await open(next, 'ax', 0o600);
  try {
    await file.appendFile([...records].map(([put, record]) => formatLine({ put, record })).join(''));
    await file.datasync();
    await rename(next, path);
    // Without it a power cut may bring the old file back, and with it the loss of all that was appended to the new one.
    await syncFolder(dirname(path));
    return file;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(next, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows neither opens folders nor needs it.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function isCurrent(path: string, file: FileHandle | undefined): Promise<boolean> {
  const current = await open(path, 'r').catch(() => undefined);
  if (!current || !file) return false;
  try {
    const [a, b] = await Promise.all([current.stat({ bigint: true }), file.stat({ bigint: true })]);
    return a.ino === b.ino && a.dev === b.dev;
  } finally {
    await current.close();
  }
}
