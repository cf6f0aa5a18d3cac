// Whether a template holds nothing but space and comments; such a one replaces none (Go: parse.IsEmptyTree).

import { isSpace } from '../go/unicode.ts';
import type { ListNode } from './node.ts';

export function isEmptyTree(root: ListNode): boolean {
  return root.nodes.every((node) => node.kind === 'text' && isBlank(node.text));
}

function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isSpace(text.charCodeAt(i))) return false;
  return true;
}
