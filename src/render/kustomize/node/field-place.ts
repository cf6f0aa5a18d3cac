// The line of a field in the YAML file that holds it. It is looked for only when something fails: until then files of kustomize's own have no
// positions.

import { HawserError } from '../../../base/errors.ts';
import { attempt, isBuildFailure } from './fail.ts';
import type { Node } from './node.ts';
import { parseNode } from './parse.ts';

/** Runs `work` that a field of the file at hand asks for (`patches[1]`); a build failure in it that has no place yet is laid at its door. */
export function inField<T>(field: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isBuildFailure(error) || error.place !== undefined) throw error;
    // A line that is known already is one of a text inside the field.
    const { line: _, ...data } = error.data;
    throw new HawserError('RenderFailed', error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      data: { ...data, field },
      cause: error,
    });
  }
}

/** Runs `work` on a file; a build failure in it that has no place yet gets this one, with the line of the field that it names. */
export function inFileOfFields<T>(file: string, text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isBuildFailure(error) || error.place !== undefined) throw error;
    const { line, field } = error.data;
    const found = typeof field === 'string' ? lineOfField(text, field) : line;
    throw new HawserError('RenderFailed', error.message, {
      place: { file, ...(typeof found === 'number' && { line: found }) },
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      data: error.data,
      cause: error,
    });
  }
}

/** The line of the field, or of the innermost one around it that is there; undefined where not even the outermost is. */
export function lineOfField(text: string, field: string): number | undefined {
  const parsed = attempt(() => parseNode(text));
  let node = 'value' in parsed ? parsed.value : undefined;
  let line: number | undefined;
  for (const part of field.split(/[.[\]]+/).filter((name) => name !== '')) {
    const [found, value] = stepInto(node, part) ?? [];
    if (found === undefined) return line;
    line = found.line;
    node = value;
  }
  return line;
}

/** The node where a key or element begins, and what it holds. */
function stepInto(node: Node | undefined, part: string): readonly [Node, Node | undefined] | undefined {
  if (node?.kind === 'sequence') {
    const element = node.content[Number(part)];
    return element && [element, element];
  }
  if (node?.kind !== 'mapping') return undefined;
  const at = node.content.findIndex((key, index) => index % 2 === 0 && key.value.toLowerCase() === part.toLowerCase());
  const key = node.content[at];
  return key && [key, node.content[at + 1]];
}
