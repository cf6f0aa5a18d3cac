// Go's `chartutil.Values`: what `.Values` and the dot of a template are (Helm: pkg/chartutil/values.go).

import { GoMap, type GoMethod, type GoValue } from '../go/value.ts';
import { toYaml } from '../yaml/encode.ts';
import type { Values } from './chart.ts';
import { tableAt, valueAt } from './values.ts';

/** The table with the methods of its Go type. The map is shared, not copied: templates change values through it. */
export function valuesObject(entries: Values): GoMap {
  return new GoMap('chartutil.Values', entries, methodsOf(entries));
}

function methodsOf(entries: Values): Readonly<Record<string, GoMethod>> {
  return {
    YAML: { params: [], result: 'string', call: () => withLineBreak(toYaml(new Map(entries))) },
    Table: {
      params: ['string'],
      result: 'chartutil.Values',
      call: (name) => valuesObject(tableAt(entries, text(name))),
    },
    AsMap: {
      params: [],
      result: 'map[string]interface {}',
      call: () => (entries.size === 0 ? new Map<string, GoValue>() : entries),
    },
    PathValue: {
      params: ['string'],
      result: 'interface {}',
      call: (path) => {
        if (text(path) === '') throw new Error('YAML path cannot be empty');
        return valueAt(entries, text(path));
      },
    },
  };
}

function withLineBreak(yaml: string): string {
  return yaml.endsWith('\n') ? yaml : `${yaml}\n`;
}

function text(value: GoValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
