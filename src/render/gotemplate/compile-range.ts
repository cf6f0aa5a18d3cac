// range: over integers, lists and maps (Go: exec.go, walkRange).

import { formatReflected } from '../go/fmt-printer.ts';
import { sortedKeys } from '../go/sorted-keys.ts';
import { GoMap, GoNumber, GoSlice, GoStruct, type GoValue, goInt } from '../go/value.ts';
import { spendOperation } from './call.ts';
import { assignVariable } from './compile-expression.ts';
import type { Branch } from './compile-statement.ts';
import {
  BREAK,
  CONTINUE,
  descendBlock,
  descendValue,
  type Frame,
  failure,
  NEXT,
  type Signal,
  type Step,
  type Value,
} from './frame.ts';
import { elementType, goInteger, INTERFACE } from './go-type.ts';
import type { BranchNode, Node } from './node.ts';
import type { Binding } from './scope.ts';

/** What a range goes over. */
interface Items {
  readonly count: number;
  /** The elements are held as interface{}. */
  readonly isInterface: boolean;
  key(index: number): Value;
  element(index: number): GoValue;
}

/** Sets the variables of one turn. */
type SetVariables = (frame: Frame, items: Items, index: number, element: Value) => void;

export function compileRange(node: BranchNode, { pipe, list, otherwise }: Branch): Step {
  const { evaluate, lastAt } = pipe;
  const setVariables = compileVariables(node, pipe.variables, lastAt);

  const beginTurn = (frame: Frame, items: Items, index: number): void => {
    spendOperation(frame);
    const element = items.element(index);
    setVariables?.(frame, items, index, element);
    frame.dot = element;
    frame.dotIsInterface = items.isInterface;
  };
  const itemsOf = (frame: Frame, value: Value): Items => {
    if (value == null) return NO_ITEMS;
    if (Array.isArray(value)) return listItems(value, true);
    if (value instanceof Map) return mapItems(value, true);
    if (value instanceof GoSlice) return listItems(value.items, elementType(value.type) === INTERFACE);
    if (value instanceof GoMap) return mapItems(value.entries, elementType(value.type) === INTERFACE);
    if (value instanceof Uint8Array) {
      const bytes = Array.from(value, (byte) => goInteger('uint8', BigInt(byte)));
      return listItems(bytes, false);
    }
    if (value instanceof GoNumber && typeof value.value === 'bigint') {
      if (node.pipe.variables.length > 1) {
        throw failure(frame, lastAt, `can't use ${formatReflected(value, 'v')} to iterate over more than one variable`);
      }
      return integerItems(value.type, value.value);
    }
    throw failure(frame, lastAt, `range can't iterate over ${formatReflected(indirect(value), 'v')}`);
  };

  return {
    run: (frame): Signal => {
      const items = itemsOf(frame, evaluate(frame, undefined));
      const { count } = items;
      const { dot, dotIsInterface } = frame;
      let signal: Signal = NEXT;
      for (let index = 0; index < count && signal !== BREAK; index++) {
        beginTurn(frame, items, index);
        const block = list();
        signal = NEXT;
        for (let i = 0; i < block.length && signal === NEXT; i++) signal = block[i]?.run(frame) ?? NEXT;
      }
      frame.dot = dot;
      frame.dotIsInterface = dotIsInterface;
      if (count > 0) return NEXT;
      const block = otherwise();
      for (let i = 0; i < block.length; i++) {
        signal = block[i]?.run(frame) ?? NEXT;
        if (signal) return signalOfElse(signal);
      }
      return NEXT;
    },
    *descend(frame) {
      const items = itemsOf(frame, yield* descendValue(pipe, frame, undefined));
      const { dot, dotIsInterface } = frame;
      let signal: Signal = NEXT;
      for (let index = 0; index < items.count && signal !== BREAK; index++) {
        beginTurn(frame, items, index);
        signal = yield* descendBlock(frame, list());
      }
      frame.dot = dot;
      frame.dotIsInterface = dotIsInterface;
      return items.count > 0 ? NEXT : signalOfElse(yield* descendBlock(frame, otherwise()));
    },
  };
}

/** Go: walkRange swallows a break of its else list too; a continue goes on to the range around. */
function signalOfElse(signal: Signal): Signal {
  return signal === CONTINUE ? CONTINUE : NEXT;
}

const NO_ITEMS: Items = { count: 0, isInterface: true, key: () => undefined, element: () => null };

function listItems(items: readonly GoValue[], isInterface: boolean): Items {
  return { count: items.length, isInterface, key: goInt, element: (index) => items[index] ?? null };
}

function mapItems(entries: ReadonlyMap<string, GoValue>, isInterface: boolean): Items {
  const keys = sortedKeys(entries);
  // As in Go, the entries are those of the beginning: Go copies keys and values first.
  const values = keys.map((key) => entries.get(key) ?? null);
  return { count: keys.length, isInterface, key: (index) => keys[index], element: (index) => values[index] ?? null };
}

function integerItems(type: string, end: bigint): Items {
  const element = type === 'int' ? goInt : (index: number) => goInteger(type, BigInt(index));
  return { count: Math.max(0, Number(end)), isInterface: false, key: () => undefined, element };
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
    return (frame, { isInterface }, _, element) => {
      frame.variables[slot] = element;
      frame.variables[slot + 1] = isInterface;
    };
  }
  if (one && !one.conditional && two && !two.conditional) {
    return (frame, items, index, element) => {
      frame.variables[one.slot] = items.key(index);
      frame.variables[one.slot + 1] = false;
      frame.variables[two.slot] = element;
      frame.variables[two.slot + 1] = items.isInterface;
    };
  }
  if (second === undefined) {
    return (frame, { isInterface }, _, element) => assignVariable(frame, one, first, at, element, isInterface);
  }
  return (frame, items, index, element) => {
    assignVariable(frame, one, first, at, items.key(index), false);
    assignVariable(frame, two, second, at, element, items.isInterface);
  };
}
