// What somebody changed of an Application, as a JSON patch that takes hold only where nobody else has changed the same meanwhile. Pure.

import type { Application } from '../../../application/types.ts';

/** What people write of an Application. */
export interface Editable {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
    readonly finalizers?: readonly string[] | undefined;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface PatchStep {
  readonly op: 'test' | 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

const OWN = ['labels', 'annotations', 'finalizers'] as const;

/** Of an Application as it is. */
export function editableOf({ metadata, spec }: Pick<Application, 'metadata' | 'spec'>): Editable {
  const { labels, annotations, finalizers } = metadata;
  return {
    metadata: { ...(labels && { labels }), ...(annotations && { annotations }), ...(finalizers && { finalizers }) },
    spec: { ...spec },
  };
}

/**
 * Empty where nothing was changed. Each part that was is tested first to be as it was when the editing began: what stands in the status
 * changes all the time, and is no conflict.
 */
export function patchOf(base: Editable, wanted: Editable): readonly PatchStep[] {
  const steps: PatchStep[] = [];
  for (const key of OWN) {
    const [old, next] = [filled(base.metadata[key]), filled(wanted.metadata[key])];
    if (isSame(old, next)) continue;
    const path = `/metadata/${key}`;
    if (old !== undefined) steps.push({ op: 'test', path, value: old });
    if (next !== undefined) steps.push({ op: 'add', path, value: next });
    else steps.push({ op: 'remove', path });
  }
  if (!isSame(base.spec, wanted.spec)) {
    steps.push({ op: 'test', path: '/spec', value: base.spec }, { op: 'replace', path: '/spec', value: wanted.spec });
  }
  return steps;
}

/** What was changed meanwhile by somebody else, of the parts that are about to be saved. */
export function isOvertaken(base: Editable, now: Editable, wanted: Editable): boolean {
  return patchOf(base, wanted).some(({ op, path, value }) => {
    if (op === 'test') return !isSame(value, valueAt(now, path));
    // What was not there is there now.
    return op === 'add' && valueAt(base, path) === undefined && valueAt(now, path) !== undefined;
  });
}

function valueAt({ metadata, spec }: Editable, path: string): unknown {
  if (path === '/spec') return spec;
  const key = OWN.find((one) => path === `/metadata/${one}`);
  return key && filled(metadata[key]);
}

/** Nothing in it is the same as none. */
function filled<T extends object>(value: T | undefined): T | undefined {
  return value && Object.keys(value).length > 0 ? value : undefined;
}

/** Without an order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, inOrder(one)]),
  );
}
