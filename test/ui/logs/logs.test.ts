import { describe, expect, it } from 'vitest';
import { parseAnsi, stripAnsi } from '../../../src/ui/web/logs/ansi.ts';
import { containersOf } from '../../../src/ui/web/logs/containers.ts';
import { appendLines, EMPTY_BUFFER, type LogEntry } from '../../../src/ui/web/logs/log-buffer.ts';
import { lineAt, measureRows, widthOf } from '../../../src/ui/web/logs/log-rows.ts';
import { findsIn, markMatches } from '../../../src/ui/web/logs/log-search.ts';

const ESC = '\u001b';

function entry(content: string, more: Partial<LogEntry> = {}): LogEntry {
  return { content, timeStampStr: '2026-01-01T00:00:00.000000000Z', podName: 'web-1', last: false, ...more };
}

describe('the buffer of a log', () => {
  it('keeps the newest lines, each with its own number', () => {
    const first = appendLines(EMPTY_BUFFER, [entry('a'), entry('b'), entry('c')], 4);
    const second = appendLines(first, [entry('d'), entry('e'), entry('f')], 4);
    expect(second.dropped).toBe(2);
    expect(second.lines.map(({ number, text }) => [number, text])).toEqual([
      [3, 'c'],
      [4, 'd'],
      [5, 'e'],
      [6, 'f'],
    ]);
    expect(first.lines).toHaveLength(3);
  });

  it('knows the end of a log, and lines that no container has written', () => {
    const never = { timeStampStr: '0001-01-01T00:00:00Z' };
    const { lines } = appendLines(EMPTY_BUFFER, [entry('pods "x" not found', never), entry('', { last: true })], 10);
    expect(lines).toMatchObject([{ number: 1, text: 'pods "x" not found', at: undefined, pod: 'web-1' }]);
    expect(lines).toHaveLength(1);
  });

  it('knows what a line says and how wide that is, tabs and colours aside', () => {
    const [line] = appendLines(EMPTY_BUFFER, [entry(`${ESC}[31m오류\tx${ESC}[0m`)], 10).lines;
    expect([line?.plain, line?.width]).toEqual(['오류    x', 9]);
  });
});

describe('what is written for terminals', () => {
  it.each([
    ['plain', [{ text: 'plain' }]],
    [`${ESC}[31mred${ESC}[0m plain`, [{ text: 'red', color: 'red' }, { text: ' plain' }]],
    [
      `${ESC}[1;92mok${ESC}[22m still`,
      [
        { text: 'ok', color: 'green', isBold: true },
        { text: ' still', color: 'green' },
      ],
    ],
    [`${ESC}[2mdim${ESC}[m.`, [{ text: 'dim', isDim: true }, { text: '.' }]],
    [`${ESC}[38;5;208morange${ESC}[39m!`, [{ text: 'orange' }, { text: '!' }]],
    [`${ESC}[38;2;1;2;3mexact`, [{ text: 'exact' }]],
    [`${ESC}[2K${ESC}[1Gline${ESC}]0;title\u0007`, [{ text: 'line' }]],
    ['bell\u0007 and null\u0000', [{ text: 'bell and null' }]],
    [`${ESC}[31m`, [{ text: '' }]],
  ])('%j becomes spans', (text, spans) => {
    expect(parseAnsi(text)).toEqual(spans);
    expect(stripAnsi(text)).toBe(spans.map((span) => span.text).join(''));
  });
});

describe('finding in a log', () => {
  const line = (text: string) => ({ plain: stripAnsi(text) });

  it.each([
    ['error', 'an ERROR here', true],
    ['Error', 'an ERROR here', false],
    ['!error', 'an ERROR here', false],
    ['!error', 'all is well', true],
    ['', 'anything', true],
    ['!', 'not!', true],
    ['red line', `${ESC}[31mred${ESC}[0m line`, true],
  ])('%j in %j: %j', (wanted, text, isFound) => {
    expect(findsIn(wanted)(line(text))).toBe(isFound);
  });

  it('marks every place', () => {
    expect(markMatches('aXbxc', 'x')).toEqual([
      { text: 'a', isMatch: false },
      { text: 'X', isMatch: true },
      { text: 'b', isMatch: false },
      { text: 'x', isMatch: true },
      { text: 'c', isMatch: false },
    ]);
    expect(markMatches('none', 'x')).toEqual([{ text: 'none', isMatch: false }]);
    expect(markMatches('all', '!all')).toEqual([{ text: 'all', isMatch: false }]);
  });
});

describe('rows of text', () => {
  it('are counted with lines that wrap', () => {
    const rows = measureRows([0, 10, 25, 5], 10);
    expect([...rows.tops]).toEqual([0, 1, 2, 5, 6]);
    expect([0, 1, 2, 4, 5, 99].map((row) => lineAt(rows, row))).toEqual([0, 1, 2, 2, 3, 3]);
  });

  it('are the lines themselves where they do not wrap', () => {
    expect([...measureRows([100, 100], undefined).tops]).toEqual([0, 1, 2]);
    expect(lineAt(measureRows([], 10), 5)).toBe(0);
  });

  it('count letters of East Asia twice', () => {
    expect(widthOf('abc')).toBe(3);
    expect(widthOf('동기화')).toBe(6);
    expect(widthOf('é→')).toBe(2);
  });
});

describe('the containers of Pods', () => {
  const pod = (spec: object, annotations = {}) => JSON.stringify({ metadata: { annotations }, spec });

  it('need no name where there is one', () => {
    expect(containersOf([pod({ containers: [{ name: 'web' }] })])).toEqual({ names: ['web'], first: undefined });
  });

  it('are known once each, the default one first, init containers last', () => {
    const spec = { initContainers: [{ name: 'init' }], containers: [{ name: 'proxy' }, { name: 'web' }] };
    const annotations = { 'kubectl.kubernetes.io/default-container': 'web' };
    expect(containersOf([pod(spec, annotations), pod(spec)])).toEqual({
      names: ['proxy', 'web', 'init'],
      first: 'web',
    });
    expect(containersOf([pod(spec)]).first).toBe('proxy');
    expect(containersOf([])).toEqual({ names: [], first: undefined });
  });
});
