// A block that keeps its line breaks (`|+`) gains one each time it is written above a comment: go-yaml v3 sets such comments off by an empty
// line, and reads that as the block's. Resources are read without comments; this finds the blocks.

import { composeCommented } from './compose-commented.ts';
import { attempt } from './fail.ts';
import type { Node } from './node.ts';
import { parseNode } from './parse.ts';
import { rereadBlock } from './reread.ts';
import { writeNode } from './write.ts';

const KEEPING_BLOCK = /[|>](?:\+|[1-9]\+)/;

/** Marks the blocks in `root`, read from `text`, that a comment follows. */
export function markKeptBreaks(root: Node, text: string): void {
  if (!text.includes('#') || !KEEPING_BLOCK.test(text)) return;
  const written = attempt(() => {
    const document = composeCommented(text);
    return document && parseNode(writeNode(document.root, document));
  });
  if ('value' in written && written.value !== undefined) mark(root, written.value);
}

function mark(node: Node, written: Node): void {
  if (node.kind === 'scalar') {
    if (node.value.endsWith('\n')) node.gainsBreak = written.value === `${rereadBlock(node)}\n`;
    return;
  }
  node.content.forEach((child, index) => {
    const counterpart = written.content[index];
    if (counterpart !== undefined) mark(child, counterpart);
  });
}
