// Go's values as the engines see them: what `interface{}` may hold in text/template, Sprig and sigs.k8s.io/yaml.
//
// | Go                                  | here                                      |
// | ----------------------------------- | ----------------------------------------- |
// | untyped nil                         | null                                      |
// | bool, string                        | boolean, string                           |
// | float64                             | number                                    |
// | int, int64, uint8 … float32         | GoNumber (never a plain number)           |
// | []interface{}                       | GoValue[] (plain array)                   |
// | []string, []int …                   | GoSlice                                   |
// | []byte                              | Uint8Array                                |
// | map[string]interface{}              | Map<string, GoValue>                      |
// | map[string]string, named map types  | GoMap                                     |
// | structs, pointers with methods      | GoStruct                                  |
// | funcs, time.Time, errors …          | GoOpaque                                  |
//
// A Go string is bytes. Here it is UTF-16; a byte that is no part of valid UTF-8 stands as a lone surrogate
// U+DC80..U+DCFF (0xDC00 + byte), as Python's surrogateescape has it. `strings.ts` converts and measures.

import type { Descent } from './descent.ts';
import type { Work } from './work.ts';

export type GoNumberType =
  | 'int'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'uintptr'
  | 'float32'
  | 'complex128'
  | 'time.Duration'
  | 'time.Month'
  | 'time.Weekday'
  | 'json.Number';

/** A Go number that is no float64. Integers are exact for all 64 bits. */
export class GoNumber {
  readonly type: GoNumberType;
  /** bigint for the integer types; number for float32; text for json.Number and complex128. */
  readonly value: bigint | number | string;
  constructor(type: GoNumberType, value: bigint | number | string) {
    this.type = type;
    this.value = value;
  }
}

/** A slice or array whose Go type is not []interface{}: `type` is Go's text for it (`[]string`). Methods are Go's, by name. */
export class GoSlice {
  readonly type: string;
  readonly items: GoValue[];
  readonly methods: Readonly<Record<string, GoMethod>>;
  /** Go's nil slice: empty, printed as `[]`, but `null` in JSON. Its type may be []interface{}. */
  readonly isNil: boolean;
  constructor(type: string, items: GoValue[], methods: Readonly<Record<string, GoMethod>> = {}, isNil = false) {
    this.type = type;
    this.items = items;
    this.methods = methods;
    this.isNil = isNil;
  }
}

/** The nil slice of a type, `[]interface {}` or `[]string`: what Go functions return that never made a slice. */
export function nilSlice(type: string): GoSlice {
  return new GoSlice(type, [], {}, true);
}

/** A map whose Go type is not map[string]interface{}: `map[string]string`, `chartutil.Values`. Methods are Go's, by name. */
export class GoMap {
  readonly type: string;
  readonly entries: Map<string, GoValue>;
  readonly methods: Readonly<Record<string, GoMethod>>;
  constructor(type: string, entries: Map<string, GoValue>, methods: Readonly<Record<string, GoMethod>> = {}) {
    this.type = type;
    this.entries = entries;
    this.methods = methods;
  }
}

/** A nil map[string]interface{}: reads as empty, cannot be written (Go panics), and is `null` in JSON. */
export class NilMap extends Map<string, GoValue> {
  override set(): this {
    throw new Error('assignment to entry in nil map');
  }
}

/** What Go's struct tags and embedding say of a field; the key of `GoStruct.tags` is the field's name. */
export interface GoFieldTag {
  /** The key in JSON, and through JSON in YAML; the field's own name where absent. */
  readonly json?: string;
  /** JSON leaves the field out where it is empty. */
  readonly omitEmpty?: boolean;
  /** An embedded struct: its fields and methods count as the outer struct's own, in templates and in JSON. */
  readonly embedded?: boolean;
}

/** A struct (or a pointer to one) with fields in declaration order; a field that is missing is an error in a template, unlike a map's key. */
export class GoStruct {
  readonly type: string;
  readonly fields: Map<string, GoValue>;
  readonly methods: Readonly<Record<string, GoMethod>>;
  /** True where Go holds a pointer to the struct: it prints as `&{…}` at the top level. */
  readonly pointer: boolean;
  readonly tags: Readonly<Record<string, GoFieldTag>>;
  constructor(
    type: string,
    fields: Map<string, GoValue>,
    methods: Readonly<Record<string, GoMethod>> = {},
    pointer = false,
    tags: Readonly<Record<string, GoFieldTag>> = {},
  ) {
    this.type = type;
    this.fields = fields;
    this.methods = methods;
    this.pointer = pointer;
    this.tags = tags;
  }
}

/** Any other Go value: a `text` as `fmt.Sprint` prints it, and whatever its owner keeps in `value`. */
export class GoOpaque {
  readonly type: string;
  readonly value: unknown;
  readonly text: string;
  readonly methods: Readonly<Record<string, GoMethod>>;
  constructor(type: string, value: unknown, text: string, methods: Readonly<Record<string, GoMethod>> = {}) {
    this.type = type;
    this.value = value;
    this.text = text;
    this.methods = methods;
  }
}

/** A Go method or template function: its parameters' Go types (the last may be `...T`), so that calls are checked as Go checks them. */
export interface GoMethod {
  readonly params: readonly string[];
  /** Go's text of the first result's type; `interface {}` where it is that. */
  readonly result: string;
  /**
   * The receiver is a pointer to a struct that is held by value: the method can be called in a template, and a `String` counts when
   * the template prints the field itself, but neither exists on a copy (an argument, a part of another value).
   */
  readonly pointerReceiver?: boolean;
  call(...args: GoValue[]): GoValue;
  /** Operations that each call counts for, where it takes long whatever its arguments. */
  readonly cost?: number;
  /** `call` that tells how much it does, where that depends on more than the sizes of its arguments. */
  counted?(work: Work, ...args: GoValue[]): GoValue;
  /** `call` without the stack, for functions that execute templates, which may call them in turn. */
  descend?(...args: GoValue[]): Descent<GoValue>;
}

export type GoValue =
  | null
  | boolean
  | string
  | number
  | GoNumber
  | GoValue[]
  | GoSlice
  | Uint8Array
  | Map<string, GoValue>
  | GoMap
  | GoStruct
  | GoOpaque;

const SMALL = Array.from({ length: 1280 }, (_, index) => new GoNumber('int', BigInt(index - 256)));

/** A Go `int`. */
export function goInt(value: number | bigint): GoNumber {
  const small = typeof value === 'number' ? SMALL[value + 256] : undefined;
  return small ?? new GoNumber('int', BigInt.asIntN(64, BigInt(value)));
}

/** A Go `int64`. */
export function goInt64(value: number | bigint): GoNumber {
  return new GoNumber('int64', BigInt.asIntN(64, BigInt(value)));
}
