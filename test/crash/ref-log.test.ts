// The judge of the crash test is judged, too.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRefLog, wasNamed } from './ref-log.ts';

const SECOND = 1_000;

describe('the log of a ref', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-ref-log-'));
  // In the order of the file: a at 10 s, b prepared at 20 s and committed at 21 s, a again at 30 s.
  const lines = [
    [10, 'prepared', 'a'],
    [10, 'committed', 'a'],
    [20, 'prepared', 'b'],
    [21, 'committed', 'b'],
    [30, 'prepared', 'a'],
    [31, 'committed', 'a'],
  ] as const;
  writeFileSync(
    join(folder, 'ref-log'),
    lines.map(([second, state, commit]) => `${second * 1e9} ${state} ${commit}\n`).join(''),
  );
  const log = readRefLog(folder);
  rmSync(folder, { recursive: true });

  it.each([
    { commit: 'a', from: 11, to: 12, named: true, why: 'it named it all the time' },
    { commit: 'b', from: 11, to: 12, named: false, why: 'it named another commit' },
    { commit: 'a', from: 22, to: 29, named: false, why: 'it had moved on before' },
    { commit: 'b', from: 15, to: 20, named: true, why: 'the change may have counted when it was prepared' },
    { commit: 'a', from: 21, to: 25, named: true, why: 'the change may have counted only when it was committed' },
    { commit: 'a', from: 40, to: 41, named: true, why: 'it came back to it' },
    { commit: 'c', from: 0, to: 99, named: false, why: 'it never named it' },
  ])('says $named of $commit from $from to $to s: $why', ({ commit, from, to, named }) => {
    expect(wasNamed(log, commit, from * SECOND, to * SECOND)).toBe(named);
  });
});
