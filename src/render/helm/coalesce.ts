// The values of a chart and its subcharts in one tree (Helm: pkg/chartutil/coalesce.go). User values win over a parent's, a parent's
// over its subcharts'. "Coalescing" drops keys that a null has deleted; "merging" keeps the nulls, for a later coalescing to find.

import { HawserError } from '../../base/errors.ts';
import { sprintf } from '../go/fmt.ts';
import { quote } from '../go/quote.ts';
import type { GoValue } from '../go/value.ts';
import type { Chart, Values } from './chart.ts';

/** Receives what Helm logs, with its source line and without a line break. */
export type Warn = (message: string) => void;

interface Coalescing {
  readonly keepNulls: boolean;
  readonly warn: Warn;
}

/** User values over the defaults of a chart and its subcharts; nulls delete. Changes neither. */
export function coalesceValues(chart: Chart, values: Values, warn: Warn): Values {
  return coalesceChart(chart, copyTable(values), '', { keepNulls: false, warn });
}

/** The same, but nulls stay. */
export function mergeValues(chart: Chart, values: Values, warn: Warn): Values {
  return coalesceChart(chart, copyTable(values), '', { keepNulls: true, warn });
}

/** One table over another, `destination` winning; both are changed. Nulls of `destination` delete. */
export function coalesceTables(destination: Values, source: Values, warn: Warn): Values {
  return coalesceTable(destination, source, '', { keepNulls: false, warn });
}

/** The same, but nulls stay. */
export function mergeTables(destination: Values, source: Values, warn: Warn): Values {
  return coalesceTable(destination, source, '', { keepNulls: true, warn });
}

/** A deep copy of a table. */
export function copyTable(values: Values): Values {
  return new Map([...values].map(([key, value]) => [key, copyValue(value)]));
}

function copyValue(value: GoValue): GoValue {
  if (value instanceof Map) return copyTable(value);
  return Array.isArray(value) ? value.map(copyValue) : value;
}

function coalesceChart(chart: Chart, destination: Values, prefix: string, how: Coalescing): Values {
  coalesceDefaults(chart, destination, prefix, how);
  for (const subchart of chart.dependencies) coalesceSubchart(chart, subchart, destination, prefix, how);
  return destination;
}

function coalesceSubchart(chart: Chart, subchart: Chart, destination: Values, prefix: string, how: Coalescing): void {
  const { name } = subchart.metadata;
  const found = destination.get(name);
  if (found !== undefined && !(found instanceof Map)) {
    throw new HawserError('RenderFailed', `type mismatch on ${name}: ${sprintf('%t', [found])}`);
  }
  const table: Values = found ?? new Map();
  const subPrefix = joinPrefix(prefix, chart.metadata.name);
  coalesceGlobals(table, destination, subPrefix, how);
  destination.set(name, coalesceChart(subchart, table, subPrefix, how));
}

/** Globals go down: a parent's win over those that a subchart's table already has. */
function coalesceGlobals(destination: Values, source: Values, prefix: string, how: Coalescing): void {
  const into = destination.get('global') ?? (destination.has('global') ? null : new Map<string, GoValue>());
  if (!(into instanceof Map)) {
    how.warn('coalesce.go:138: warning: skipping globals because destination global is not a table.');
    return;
  }
  const from = source.get('global') ?? (source.has('global') ? null : new Map<string, GoValue>());
  if (!(from instanceof Map)) {
    how.warn('coalesce.go:145: warning: skipping globals because source global is not a table.');
    return;
  }
  for (const [key, value] of from) {
    const present = into.get(key);
    if (value instanceof Map) {
      const copy = new Map(value);
      if (!into.has(key)) into.set(key, copy);
      else if (present instanceof Map) {
        coalesceTable(copy, present, joinPrefix(prefix, key), { ...how, keepNulls: true });
        into.set(key, copy);
      } else how.warn(`coalesce.go:161: Conflict: cannot merge map onto non-map for ${quote(key)}. Skipping.`);
    } else if (present instanceof Map) how.warn(`coalesce.go:175: key ${key} is table. Skipping`);
    else into.set(key, value);
  }
  destination.set('global', into);
}

/** Fills what the user's values do not say from the chart's own defaults. */
function coalesceDefaults(chart: Chart, values: Values, prefix: string, how: Coalescing): void {
  const subPrefix = joinPrefix(prefix, chart.metadata.name);
  for (const [key, shared] of chart.values) {
    const present = values.get(key);
    if (!values.has(key)) values.set(key, copyValue(shared));
    else if (present === null && !how.keepNulls) values.delete(key);
    else if (present instanceof Map) {
      if (shared instanceof Map) {
        const isSubchart = chart.dependencies.some(({ metadata }) => metadata.name === key);
        const keepNulls = isSubchart || how.keepNulls;
        coalesceTable(present, copyTable(shared), joinPrefix(subPrefix, key), { ...how, keepNulls });
      } else if (shared !== null) {
        how.warn(`coalesce.go:237: warning: skipped value for ${subPrefix}.${key}: Not a table.`);
      }
    }
  }
}

function coalesceTable(destination: Values, source: Values, prefix: string, how: Coalescing): Values {
  // A null over a default deletes it; a null where there was no default, or a null one, stays.
  const defaults = new Set<string>();
  for (const [key, value] of source) if (value !== null) defaults.add(key);
  for (const [key, value] of destination) if (value === null) source.set(key, null);
  for (const [key, value] of source) {
    const present = destination.get(key);
    const fullKey = joinPrefix(prefix, key);
    if (present === null && !how.keepNulls && defaults.has(key)) destination.delete(key);
    else if (present === undefined) destination.set(key, value);
    else if (value instanceof Map) {
      if (present instanceof Map) coalesceTable(present, value, fullKey, how);
      else
        how.warn(
          sprintf('coalesce.go:316: warning: cannot overwrite table with non table for %s (%v)', [fullKey, value]),
        );
    } else if (present instanceof Map && value !== null) {
      how.warn(
        sprintf('coalesce.go:319: warning: destination for %s is a table. Ignoring non-table value (%v)', [
          fullKey,
          value,
        ]),
      );
    }
  }
  return destination;
}

function joinPrefix(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}
