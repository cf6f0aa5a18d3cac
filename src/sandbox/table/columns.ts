// Which columns a kind has.

import type { Resource } from '../resource/resource.ts';
import { age } from './age.ts';
import { BUILTIN_COLUMNS } from './builtin.ts';
import { definitionColumns } from './custom.ts';
import type { Columns } from './table.ts';

/** Name and age, for kinds without a table of their own. */
const PLAIN: Columns = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Age', type: 'string' },
  ],
  cells: (object, cluster) => [object.metadata.name ?? '', age(object.metadata.creationTimestamp, cluster)],
};

export function columnsOf(resource: Resource): Columns {
  if (resource.definition) return definitionColumns(resource.definition, resource.version) ?? PLAIN;
  return BUILTIN_COLUMNS[resource.storage] ?? PLAIN;
}
