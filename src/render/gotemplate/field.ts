// `.Field` on a value: a map's key, a struct's field, or a method (Go: exec.go, evalField).

import { quote } from '../go/quote.ts';
import { typeName } from '../go/type-name.ts';
import { GoMap, type GoMethod, GoOpaque, GoSlice, GoStruct, type GoValue } from '../go/value.ts';
import { callMethod, type MethodCall } from './call.ts';
import { type Evaluate, type Frame, failure, type Value } from './frame.ts';
import { elementType, INTERFACE, keyType, zeroOf } from './go-type.ts';
import type { Node } from './node.ts';

export interface FieldSite {
  readonly names: readonly string[];
  /** Where errors are told; undefined where only the frame knows (`(pipeline).Field`). */
  readonly at: Node | undefined;
  /** The operands after the last field and the previous command's value, where there are any; only methods take them. */
  readonly call: MethodCall | undefined;
  /** The text of the root's type where the root is held as an interface{} and not nil. */
  readonly rootType: (frame: Frame) => string | undefined;
}

/** Where a field chain begins: dot, a variable's slot, or any expression. */
export type FieldRoot = 'dot' | number | Evaluate;

/**
 * `.A.B.C` from the value that `root` gives. Maps, which nearly all receivers are, are read right here; one and two fields of dot and of
 * variables, which nearly all chains are, without a loop.
 */
export function compileFields(root: FieldRoot, site: FieldSite): Evaluate {
  const [first = '', second] = site.names;
  if (typeof root === 'function' || site.call || site.names.length > 2) return compileLongChain(rootOf(root), site);
  if (second === undefined) return compileField(root, site, first);
  return compileTwoFields(root, site, first, second);
}

function compileField(root: 'dot' | number, site: FieldSite, name: string): Evaluate {
  const read = (frame: Frame, receiver: Value): Value => {
    const found = receiver instanceof Map ? receiver.get(name) : undefined;
    return found === undefined ? readField(frame, site, 0, receiver, undefined, undefined) : found;
  };
  return root === 'dot' ? (frame) => read(frame, frame.dot) : (frame) => read(frame, frame.variables[root]);
}

function compileTwoFields(root: 'dot' | number, site: FieldSite, first: string, second: string): Evaluate {
  const read = (frame: Frame, receiver: Value): Value => {
    let inner = receiver instanceof Map ? receiver.get(first) : undefined;
    if (inner === undefined) inner = readField(frame, site, 0, receiver, undefined, undefined);
    const found = inner instanceof Map ? inner.get(second) : undefined;
    return found === undefined ? readField(frame, site, 1, inner, receiver, undefined) : found;
  };
  return root === 'dot' ? (frame) => read(frame, frame.dot) : (frame) => read(frame, frame.variables[root]);
}

function rootOf(root: FieldRoot): Evaluate {
  if (typeof root === 'function') return root;
  return root === 'dot' ? (frame) => frame.dot : (frame) => frame.variables[root];
}

function compileLongChain(root: Evaluate, site: FieldSite): Evaluate {
  const { names, call } = site;
  const last = call ? names.length - 1 : -1;
  return (frame, final) => {
    let container: Value;
    let value = root(frame, undefined);
    if (call && site.at) frame.at = site.at;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] ?? '';
      const found = value instanceof Map && i !== last ? value.get(name) : undefined;
      const next = found === undefined ? readField(frame, site, i, value, container, final) : found;
      container = value;
      value = next;
    }
    return value;
  };
}

/**
 * The field `site.names[index]` of `receiver`, by all of Go's rules. `container` is what the receiver came from by the field before,
 * undefined for the root.
 */
function readField(
  frame: Frame,
  site: FieldSite,
  index: number,
  receiver: Value,
  container: Value,
  final: Value,
): Value {
  const name = site.names[index] ?? '';
  if (receiver === undefined) {
    if (frame.execution.missingKey === 'error') {
      throw failure(frame, site.at, `nil data; no entry for key ${quote(name)}`);
    }
    return undefined;
  }
  if (receiver === null) {
    throw failure(frame, site.at, `nil pointer evaluating ${INTERFACE}.${name}`);
  }
  const call = index === site.names.length - 1 ? site.call : undefined;
  if (receiver instanceof Map) return readKey(frame, site, name, receiver, INTERFACE, call);
  if (receiver instanceof GoStruct) {
    const owner = ownerOf(receiver, name);
    const method = owner && ownMethod(owner, name);
    if (method) return callMethod(frame, method, name, site.at, call, final);
    const field = owner?.fields.get(name);
    if (field !== undefined) {
      if (!/^\p{Lu}/u.test(name)) {
        const type = receiverType(frame, site, index, receiver, container);
        throw failure(frame, site.at, `${name} is an unexported field of struct type ${type}`);
      }
      if (call) throw failure(frame, site.at, `${name} has arguments but cannot be invoked as function`);
      return field;
    }
  } else if (receiver instanceof GoMap || receiver instanceof GoSlice || receiver instanceof GoOpaque) {
    const method = ownMethod(receiver, name);
    if (method) return callMethod(frame, method, name, site.at, call, final);
    if (receiver instanceof GoMap && hasTextKeys(receiver)) {
      return readKey(frame, site, name, receiver.entries, elementType(receiver.type), call);
    }
  }
  const type = receiverType(frame, site, index, receiver, container);
  throw failure(frame, site.at, `can't evaluate field ${name} in type ${type}`);
}

function readKey(
  frame: Frame,
  site: FieldSite,
  name: string,
  entries: ReadonlyMap<string, GoValue>,
  element: string,
  call: MethodCall | undefined,
): Value {
  if (call) throw failure(frame, site.at, `${name} is not a method but has arguments`);
  const found = entries.get(name);
  if (found !== undefined) return found;
  switch (frame.execution.missingKey) {
    case 'default':
      return undefined;
    case 'zero':
      return element === INTERFACE ? null : zeroOf(element);
    case 'error':
      throw failure(frame, site.at, `map has no entry for key ${quote(name)}`);
  }
}

function hasTextKeys({ type }: GoMap): boolean {
  const key = keyType(type);
  return key === 'string' || key === INTERFACE;
}

function ownMethod(
  receiver: { readonly methods: Readonly<Record<string, GoMethod>> },
  name: string,
): GoMethod | undefined {
  return Object.hasOwn(receiver.methods, name) ? receiver.methods[name] : undefined;
}

/** The struct that has the field or method: itself, or one that is embedded in it. */
function ownerOf(struct: GoStruct, name: string): GoStruct | undefined {
  if (struct.fields.has(name) || Object.hasOwn(struct.methods, name)) return struct;
  for (const field of embeddedFields(struct.tags)) {
    const embedded = struct.fields.get(field);
    const owner = embedded instanceof GoStruct ? ownerOf(embedded, name) : undefined;
    if (owner) return owner;
  }
  return undefined;
}

const embeddedNames = new WeakMap<GoStruct['tags'], readonly string[]>();

function embeddedFields(tags: GoStruct['tags']): readonly string[] {
  const known = embeddedNames.get(tags);
  if (known) return known;
  const names = Object.keys(tags).filter((name) => tags[name]?.embedded);
  embeddedNames.set(tags, names);
  return names;
}

/** The static type of a receiver as Go's error texts name it: an element of a map[string]interface{} is an `interface {}`. */
function receiverType(frame: Frame, site: FieldSite, index: number, receiver: GoValue, container: Value): string {
  if (index === 0) return site.rootType(frame) ?? typeName(receiver);
  if (container instanceof Map) return INTERFACE;
  if (container instanceof GoMap) {
    return elementType(container.type) === INTERFACE ? INTERFACE : typeName(receiver);
  }
  return typeName(receiver);
}
