// Texts that go-yaml v3 does not read back as it has written them as blocks: folded ones gain line breaks, and those that begin
// with a tab cannot be read at all. Kustomize writes and reads every object once before it prints it.

import { failure } from './fail.ts';
import { type Node, STYLE } from './node.ts';
import { parseNode } from './parse.ts';
import { analyzeScalar } from './scalar-analysis.ts';

/** The text of a quoted or block scalar after it was written and read. */
export function rereadBlock(node: Node): string {
  const { value, style } = node;
  const isFolded = (style & STYLE.folded) !== 0;
  const isBlock =
    isFolded ||
    (style & STYLE.literal) !== 0 ||
    ((style & (STYLE.double | STYLE.single)) === 0 && value.includes('\n'));
  if (!isBlock || value === '' || !analyzeScalar(value).block) return value;
  if (value.startsWith('\t')) {
    throw failure('a text that begins with a tab cannot be written as a block', 'put it into double quotes');
  }
  const reread = isFolded ? (parseNode(`- ${writeFolded(value)}`)?.content[0]?.value ?? '') : value;
  return node.gainsBreak && chomping(value) === '+' ? `${reread}\n` : reread;
}

/** emitterc.go: yaml_emitter_write_folded_scalar, which looks at the wrong place for what follows a line break. */
function writeFolded(value: string): string {
  const startsBlank = /^\n*[ \t]/.test(value) || /^\n*$/.test(value);
  let text = `>${/^[ \n]/.test(value) ? '2' : ''}${chomping(value)}\n`;
  let atBreak = true;
  let leadingBlank = true;
  for (const character of value) {
    if (character === '\n') {
      if (!atBreak && !leadingBlank && !startsBlank) text += '\n';
      text += '\n';
      atBreak = true;
      continue;
    }
    if (atBreak) {
      text += '  ';
      leadingBlank = character === ' ' || character === '\t';
    }
    text += character;
    atBreak = false;
  }
  return text;
}

function chomping(value: string): string {
  if (!value.endsWith('\n')) return '-';
  return value === '\n' || value.endsWith('\n\n') ? '+' : '';
}
