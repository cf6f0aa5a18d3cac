import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/node/log.ts';

function written(
  options: LogOptions,
  isTTY = false,
): { readonly lines: string[]; readonly log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const stream = {
    isTTY,
    write: (text: string | Uint8Array) => {
      lines.push(String(text));
      return true;
    },
  };
  return { lines, log: createLog({ ...options, stream }) };
}

describe('the log', () => {
  it('is JSON where no person reads it, with the fields beside the message', () => {
    const { lines, log } = written({});
    log.warn('a push waits', { delivery: 'd1', applications: 2, missing: undefined });
    expect(lines).toHaveLength(1);
    const { time, ...line } = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(line).toEqual({ level: 'warn', message: 'a push waits', delivery: 'd1', applications: 2 });
    expect(String(time)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('is text at a terminal, and wherever text is asked for, there without colours', () => {
    const terminal = written({}, true);
    terminal.log.info('hawser serves', { url: 'http://x' });
    expect(terminal.lines[0]).toMatch(/^\d\d:\d\d:\d\d .*info.* hawser serves url=http:\/\/x\n$/);
    const { lines, log } = written({ format: 'text' });
    log.info('hawser serves', { url: 'http://x' });
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}hawser serves url=http:\/\/x\n$/);
  });

  it('is JSON at a terminal where JSON is asked for', () => {
    const { lines, log } = written({ format: 'json' }, true);
    log.error('no');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', message: 'no' });
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const)('at the level %s keeps %j', (level, kept) => {
    const { lines, log } = written({ level });
    log.debug?.('m');
    log.info('m');
    log.warn('m');
    log.error('m');
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(kept);
  });

  it('gives a text with a line break no line of its own', () => {
    const { lines, log } = written({ format: 'text' });
    log.info('said\n12:00:00 error forged', { reason: 'a\nb c="d"' });
    expect(lines.join('').trimEnd()).not.toContain('\n');
    expect(lines[0]).toContain('reason="a\\nb c=\\"d\\""');
  });
});
