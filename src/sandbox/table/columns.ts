// Which columns a kind has.

import type { Resource } from '../resource/resource.ts';
import { age } from './age.ts';
import { BUILTIN_COLUMNS } from './builtin.ts';
import { definitionColumns } from './custom.ts';
import type { Columns } from './table.ts';

/** Built-in kinds without a printer (rest.DefaultTableConvertor). */
const PLAIN: Columns = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Created At', type: 'date' },
  ],
  cells: (object) => [object.metadata.name ?? '', object.metadata.creationTimestamp ?? ''],
};

/** Definitions without columns. */
const CUSTOM: Columns = {
  columns: [
    { name: 'Name', type: 'string', format: 'name' },
    { name: 'Age', type: 'date' },
  ],
  cells: (object, cluster) => [object.metadata.name ?? '', age(object.metadata.creationTimestamp, cluster)],
};

export function columnsOf(resource: Resource): Columns {
  if (resource.definition) return definitionColumns(resource.definition, resource.version) ?? CUSTOM;
  return BUILTIN_COLUMNS[resource.storage] ?? PLAIN;
}
