// What can be set of a source, for those who fill in a form: values files and parameters of a chart (Argo CD: reposerver, GetAppDetails;
// util/helm, GetParameters).

import type { Source, SourceType } from '../application/types.ts';
import { isHawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { joinPath, readText, type Tree } from '../render/tree.ts';
import { yamlToJson } from '../render/yaml/decode.ts';
import { detectSourceType } from './detect.ts';

export interface HelmDetails {
  /** Relative to the chart's folder. */
  readonly valueFiles: readonly string[];
  /** The text of values.yaml. */
  readonly values: string;
  /** Every value that is no map or list, by its path; those of the source's own values files count before the chart's. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly fileParameters: readonly { readonly name: string; readonly path: string }[];
}

export interface SourceDetails {
  readonly type: SourceType;
  readonly helm?: HelmDetails;
}

/** A chart with more files than this shows the first. */
const MOST_FILES = 5_000;

/** `path` is the source's folder in the tree, which is all here. */
export function describeSource(tree: Tree, path: string, source: Source): SourceDetails {
  const type = source.chart ? 'Helm' : detectSourceType(tree, path, source);
  return type === 'Helm' ? { type, helm: describeChart(tree, path, source) } : { type };
}

function describeChart(tree: Tree, path: string, { helm }: Source): HelmDetails {
  const values = textAt(tree, path, 'values.yaml') ?? '';
  const parameters = new Map<string, string>();
  const chosen = (helm?.valueFiles ?? []).filter((file) => !/^(\$|[a-z]+:\/\/)/.test(file));
  for (const text of [values, ...chosen.map((file) => textAt(tree, path, file) ?? '')]) {
    if (text.trim() === '') continue;
    const parsed: unknown = JSON.parse(yamlToJson(text));
    if (isObject(parsed)) flatten(parsed, '', parameters);
  }
  return {
    valueFiles: findValueFiles(tree, path),
    values,
    parameters: [...parameters].map(([name, value]) => ({ name, value })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    fileParameters: helm?.fileParameters ?? [],
  };
}

function findValueFiles(tree: Tree, root: string): readonly string[] {
  const found: string[] = [];
  const folders = [''];
  for (let index = 0; index < folders.length && found.length < MOST_FILES; index++) {
    const folder = folders[index] ?? '';
    for (const { name, kind } of tree.list(joinPath(root, folder) ?? root) ?? []) {
      const relative = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'directory') folders.push(relative);
      else if (name.includes('values') && /\.ya?ml$/i.test(name)) found.push(relative);
    }
  }
  return found.sort();
}

/** undefined for what is not there, and for what leads out of what was fetched. */
function textAt(tree: Tree, path: string, file: string): string | undefined {
  const place = joinPath(path, file);
  try {
    return place === undefined ? undefined : readText(tree, place);
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

/** As Go prints them (`%v`), with `.` between keys and `[0]` after lists. */
function flatten(value: unknown, name: string, parameters: Map<string, string>): void {
  if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, name === '' ? key : `${name}.${key}`, parameters);
  } else if (Array.isArray(value)) {
    value.forEach((inner, index) => {
      flatten(inner, `${name}[${index}]`, parameters);
    });
  } else {
    parameters.set(name, value === null ? '<nil>' : String(value));
  }
}
