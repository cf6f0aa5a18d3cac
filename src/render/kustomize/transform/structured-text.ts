// Replacements inside a text that holds a document of its own: `data.config\.json.server.port` (kustomize: setValueInStructuredData).

import { type CommentedDocument, composeCommented } from '../node/compose-commented.ts';
import { decodeNode } from '../node/decode.ts';
import { attempt, isBuildFailure } from '../node/fail.ts';
import { goJson, goJsonIndented } from '../node/go-json.ts';
import { jsonOf } from '../node/json.ts';
import { assignNode, type Node, type NodeKind } from '../node/node.ts';
import { lookup } from '../node/paths.ts';
import { writeNode } from '../node/write.ts';
import { findFields } from './find-fields.ts';

/**
 * Writes `value` into the document that a text on the path holds, JSON as JSON, YAML as YAML. False where the path leads through no
 * such text or nothing is found in it; the text may then be unchanged only.
 */
export function setInStructuredText(
  root: Node,
  value: Node,
  path: readonly string[],
  create: NodeKind | undefined,
): boolean {
  const found = findText(root, path);
  if (found === undefined) return false;
  const { holder, document, rest } = found;
  const fields = attempt(() => findFields(document.root, rest, create));
  if ('error' in fields || fields.value.length === 0) return false;
  for (const field of fields.value) {
    if (field.kind === 'scalar') field.value = value.value;
    else assignNode(field, value);
  }
  const text = attempt(() => formatLike(document, holder.value));
  if ('error' in text) return false;
  holder.value = text.value;
  return true;
}

interface FoundText {
  readonly holder: Node;
  readonly document: CommentedDocument;
  readonly rest: readonly string[];
}

/** The first plain value on the path, not at its end, that is a document. */
function findText(root: Node, path: readonly string[]): FoundText | undefined {
  for (let length = 1; length < path.length; length++) {
    const holder = find(root, path.slice(0, length));
    if (holder?.kind !== 'scalar') continue;
    const parsed = attempt(() => composeCommented(holder.value));
    if ('error' in parsed) continue;
    return parsed.value === undefined ? undefined : { holder, document: parsed.value, rest: path.slice(length) };
  }
  return undefined;
}

function find(root: Node, path: readonly string[]): Node | undefined {
  try {
    return lookup(root, path);
  } catch (error) {
    if (isBuildFailure(error)) return undefined;
    throw error;
  }
}

function formatLike(document: CommentedDocument, original: string): string {
  const first = original.trim()[0];
  if (first !== '{' && first !== '[') return writeNode(document.root, document).trim();
  const json = jsonOf(decodeNode(document.root));
  return original.includes('\n') && original.includes('  ') ? goJsonIndented(json) : goJson(json);
}
