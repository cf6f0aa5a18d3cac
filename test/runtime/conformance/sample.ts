// Which cases of the corpus are run in each runtime, and the requests that carry them with their files.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../../src/base/json.ts';
import { type Case, readCases } from '../../conformance/layer.ts';
import type { Batch } from './entry.ts';
import type { Program } from './programs.ts';

const BATCH_CASES = 100;
const BATCH_BYTES = 8 << 20;

/** The same cases each time, whatever their order: those whose ids have the smallest hashes. */
export function sampleOf(program: Program, corpus: string, count: number): Case[] {
  const path = join(corpus, program.cases);
  const all = path.endsWith('.jsonl') ? readCases(path) : [readDocument(path)];
  const own = all.filter(program.accepts ?? (() => true)).map((record) => ({ id: record.name, ...record }));
  return own.toSorted((a, b) => hash(String(a.id)) - hash(String(b.id))).slice(0, count);
}

function readDocument(path: string): Case {
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return isObject(value) ? { id: path.slice(path.lastIndexOf('/') + 1), ...value } : {};
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

/** Requests of bounded size; what several cases of one read comes once. */
export function* batchesOf(name: string, program: Program, cases: readonly Case[], corpus: string): Generator<Batch> {
  let batch = { program: name, cases: [] as Case[], files: {} as Record<string, string> };
  let bytes = 0;
  for (const record of cases) {
    if (batch.cases.length >= BATCH_CASES || bytes >= BATCH_BYTES) {
      yield batch;
      batch = { program: name, cases: [], files: {} };
      bytes = 0;
    }
    batch.cases.push(record);
    for (const path of program.reads?.(record) ?? []) {
      for (const file of filesBelow(corpus, path)) {
        if (file in batch.files) continue;
        const content = readFileSync(join(corpus, file)).toString('base64');
        batch.files[file] = content;
        bytes += content.length;
      }
    }
  }
  if (batch.cases.length > 0) yield batch;
}

function filesBelow(corpus: string, path: string): string[] {
  const stat = statSync(join(corpus, path), { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat ? [path] : [];
  return readdirSync(join(corpus, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(corpus.length + 1));
}
