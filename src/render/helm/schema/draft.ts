// The drafts of JSON Schema: where their subschemas stand, and what they call an id (santhosh-tekuri/jsonschema v6: draft.go).

export interface Draft {
  readonly version: 4 | 6 | 7 | 2019 | 2020;
  readonly url: string;
  readonly id: 'id' | '$id';
  /** Keywords that hold a schema, a list of schemas or a map of schemas. */
  readonly subschemas: readonly SubschemaPath[];
}

export interface SubschemaPath {
  readonly keyword: string;
  readonly holds: 'schema' | 'list' | 'map';
}

const schemas = (...keywords: string[]): SubschemaPath[] => keywords.map((keyword) => ({ keyword, holds: 'schema' }));
const lists = (...keywords: string[]): SubschemaPath[] => keywords.map((keyword) => ({ keyword, holds: 'list' }));
const maps = (...keywords: string[]): SubschemaPath[] => keywords.map((keyword) => ({ keyword, holds: 'map' }));

const IN_DRAFT_4 = [
  ...maps('definitions', 'properties', 'patternProperties', 'dependencies'),
  ...schemas('not', 'additionalProperties', 'items', 'additionalItems'),
  ...lists('allOf', 'anyOf', 'oneOf', 'items'),
];
const IN_DRAFT_6 = [...IN_DRAFT_4, ...schemas('propertyNames', 'contains')];
const IN_DRAFT_7 = [...IN_DRAFT_6, ...schemas('if', 'then', 'else')];
const IN_DRAFT_2019 = [
  ...IN_DRAFT_7,
  ...maps('$defs', 'dependentSchemas'),
  ...schemas('unevaluatedProperties', 'unevaluatedItems', 'contentSchema'),
];
const IN_DRAFT_2020 = [...IN_DRAFT_2019, ...lists('prefixItems')];

export const LATEST_DRAFT: Draft = {
  version: 2020,
  url: 'https://json-schema.org/draft/2020-12/schema',
  id: '$id',
  subschemas: IN_DRAFT_2020,
};

const DRAFTS: ReadonlyMap<string, Draft> = new Map<string, Draft>([
  ['json-schema.org/schema', LATEST_DRAFT],
  ['json-schema.org/draft/2020-12/schema', LATEST_DRAFT],
  [
    'json-schema.org/draft/2019-09/schema',
    { version: 2019, url: 'https://json-schema.org/draft/2019-09/schema', id: '$id', subschemas: IN_DRAFT_2019 },
  ],
  [
    'json-schema.org/draft-07/schema',
    { version: 7, url: 'http://json-schema.org/draft-07/schema', id: '$id', subschemas: IN_DRAFT_7 },
  ],
  [
    'json-schema.org/draft-06/schema',
    { version: 6, url: 'http://json-schema.org/draft-06/schema', id: '$id', subschemas: IN_DRAFT_6 },
  ],
  [
    'json-schema.org/draft-04/schema',
    { version: 4, url: 'http://json-schema.org/draft-04/schema', id: 'id', subschemas: IN_DRAFT_4 },
  ],
]);

/** The draft that a `$schema` names, by http or https, with an empty fragment or none; undefined for another metaschema. */
export function draftOf(schemaUrl: string): Draft | undefined {
  const match = /^(?:https?:\/\/)?([^#]*)#?$/.exec(schemaUrl);
  return match?.[1] === undefined ? undefined : DRAFTS.get(match[1]);
}
