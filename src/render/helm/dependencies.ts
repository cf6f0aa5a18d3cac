// Which subcharts take part, under which names, and what they export (Helm: pkg/chartutil/dependencies.go).

import { HawserError, isHawserError, messageOf } from '../../base/errors.ts';
import { parseConstraint, parseVersion, satisfies } from '../../base/semver.ts';
import { sprint } from '../go/fmt.ts';
import { GoMap, type GoValue } from '../go/value.ts';
import { type Chart, setDependencies, type Values } from './chart.ts';
import { coalesceValues, copyTable, mergeTables, mergeValues, type Warn } from './coalesce.ts';
import type { Dependency } from './metadata.ts';
import { MissingPath, tableAt, valueAt } from './values.ts';

/**
 * The chart as one render sees it: subcharts that conditions and tags switch off are gone, aliases have become names, and values that
 * `import-values` asks for are among the parent's defaults. The given chart is not changed; files are shared with it.
 */
export function processDependencies(chart: Chart, values: Values, warn: Warn): Chart {
  const own = copyChart(chart);
  processEnabled(own, values, '', warn);
  processImports(own, warn);
  return own;
}

/** Throws `RenderFailed` where Chart.yaml names a dependency that charts/ does not hold (Helm: action.CheckDependencies). */
export function checkDependencies(chart: Chart): void {
  const present = new Set(chart.dependencies.map(({ metadata }) => metadata.name));
  const missing = (chart.metadata.dependencies ?? []).filter(({ name }) => !present.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    const message = `found in Chart.yaml, but missing in charts/ directory: ${missing.join(', ')}`;
    throw new HawserError('RenderFailed', message, { data: { missing } });
  }
}

/** Whether `version` satisfies the range; false where either cannot be read (Helm: IsCompatibleRange). */
export function isCompatibleRange(range: string, version: string): boolean {
  try {
    return satisfies(parseVersion(version), parseConstraint(range));
  } catch (error) {
    if (error instanceof HawserError) return false;
    throw error;
  }
}

function copyChart(chart: Chart): Chart {
  const copy: Chart = {
    ...chart,
    metadata: {
      ...chart.metadata,
      dependencies: chart.metadata.dependencies?.map((dependency) => ({ ...dependency })) ?? null,
    },
  };
  setDependencies(copy, chart.dependencies.map(copyChart));
  return copy;
}

function processEnabled(chart: Chart, values: Values, path: string, warn: Warn): void {
  const declared = chart.metadata.dependencies;
  if (declared === null) return;
  setDependencies(chart, selectDeclared(chart, declared));
  for (const dependency of declared) dependency.enabled = true;
  const coalesced = coalesceValues(chart, values, warn);
  applyTags(declared, coalesced, warn);
  applyConditions(declared, coalesced, path, warn);
  const disabled = new Set(declared.filter(({ enabled }) => !enabled).map(({ name }) => name));
  const kept = chart.dependencies.filter(({ metadata }) => !disabled.has(metadata.name));
  for (const subchart of kept) processEnabled(subchart, coalesced, `${path}${subchart.metadata.name}.`, warn);
  const remaining = declared.filter(({ name }) => !disabled.has(name));
  chart.metadata.dependencies = remaining.length === 0 ? null : remaining;
  setDependencies(chart, kept);
}

/** Subcharts that Chart.yaml does not mention come first, then the declared ones in its order, renamed to their alias. */
function selectDeclared(chart: Chart, declared: readonly Dependency[]): Chart[] {
  const undeclared = chart.dependencies.filter(
    ({ metadata }) =>
      !declared.some(({ name, version }) => metadata.name === name && isCompatibleRange(version, metadata.version)),
  );
  const selected = [...undeclared];
  for (const dependency of declared) {
    const found = findAliased(chart.dependencies, dependency);
    if (found !== undefined) selected.push(found);
    if (dependency.alias !== '') dependency.name = dependency.alias;
  }
  return selected;
}

/** A shallow copy, as Helm's: two aliases of one subchart share its own subcharts. */
function findAliased(charts: readonly Chart[], dependency: Dependency): Chart | undefined {
  const found = charts.find(
    ({ metadata }) => metadata.name === dependency.name && isCompatibleRange(dependency.version, metadata.version),
  );
  if (found === undefined) return undefined;
  return { ...found, metadata: { ...found.metadata, name: dependency.alias || found.metadata.name } };
}

/** One true tag enables, else one false tag disables. */
function applyTags(declared: readonly Dependency[], values: Values, warn: Warn): void {
  const tags = values.get('tags');
  if (!(tags instanceof Map)) return;
  for (const dependency of declared) {
    let hasTrue = false;
    let hasFalse = false;
    for (const tag of dependency.tags) {
      const value = tags.get(tag);
      if (value === undefined) continue;
      if (value === true) hasTrue = true;
      else if (value === false) hasFalse = true;
      else warn(`dependencies.go:95: Warning: Tag '${tag}' for chart ${dependency.name} returned non-bool value`);
    }
    dependency.enabled = hasTrue || !hasFalse;
  }
}

/** The first condition path that holds a boolean decides, over any tag. */
function applyConditions(declared: readonly Dependency[], values: Values, path: string, warn: Warn): void {
  for (const dependency of declared) {
    for (const condition of dependency.condition.trim().split(',')) {
      if (condition === '') continue;
      const value = optionalValue(values, path + condition);
      if (value === undefined) continue;
      if (typeof value === 'boolean') {
        dependency.enabled = value;
        break;
      }
      warn(
        `dependencies.go:64: Warning: Condition path '${condition}' for chart ${dependency.name} returned non-bool value`,
      );
    }
  }
}

function optionalValue(values: Values, path: string): GoValue | undefined {
  try {
    return valueAt(values, path);
  } catch (error) {
    if (error instanceof MissingPath) return undefined;
    throw error;
  }
}

/** From the leaves up, since a parent may import what a child has imported. */
function processImports(chart: Chart, warn: Warn): void {
  for (const subchart of chart.dependencies) processImports(subchart, warn);
  importValues(chart, warn);
}

/** What subcharts export goes below the chart's own values: the parent can still override it. */
function importValues(chart: Chart, warn: Warn): void {
  const declared = chart.metadata.dependencies;
  if (declared === null) return;
  const values = mergeValues(chart, new Map(), warn);
  let imported: Values = new Map();
  for (const dependency of declared) {
    const rules: GoValue[] = [];
    for (const item of dependency.importValues) {
      const rule = importRule(item, dependency.name);
      if (rule === undefined) continue;
      rules.push(
        new GoMap(
          'map[string]string',
          new Map([
            ['child', rule.child],
            ['parent', rule.parent],
          ]),
        ),
      );
      let table: Values;
      try {
        table = tableAt(values, `${dependency.name}.${rule.child}`);
        // An empty table is a new one each time (Helm: Values.AsMap), so that merging does not write into the values.
        if (table.size === 0) table = new Map();
      } catch (error) {
        if (!(error instanceof MissingPath)) throw error;
        warn(rule.warning(messageOf(error)));
        continue;
      }
      imported = mergeTables(imported, rule.parent === '.' ? table : nested(rule.parent, table), warn);
    }
    // A form that is not read again, as in Helm: where two aliases share a subchart, only the first imports its dependencies' values.
    dependency.importValues = rules;
  }
  // The copy is needed since what is imported may be a part of the values themselves.
  chart.values = imported.size === 0 ? values : mergeTables(copyTable(values), imported, warn);
}

interface ImportRule {
  readonly child: string;
  readonly parent: string;
  warning(reason: string): string;
}

function importRule(item: GoValue, chart: string): ImportRule | undefined {
  if (typeof item === 'string') {
    return {
      child: `exports.${item}`,
      parent: '.',
      warning: (reason) => `dependencies.go:287: Warning: ImportValues missing table: ${reason}`,
    };
  }
  if (!(item instanceof Map)) return undefined;
  return {
    child: sprint([item.get('child') ?? null]),
    parent: sprint([item.get('parent') ?? null]),
    warning: (reason) => `dependencies.go:270: Warning: ImportValues missing table from chart ${chart}: ${reason}`,
  };
}

function nested(path: string, table: Values): Values {
  return path.split('.').reduceRight((inner: Values, key) => new Map<string, GoValue>([[key, inner]]), table);
}

/** The refusal that `helm template` gives for a chart with missing dependencies. */
export function explainMissingDependencies(error: unknown): unknown {
  if (!isHawserError(error, 'RenderFailed')) return error;
  const message = `An error occurred while checking for chart dependencies. You may need to run \`helm dependency build\` to fetch missing dependencies: ${error.message}`;
  return new HawserError('RenderFailed', message, { cause: error, data: error.data });
}
