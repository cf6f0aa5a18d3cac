// A compiled JSON schema (santhosh-tekuri/jsonschema v6: schema.go).

import type { GoValue } from '../../go/value.ts';
import type { FormatCheck } from './format.ts';

export type JsonType = 'null' | 'boolean' | 'number' | 'integer' | 'string' | 'array' | 'object';

export interface Pattern {
  readonly source: string;
  test(text: string): boolean;
}

/** Filled in by the compiler after it is made, since schemas refer to each other in circles. */
export interface Schema {
  readonly url: string;
  readonly pointer: string;
  readonly location: string;
  draft: number;
  /** The schema of the resource (`$id`) that this one lies in. */
  resource: Schema | undefined;
  dynamicAnchors: ReadonlyMap<string, Schema>;
  /** What `true`, `false` and `{}` are. */
  always: boolean | undefined;
  keywords: Keywords;
}

export interface Keywords {
  readonly ref?: Schema;
  readonly recursiveRef?: Schema;
  readonly recursiveAnchor?: boolean;
  readonly dynamicRef?: { readonly schema: Schema; readonly anchor: string };
  readonly dynamicAnchor?: string;
  readonly types?: readonly JsonType[];
  readonly enum?: readonly GoValue[];
  readonly const?: { readonly value: GoValue };
  readonly format?: FormatCheck;
  readonly not?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly properties?: ReadonlyMap<string, Schema>;
  readonly patternProperties?: readonly { readonly pattern: Pattern; readonly schema: Schema }[];
  readonly additionalProperties?: boolean | Schema;
  readonly dependencies?: ReadonlyMap<string, readonly string[] | Schema>;
  readonly dependentRequired?: ReadonlyMap<string, readonly string[]>;
  readonly dependentSchemas?: ReadonlyMap<string, Schema>;
  readonly unevaluatedProperties?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly contains?: Schema;
  readonly minContains?: number;
  readonly maxContains?: number;
  /** Before 2020: one schema for all items, or one each. */
  readonly items?: Schema | readonly Schema[];
  readonly additionalItems?: boolean | Schema;
  readonly prefixItems?: readonly Schema[];
  /** Since 2020: the items behind prefixItems. */
  readonly items2020?: Schema;
  readonly unevaluatedItems?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: Pattern;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

export function isSchemaList(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items);
}
