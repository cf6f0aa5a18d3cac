import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/base/text-diff.ts';

const lines = (text: string) => text.split('').join('\n').concat('\n');
const diff = (before: string, after: string) => unifiedDiff(lines(before), lines(after), 'a', 'b');

/** What `patch` does. */
function applyDiff(before: string, text: string): string {
  if (text === '') return before;
  const old = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const result: string[] = [];
  let position = 0;
  for (const line of text.replace(/\n$/, '').split('\n').slice(2)) {
    const header = line.match(/^@@ -(\d+)(?:,(\d+))? /);
    if (header) {
      const start = Number(header[1]) - (header[2] === '0' ? 0 : 1);
      result.push(...old.slice(position, start));
      position = start;
    } else if (line.startsWith('+')) result.push(line.slice(1));
    else {
      expect(old[position]).toBe(line.slice(1));
      if (line.startsWith(' ')) result.push(line.slice(1));
      position++;
    }
  }
  result.push(...old.slice(position));
  return result.length > 0 ? `${result.join('\n')}\n` : '';
}

describe('a unified diff', () => {
  it('is empty for equal texts', () => {
    expect(diff('abc', 'abc')).toBe('');
  });

  it('shows three lines around a change', () => {
    expect(diff('123456789', '12345x789')).toBe('--- a\n+++ b\n@@ -3,7 +3,7 @@\n 3\n 4\n 5\n-6\n+x\n 7\n 8\n 9\n');
  });

  it('joins changes that are near, and parts those that are far', () => {
    expect(diff('abcdef', 'xbcdey').match(/@@ -/g)).toHaveLength(1);
    expect(diff('abcdefghijklmn', 'xbcdefghijklmy').match(/@@ -/g)).toHaveLength(2);
  });

  it('begins from nothing and ends in nothing', () => {
    expect(unifiedDiff('', 'x\n', 'a', 'b')).toBe('--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n');
    expect(unifiedDiff('x\n', '', 'a', 'b')).toBe('--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n');
  });

  it('makes the second text of the first, whatever they are', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 })
      .map((chars) => (chars.length > 0 ? lines(chars.join('')) : ''));
    fc.assert(
      fc.property(text, text, (before, after) => applyDiff(before, unifiedDiff(before, after, 'a', 'b')) === after),
    );
  });
});
