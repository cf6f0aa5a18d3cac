// The JSON of a YAML node itself, fields and all: what kustomize hashes for other kinds than ConfigMap and Secret
// (kustomize: hasher.go, `json.Marshal(node.YNode())`).

import type { Json } from '../../../base/json.ts';
import { goJson } from '../node/go-json.ts';
import type { Node } from '../node/node.ts';

const KINDS = { none: 0, sequence: 2, mapping: 4, scalar: 8, alias: 16 } as const;

export function goNodeJson(node: Node): string {
  // Go writes the fields of a struct in their order, which is not sorted.
  const fields: [string, Json | string][] = [
    ['Kind', KINDS[node.kind]],
    ['Style', node.style],
    ['Tag', node.tag],
    ['Value', node.value],
    ['Anchor', node.anchor],
  ];
  const head = fields.map(([name, value]) => `"${name}":${goJson(value)}`).join(',');
  const alias = `"Alias":${node.alias === undefined ? 'null' : goNodeJson(node.alias)}`;
  const content = `"Content":${node.content.length === 0 ? 'null' : `[${node.content.map(goNodeJson).join(',')}]`}`;
  const comments = [node.headComment, node.lineComment, node.footComment].map(goJson);
  return `{${head},${alias},${content},"HeadComment":${comments[0]},"LineComment":${comments[1]},"FootComment":${comments[2]},"Line":${node.line},"Column":${node.column}}`;
}
