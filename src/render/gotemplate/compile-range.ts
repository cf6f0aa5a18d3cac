// range: over integers, lists and maps (Go: exec.go, walkRange).

import { formatReflected } from '../go/fmt-printer.ts';
import { sortedKeys } from '../go/sorted-keys.ts';
import { GoMap, GoNumber, GoSlice, GoStruct, type GoValue, goInt } from '../go/value.ts';
import { spendOperation } from './call.ts';
import { assignVariable } from './compile-expression.ts';
import type { Branch } from './compile-statement.ts';
import { CONTINUE, type Frame, failure, NEXT, type Run, type Signal, type Value } from './frame.ts';
import { elementType, goInteger, INTERFACE } from './go-type.ts';
import type { BranchNode, Node } from './node.ts';
import type { Binding } from './scope.ts';

/** Sets the variables of one turn. */
type SetVariables = (frame: Frame, key: Value, element: Value, isInterface: boolean) => void;

export function compileRange(node: BranchNode, { pipe, list, otherwise }: Branch): Run {
  const { evaluate, lastAt } = pipe;
  const setVariables = compileVariables(node, pipe.variables, lastAt);

  const turn: Turn = (frame, key, element, isInterface) => {
    spendOperation(frame);
    setVariables?.(frame, key, element, isInterface);
    frame.dot = element;
    frame.dotIsInterface = isInterface;
    const block = list();
    for (let i = 0; i < block.length; i++) {
      const signal = block[i]?.(frame);
      if (signal) return signal === CONTINUE;
    }
    return true;
  };
  const loop = (frame: Frame, value: Value): boolean => {
    if (value == null) return false;
    if (Array.isArray(value)) return overItems(frame, value, true, turn);
    if (value instanceof Map) return overEntries(frame, value, true, turn);
    if (value instanceof GoSlice) {
      return overItems(frame, value.items, elementType(value.type) === INTERFACE, turn);
    }
    if (value instanceof GoMap) return overEntries(frame, value.entries, elementType(value.type) === INTERFACE, turn);
    if (value instanceof Uint8Array) {
      return overItems(
        frame,
        Array.from(value, (byte) => goInteger('uint8', BigInt(byte))),
        false,
        turn,
      );
    }
    if (value instanceof GoNumber && typeof value.value === 'bigint') {
      if (node.pipe.variables.length > 1) {
        throw failure(frame, lastAt, `can't use ${formatReflected(value, 'v')} to iterate over more than one variable`);
      }
      return overInteger(frame, value.type, value.value, turn);
    }
    throw failure(frame, lastAt, `range can't iterate over ${formatReflected(indirect(value), 'v')}`);
  };

  return (frame): Signal => {
    const value = evaluate(frame, undefined);
    const { dot, dotIsInterface } = frame;
    const ran = loop(frame, value);
    frame.dot = dot;
    frame.dotIsInterface = dotIsInterface;
    if (ran) return NEXT;
    const block = otherwise();
    for (let i = 0; i < block.length; i++) {
      const signal = block[i]?.(frame);
      // Go: walkRange swallows a break of its else list too; a continue goes on to the range around.
      if (signal) return signal === CONTINUE ? CONTINUE : NEXT;
    }
    return NEXT;
  };
}

/** One turn of the loop; false ends it. */
type Turn = (frame: Frame, key: Value, element: Value, isInterface: boolean) => boolean;

function overItems(frame: Frame, items: readonly GoValue[], isInterface: boolean, turn: Turn): boolean {
  const { length } = items;
  for (let i = 0; i < length; i++) if (!turn(frame, goInt(i), items[i] ?? null, isInterface)) break;
  return length > 0;
}

function overEntries(frame: Frame, entries: ReadonlyMap<string, GoValue>, isInterface: boolean, turn: Turn): boolean {
  if (entries.size === 0) return false;
  const keys = sortedKeys(entries);
  // As in Go, the entries are those of the beginning: Go copies keys and values first.
  const values = keys.map((key) => entries.get(key) ?? null);
  for (let i = 0; i < keys.length; i++) if (!turn(frame, keys[i] ?? '', values[i] ?? null, isInterface)) break;
  return true;
}

function overInteger(frame: Frame, type: string, end: bigint, turn: Turn): boolean {
  const isInt = type === 'int';
  for (let i = 0; i < end; i++) {
    if (!turn(frame, undefined, isInt ? goInt(i) : goInteger(type, BigInt(i)), false)) break;
  }
  return end > 0n;
}

/** Go indirects a pointer before it looks. */
function indirect(value: GoValue): GoValue {
  if (!(value instanceof GoStruct) || !(value.pointer || value.type.startsWith('*'))) return value;
  return new GoStruct(value.type.replace(/^\*/, ''), value.fields, value.methods, false, value.tags);
}

/** With two variables the key comes first; with one it is the element. */
function compileVariables(
  { pipe }: BranchNode,
  bindings: readonly (Binding | undefined)[],
  at: Node | undefined,
): SetVariables | undefined {
  const [first, second] = pipe.variables.map((variable) => variable.names[0] ?? '');
  if (first === undefined) return undefined;
  const [one, two] = bindings;
  if (one && !one.conditional && second === undefined) {
    const { slot } = one;
    return (frame, _key, element, isInterface) => {
      frame.variables[slot] = element;
      frame.variables[slot + 1] = isInterface;
    };
  }
  if (one && !one.conditional && two && !two.conditional) {
    return (frame, key, element, isInterface) => {
      frame.variables[one.slot] = key;
      frame.variables[one.slot + 1] = false;
      frame.variables[two.slot] = element;
      frame.variables[two.slot + 1] = isInterface;
    };
  }
  if (second === undefined) {
    return (frame, _key, element, isInterface) => assignVariable(frame, one, first, at, element, isInterface);
  }
  return (frame, key, element, isInterface) => {
    assignVariable(frame, one, first, at, key, false);
    assignVariable(frame, two, second, at, element, isInterface);
  };
}
