// Objects: layers of fields, the newest first, each of which may ask for what lies under it.

import { compareBytes } from '../go/strings.ts';
import { depthNow, enter, failure, leaveTo } from './call-stack.ts';
import type { RuntimeFailure, Site } from './failures.ts';
import { makeFrame } from './function.ts';
import { plus } from './operators.ts';
import type { Visibility } from './syntax.ts';
import type { Code, Frame, Value } from './value.ts';

export interface FieldCode {
  /** A value that is there already. */
  readonly value?: Value;
  readonly code?: Code;
  /** Of a comprehension: the variables of its turn. */
  readonly frame?: Frame;
  readonly visibility: Visibility;
  /** `+:`, and where that is. */
  readonly plus?: Site;
}

/** What an object literal says about itself, shared by all objects made of it. */
export interface ObjectCode {
  /** Puts the object's locals into a frame of its own. */
  readonly bind?: (frame: Frame) => void;
  readonly asserts: readonly Code[];
  /** How many places such a frame has: [0] the frame around it, [1] self, [2] the layer's number, then locals. */
  size: number;
}

export interface Layer {
  readonly fields: ReadonlyMap<string, FieldCode>;
  readonly code: ObjectCode;
  readonly frame: Frame | undefined;
  /** Set where a key was taken away: what of so many layers under it is still seen, and how. */
  readonly retained?: { readonly fields: ReadonlyMap<string, Visibility>; readonly span: number };
}

const SELF = 1;
const LAYER = 2;
export const FIRST_LOCAL = 3;

export const NO_CODE: ObjectCode = { asserts: [], size: FIRST_LOCAL };

export class JsonnetObject {
  readonly typeName = 'object';
  /** The newest first; of a sum, put together when it is first asked for. */
  #layers: readonly Layer[] | undefined;
  #parts: readonly [JsonnetObject, JsonnetObject] | undefined;
  readonly #values: (Map<string, Value> | undefined)[] = [];
  readonly #frames: (Frame | undefined)[] = [];
  #visibilities: ReadonlyMap<string, Visibility> | undefined;
  #visible: readonly string[] | undefined;
  #assertions: 'open' | 'passed' | RuntimeFailure = 'open';

  constructor(content: Layer | readonly [JsonnetObject, JsonnetObject] | { readonly layers: readonly Layer[] }) {
    if ('layers' in content) this.#layers = content.layers;
    else if ('fields' in content) this.#layers = [content];
    else this.#parts = content;
  }

  get layers(): readonly Layer[] {
    if (!this.#layers) {
      this.#layers = flatten(this);
      this.#parts = undefined;
    }
    return this.#layers;
  }

  get parts(): readonly [JsonnetObject, JsonnetObject] | undefined {
    return this.#layers ? undefined : this.#parts;
  }

  /** Throws a `RuntimeFailure` for a field that is not there, and where an assertion of the object does not hold. */
  index(name: string, site: Site): Value {
    return this.superIndex(0, name, site);
  }

  /** From the layer with this number on. */
  superIndex(from: number, name: string, site: Site): Value {
    if (this.#assertions !== 'passed') this.#check(site);
    const { layers } = this;
    if (from >= layers.length) throw failure('Attempt to use super when there is no super class.', site);
    for (let at = from; at < layers.length; at++) {
      const layer = layers[at];
      if (layer?.retained && !layer.retained.fields.has(name)) at += layer.retained.span;
      const field = layer?.fields.get(name);
      if (!field || !layer) continue;
      if (field.value !== undefined) return field.value;
      const values = this.#valuesOf(at);
      const known = values.get(name);
      if (known !== undefined) return known;
      const value = this.#evaluate(layer, at, name, field, site);
      values.set(name, value);
      return value;
    }
    throw failure(`Field does not exist: ${name}`, site);
  }

  has(name: string, from = 0): boolean {
    const { layers } = this;
    for (let at = from; at < layers.length; at++) {
      const layer = layers[at];
      if (layer?.retained && !layer.retained.fields.has(name)) at += layer.retained.span;
      if (layer?.fields.has(name)) return true;
    }
    return false;
  }

  /** As asking for a field does. */
  checkAssertions(site: Site): void {
    if (this.#assertions !== 'passed') this.#check(site);
  }

  /** Every field, hidden ones included. */
  get visibilities(): ReadonlyMap<string, Visibility> {
    this.#visibilities ??= visibilitiesOf(this.layers);
    return this.#visibilities;
  }

  /** The names of visible fields in the order of their code points. */
  get visible(): readonly string[] {
    this.#visible ??= [...this.visibilities]
      .filter(([, visibility]) => visibility !== '::')
      .map(([name]) => name)
      .sort(compareBytes);
    return this.#visible;
  }

  #evaluate(layer: Layer, at: number, name: string, field: FieldCode, site: Site): Value {
    const before = depthNow();
    const frame = this.#frameOf(layer, at, field);
    const code = field.code as Code;
    if (!field.plus) {
      enter(site);
      const value = code(frame);
      leaveTo(before);
      return value;
    }
    enter(site);
    enter(field.plus);
    const right = code(frame);
    leaveTo(before + 1);
    let value = right;
    if (this.has(name, at + 1)) value = plus(this.superIndex(at + 1, name, field.plus), right, field.plus);
    leaveTo(before);
    return value;
  }

  #valuesOf(at: number): Map<string, Value> {
    const known = this.#values[at];
    if (known) return known;
    const made = new Map<string, Value>();
    this.#values[at] = made;
    return made;
  }

  #frameOf(layer: Layer, at: number, field?: FieldCode): Frame {
    if (field?.frame) return this.#makeFrame(field.frame, layer.code, at);
    const known = this.#frames[at];
    if (known) return known;
    const made = this.#makeFrame(layer.frame, layer.code, at);
    this.#frames[at] = made;
    return made;
  }

  #makeFrame(outer: Frame | undefined, code: ObjectCode, at: number): Frame {
    const frame = makeFrame(outer, code.size);
    frame[SELF] = this;
    frame[LAYER] = at;
    code.bind?.(frame);
    return frame;
  }

  /** All assertions of all layers, once, when the first field is asked for. */
  #check(site: Site): void {
    if (this.#assertions !== 'open') throw this.#assertions;
    this.#assertions = 'passed';
    const { layers } = this;
    try {
      for (let at = 0; at < layers.length; at++) {
        const layer = layers[at];
        if (!layer || layer.code.asserts.length === 0) continue;
        const frame = this.#frameOf(layer, at);
        for (const assert of layer.code.asserts) {
          const before = depthNow();
          enter(site);
          assert(frame);
          leaveTo(before);
        }
      }
    } catch (error) {
      this.#assertions = error as RuntimeFailure;
      throw error;
    }
  }
}

function flatten(object: JsonnetObject): readonly Layer[] {
  const layers: Layer[] = [];
  // Sums of thousands are as deep as they are long.
  const open: JsonnetObject[] = [object];
  for (let next = open.pop(); next; next = open.pop()) {
    const { parts } = next;
    if (parts) open.push(parts[0], parts[1]);
    else layers.push(...next.layers);
  }
  return layers;
}

function visibilitiesOf(layers: readonly Layer[]): ReadonlyMap<string, Visibility> {
  const parts: (readonly (readonly [string, Visibility])[])[] = [];
  for (let at = 0; at < layers.length; at++) {
    const layer = layers[at];
    if (!layer) continue;
    if (layer.retained) {
      parts.push([...layer.retained.fields]);
      at += layer.retained.span;
    } else parts.push([...layer.fields].map(([name, { visibility }]) => [name, visibility]));
  }
  const all = new Map<string, Visibility>();
  for (const part of parts.reverse()) {
    for (const [name, visibility] of part) if (visibility !== ':' || !all.has(name)) all.set(name, visibility);
  }
  return all;
}

/** The object without one of its fields, whichever layer has it. */
export function withoutField(object: JsonnetObject, name: string): JsonnetObject {
  const fields = new Map(object.visibilities);
  fields.delete(name);
  const { layers } = object;
  const top: Layer = { fields: new Map(), code: NO_CODE, frame: undefined, retained: { fields, span: layers.length } };
  return new JsonnetObject({ layers: [top, ...layers] });
}

/** An object of values that are there already. */
export function objectOf(entries: Iterable<readonly [string, Value]>, visibility: Visibility = ':'): JsonnetObject {
  const fields = new Map<string, FieldCode>();
  for (const [name, value] of entries) fields.set(name, { value, visibility });
  return new JsonnetObject({ fields, code: NO_CODE, frame: undefined });
}
