// From nodes to text, as go-yaml v3 writes them.

import { isPlainAllowed } from './encode.ts';
import type { Node } from './node.ts';
import { isQuoted, STYLE } from './node.ts';

/** The YAML text of a node with its styles, indented by two (kyaml: String). */
export function writeNode(node: Node): string {
  return `${write(node, '')}\n`;
}

function write(node: Node, indent: string): string {
  switch (node.kind) {
    case 'mapping':
      return writeMapping(node, indent);
    case 'sequence':
      return node.content.length === 0
        ? '[]'
        : node.content.map((item) => `- ${write(item, `${indent}  `)}`).join(`\n${indent}`);
    default:
      return writeScalar(node);
  }
}

function writeMapping(node: Node, indent: string): string {
  const lines: string[] = [];
  for (let i = 0; i < node.content.length; i += 2) {
    const [key, value] = [node.content[i], node.content[i + 1]];
    if (key === undefined || value === undefined) break;
    const isBlock = (value.kind === 'mapping' || value.kind === 'sequence') && value.content.length > 0;
    const below = value.kind === 'mapping' ? `${indent}  ` : indent;
    lines.push(
      isBlock ? `${writeScalar(key)}:\n${below}${write(value, below)}` : `${writeScalar(key)}: ${write(value, below)}`,
    );
  }
  return lines.length === 0 ? '{}' : lines.join(`\n${indent}`);
}

function writeScalar(node: Node): string {
  if ((node.style & STYLE.single) !== 0) return `'${node.value.replaceAll("'", "''")}'`;
  if (isQuoted(node) || !isPlainAllowed(node.value)) return JSON.stringify(node.value);
  return node.value;
}
