// Columns of custom resources: additionalPrinterColumns with their JSONPath.

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import { age } from './age.ts';
import { readJsonPath } from './json-path.ts';
import type { Cell, Columns } from './table.ts';

/** undefined when the version defines no columns. */
export function definitionColumns(definition: KubeObject, version: string): Columns | undefined {
  const versions = at(definition, 'spec', 'versions');
  const found = Array.isArray(versions) ? versions.find((item) => stringAt(item, 'name') === version) : undefined;
  const list = at(found, 'additionalPrinterColumns');
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const columns = list.filter(isObject).map((column) => ({
    name: String(column.name),
    type: String(column.type),
    format: String(column.format ?? ''),
    description: String(column.description ?? ''),
    priority: Number(column.priority ?? 0),
    path: String(column.jsonPath),
  }));
  return {
    columns: [{ name: 'Name', type: 'string', format: 'name' }, ...columns.map(({ path: _, ...column }) => column)],
    cells: (object, cluster) => [
      object.metadata.name ?? '',
      ...columns.map(({ type, path }): Cell => {
        const value = readJsonPath(object, path);
        if (value === undefined || value === null) return null;
        if (type === 'date') return age(value, cluster);
        if (type === 'integer' || type === 'number') return typeof value === 'number' ? value : null;
        if (type === 'boolean') return typeof value === 'boolean' ? value : null;
        return typeof value === 'string' ? value : JSON.stringify(value);
      }),
    ],
  };
}
