// The Application that is being made: a YAML text, of which the form shows and changes parts. Comments and what the form does not know stay.

import { type Document, isCollection, isScalar, parseDocument } from 'yaml';
import type { Problem } from '../../editor/problems.ts';

export type Draft = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

export interface ParsedDraft {
  /** undefined where the text cannot be read. */
  readonly value: Draft | undefined;
  readonly problems: readonly Problem[];
}

/** They stay, empty as they are: one sees what is to be filled in. */
const KEPT: readonly string[] = [
  'metadata',
  'metadata.name',
  'spec',
  'spec.project',
  'spec.source',
  'spec.source.repoURL',
  'spec.source.path',
  'spec.source.chart',
  'spec.source.targetRevision',
  'spec.destination',
  'spec.destination.server',
  'spec.destination.name',
  'spec.destination.namespace',
  'spec.syncPolicy.automated',
];

const OPTIONS = { lineWidth: 0, flowCollectionPadding: false } as const;

export function parseDraft(text: string): ParsedDraft {
  const document = parseDocument(text, { prettyErrors: true });
  const problems = document.errors.map(
    ({ message, linePos }): Problem => ({
      ...{ line: linePos?.[0].line ?? 1, column: linePos?.[0].col, kind: 'error' },
      message: (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
    }),
  );
  if (problems.length > 0) return { value: undefined, problems };
  const value: unknown = document.toJS();
  if (isDraft(value)) return { value, problems };
  return { value: undefined, problems: [{ line: 1, message: 'an Application is a map', kind: 'error' }] };
}

/** undefined, an empty text, list or map takes it out, and what is left empty around it. The text must be one that can be read. */
export function editDraft(text: string, path: Path, value: unknown): string {
  const document = parseDocument(text);
  if (isNothing(value) && !isKept(path)) remove(document, path);
  else put(document, path, value ?? '');
  return document.toString(OPTIONS);
}

/** Several changes, one after the other. */
export function editAll(text: string, changes: readonly (readonly [path: Path, value: unknown])[]): string {
  return changes.reduce((now, [path, value]) => editDraft(now, path, value), text);
}

/** Takes it out, even what stays otherwise. */
export function cutDraft(text: string, ...paths: readonly Path[]): string {
  const document = parseDocument(text);
  for (const path of paths) remove(document, path);
  return document.toString(OPTIONS);
}

export function valueAt(draft: Draft | undefined, path: Path): unknown {
  return path.reduce<unknown>(
    (here, key) => (isDraft(here) || Array.isArray(here) ? Reflect.get(here, key) : undefined),
    draft,
  );
}

export function textAt(draft: Draft | undefined, ...path: Path): string {
  const value = valueAt(draft, path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function listAt(draft: Draft | undefined, ...path: Path): readonly unknown[] {
  const value = valueAt(draft, path);
  return Array.isArray(value) ? value : [];
}

export function textsAt(draft: Draft | undefined, ...path: Path): readonly string[] {
  return listAt(draft, ...path).filter((value) => typeof value === 'string');
}

export function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function put(document: Document, path: Path, value: unknown): void {
  // What has no value yet (`helm:`) becomes a map.
  for (let length = 1; length < path.length; length++) {
    const above = path.slice(0, length);
    if (document.hasIn(above) && !isCollection(document.getIn(above, true))) document.deleteIn(above);
  }
  const around = document.getIn(path.slice(0, -1), true);
  if (isCollection(around) && around.items.length === 0) around.flow = false;
  const before = document.getIn(path, true);
  // Quoted because it was empty; what is written now is quoted where it has to be.
  if (isScalar(before) && before.value === '') before.type = 'PLAIN';
  const node = document.createNode(value);
  if (isCollection(node) && node.items.length > 0) node.flow = false;
  document.setIn(path, typeof value === 'object' ? node : value);
}

function remove(document: Document, path: Path): void {
  if (path.length === 0 || !document.hasIn(path)) return;
  document.deleteIn(path);
  const above = path.slice(0, -1);
  const around = document.getIn(above, true);
  if (above.length > 0 && isCollection(around) && around.items.length === 0 && !isKept(above)) remove(document, above);
}

function isKept(path: Path): boolean {
  return KEPT.includes(path.join('.'));
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
