// The Go types of the built-in kinds, as the API server's decoder, server-side apply and strategic merge see them.
//
// data/types.json writes a field as Go does (`[]core/v1.Container`, `*int32`), with a mark in front for what `encoding/json`
// does with an empty value: nothing = `omitempty`, `0` = `omitzero`, `!` = always written.

import table from './data/types.json' with { type: 'json' };

export type ListType = 'atomic' | 'set' | 'map';

/** How a value looks in JSON. The named ones have a form of their own. */
export type Kind =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'list'
  | 'map'
  | 'struct'
  | 'any'
  | 'bytes'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  | 'duration';

export interface TypeNode {
  readonly kind: Kind;
  /** As Go's reflection names it (`v1.Protocol`, `int32`), for messages. */
  readonly goName: string;
  /** Key into the table, for structs and other named types (`core/v1.Container`). */
  readonly name?: string;
  /** The name that it had in a version that is served no more (`apps/v1beta1.Deployment`): its defaults were others. */
  readonly since?: string;
  /** Elements of lists and maps are read when asked for: types refer to each other in circles. */
  readonly element?: () => TypeNode;
  readonly fields?: () => ReadonlyMap<string, Field>;
  /** The whole value belongs to one field manager. */
  readonly atomic?: boolean;
  /** Bits of an integer. */
  readonly bits?: 32 | 64;
}

export interface Field {
  readonly name: string;
  readonly type: TypeNode;
  readonly pointer: boolean;
  readonly omit: 'never' | 'empty' | 'zero';
  readonly listType?: ListType;
  readonly listKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  readonly mergeKey?: string;
  readonly patchStrategy?: readonly string[];
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly required: boolean;
  /** `ProbeHandler.` where the field is one of an embedded struct: Go's messages name it. */
  readonly embedded: string;
  /** Where protobuf has it: `3`, or `1.3` inside an embedded message; '' where it has it not. */
  readonly number: string;
}

interface Extra {
  readonly list?: ListType;
  readonly keys?: readonly string[];
  readonly map?: 'atomic' | 'granular';
  readonly merge?: string;
  readonly patch?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly required?: boolean;
}
type FieldSpec = string | readonly [string, Extra];
export interface TypeSpec {
  readonly fields?: Readonly<Record<string, FieldSpec>>;
  /** Field numbers in protobuf, where they do not simply count; `1.2` is field 2 of an embedded message 1. */
  readonly proto?: string;
  /** Fields that come from embedded Go structs, by the structs' names. */
  readonly embedded?: Readonly<Record<string, readonly string[]>>;
  readonly map?: string;
  readonly scalar?: string;
  readonly format?: string;
}
interface Table {
  readonly kinds: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, TypeSpec>>;
}

// The JSON's inferred type is a union of every entry; this is what the generator writes.
const TABLE = table as unknown as Table;

const PRIMITIVES: Readonly<Record<string, TypeNode>> = {
  string: { kind: 'string', goName: 'string' },
  bool: { kind: 'boolean', goName: 'bool' },
  int: { kind: 'integer', goName: 'int', bits: 64 },
  int32: { kind: 'integer', goName: 'int32', bits: 32 },
  int64: { kind: 'integer', goName: 'int64', bits: 64 },
  uint32: { kind: 'integer', goName: 'uint32', bits: 32 },
  uint64: { kind: 'integer', goName: 'uint64', bits: 64 },
  float64: { kind: 'number', goName: 'float64' },
  '[]byte': { kind: 'bytes', goName: '[]uint8' },
};

/** Named types whose JSON form Go code decides. */
const SPECIAL: Readonly<Record<string, Kind>> = {
  'api/resource.Quantity': 'quantity',
  'util/intstr.IntOrString': 'intOrString',
  'meta/v1.Time': 'time',
  'meta/v1.MicroTime': 'microTime',
  'meta/v1.Duration': 'duration',
  'pkg/types.UID': 'string',
};

const nodes = new Map<string, TypeNode>();

/** The type of a table expression (`[]core/v1.Container`, `core/v1.PodSpec`); pointers are seen through. */
export function typeOf(expression: string): TypeNode {
  const known = nodes.get(expression);
  if (known) return known;
  const made = makeType(expression);
  nodes.set(expression, made);
  return made;
}

function makeType(expression: string): TypeNode {
  const primitive = PRIMITIVES[expression];
  if (primitive) return primitive;
  if (expression.startsWith('*')) return typeOf(expression.slice(1));
  if (expression.startsWith('[]')) {
    const element = expression.slice(2);
    return { kind: 'list', goName: `[]${goNameOf(element)}`, element: () => typeOf(element) };
  }
  if (expression.startsWith('map[string]')) {
    const element = expression.slice('map[string]'.length);
    return { kind: 'map', goName: `map[string]${goNameOf(element)}`, element: () => typeOf(element) };
  }
  return makeNamed(expression);
}

function makeNamed(name: string): TypeNode {
  const goName = goNameOf(name);
  const special = SPECIAL[name];
  if (special) return { kind: special, goName, name };
  const alias = TABLE.aliases[name];
  if (alias) return { ...typeOf(alias), goName };
  const spec = TABLE.types[name];
  const fields = spec?.fields;
  if (!fields) return { kind: 'any', goName, name };
  let read: ReadonlyMap<string, Field> | undefined;
  return {
    kind: 'struct',
    goName,
    name,
    fields: () => {
      read ??= readFields(fields, spec);
      return read;
    },
    ...(spec.map === 'atomic' ? { atomic: true } : {}),
  };
}

function readFields(fields: Readonly<Record<string, FieldSpec>>, type: TypeSpec): ReadonlyMap<string, Field> {
  const given = type.proto?.split(',');
  const embedded = new Map(
    Object.entries(type.embedded ?? {}).flatMap(([struct, names]) =>
      names.map((name) => [name, `${struct}.`] as const),
    ),
  );
  const names = Object.keys(fields);
  const hasTypeMeta = names[0] === 'kind' && names[1] === 'apiVersion';
  let count = 0;
  return new Map(
    Object.entries(fields).map(([name, text], index) => {
      // TypeMeta is no part of the message; the envelope has it.
      const isMeta = hasTypeMeta && index < 2;
      const counted = given ? (given[index] ?? '') : isMeta ? '' : String(++count);
      return [name, readField(name, text, counted, embedded.get(name) ?? '')];
    }),
  );
}

function readField(name: string, spec: FieldSpec, number: string, embedded: string): Field {
  const [text, extra]: readonly [string, Extra] = typeof spec === 'string' ? [spec, {}] : spec;
  const mark = text[0];
  const expression = mark === '!' || mark === '0' ? text.slice(1) : text;
  const pointer = expression.startsWith('*');
  const type = typeOf(expression);
  const omit = mark === '!' ? 'never' : mark === '0' ? 'zero' : 'empty';
  return {
    name,
    type,
    pointer,
    omit,
    required: extra.required === true,
    number,
    embedded,
    ...(extra.list ? { listType: extra.list } : {}),
    ...(extra.keys ? { listKeys: extra.keys } : {}),
    ...(extra.map ? { mapType: extra.map } : {}),
    ...(extra.merge ? { mergeKey: extra.merge } : {}),
    ...(extra.patch ? { patchStrategy: extra.patch.split(',') } : {}),
    ...(extra.enum ? { enum: extra.enum } : {}),
    ...defaultOf(type, pointer, omit, extra),
  };
}

/** kube-openapi gives a field that is always written its zero value as the default; the table leaves those out. */
function defaultOf(type: TypeNode, pointer: boolean, omit: Field['omit'], extra: Extra): { default?: unknown } {
  if (extra.default !== undefined) return { default: extra.default };
  if (pointer || omit !== 'never') return {};
  if (type.kind === 'string') return { default: '' };
  if (type.kind === 'integer' || type.kind === 'number') return { default: 0 };
  if (type.kind === 'boolean') return { default: false };
  return {};
}

function goNameOf(expression: string): string {
  if (expression.startsWith('*')) return `*${goNameOf(expression.slice(1))}`;
  if (expression.startsWith('[]')) return expression === '[]byte' ? '[]uint8' : `[]${goNameOf(expression.slice(2))}`;
  if (expression.startsWith('map[string]')) return `map[string]${goNameOf(expression.slice('map[string]'.length))}`;
  return expression.slice(expression.lastIndexOf('/') + 1);
}

/** The struct of a built-in kind, or undefined for kinds that the table does not have. */
export function typeOfKind(group: string, version: string, kind: string): TypeNode | undefined {
  const name = TABLE.kinds[`${group}/${version}/${kind}`];
  return name === undefined ? undefined : typeOf(name);
}

/** What the table says of a named type, for the OpenAPI documents. */
export function typeSpecOf(name: string): TypeSpec | undefined {
  return TABLE.types[name];
}

/** `{group, version, kind}` of every built-in kind with the name of its type. */
export function builtinKinds(): readonly { group: string; version: string; kind: string; type: string }[] {
  return Object.entries(TABLE.kinds).map(([key, type]) => {
    const [group = '', version = '', kind = ''] = key.split('/');
    return { group, version, kind, type };
  });
}
