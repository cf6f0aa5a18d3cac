// A Worker's log lines are those of hawser on Node where a program reads them.

import { describe, expect, it } from 'vitest';
import { LOG_LEVELS } from '../../src/base/log-level.ts';
import { createLog } from '../../src/node/log.ts';
import type { Log } from '../../src/platform.ts';
import { createConsoleLog } from '../../src/worker/log.ts';

const FIELDS = {
  application: 'argocd/app',
  ms: 12,
  isDryRun: false,
  reason: 'two\nlines "quoted"',
  nothing: undefined,
};

describe('the log of a Worker', () => {
  it.each(LOG_LEVELS)('at the level %s has the lines of Node', (level) => {
    const lines: string[] = [];
    const nodeLines: string[] = [];
    const clock = { now: () => Date.parse('2026-01-02T03:04:05.678Z') };
    const write = (line: string) => void lines.push(line);
    const stream = { write: (line: string) => nodeLines.push(line) > 0 };
    const logs: readonly Log[] = [
      createConsoleLog({ clock, level, write }),
      createLog({ format: 'json', level, stream }),
    ];
    for (const log of logs) for (const own of LOG_LEVELS) log[own]?.(`said at ${own}`, FIELDS);
    expect(lines.every((line) => line.startsWith('{"time":"2026-01-02T03:04:05.678Z",') && !line.includes('\n'))).toBe(
      true,
    );
    const withoutTime = (line: string) => line.trimEnd().replace(/"time":"[^"]*"/, '');
    expect(lines.map(withoutTime)).toEqual(nodeLines.map(withoutTime));
    expect(lines).toHaveLength(LOG_LEVELS.length - LOG_LEVELS.indexOf(level));
  });
});
