// The metaschemas of JSON Schema's drafts 4 to 2020-12 as json-schema.org has them, without their annotations.

import type { Json } from '../../../base/json.ts';
import type { GoValue } from '../../go/value.ts';
import METASCHEMAS from './metaschemas.json' with { type: 'json' };

/** The metaschema at a URL, by http or https; undefined where it is none. */
export function metaschemaAt(url: string): GoValue | undefined {
  const path = url.replace(/^https?:\/\//, '').replace(/#$/, '');
  const wanted = path === 'json-schema.org/schema' ? 'json-schema.org/draft/2020-12/schema' : path;
  for (const [known, content] of Object.entries(METASCHEMAS)) {
    if (known.replace(/^https?:\/\//, '') === wanted) return toGoValue(content);
  }
  return undefined;
}

function toGoValue(value: Json): GoValue {
  if (Array.isArray(value)) return value.map(toGoValue);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, toGoValue(item)]));
}
