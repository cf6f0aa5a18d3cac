// An Application's manifest as a text that people edit: read, written, and changed at one place without touching their comments.

import { isMap, isScalar, LineCounter, parseDocument, stringify } from 'yaml';
import type { Problem } from '../editor/problems.ts';
import type { Editable } from './spec-patch.ts';

interface Named {
  readonly name: string;
  readonly namespace?: string;
}

export function manifestTextOf({ metadata, spec }: Editable, { name, namespace }: Named): string {
  const { labels, annotations, finalizers } = metadata;
  const manifest = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      ...{ name, namespace },
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    spec,
  };
  return stringify(manifest, { lineWidth: 0, compat: 'yaml-1.1' });
}

/** What stands in it; or what is wrong with it beside its syntax, which the editor tells by itself. */
export function readManifest(
  text: string,
): { readonly editable: Editable } | { readonly problem: Problem | undefined } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) return { problem: undefined };
  const manifest: unknown = document.toJS();
  if (!isRecord(manifest) || !isRecord(manifest.spec)) {
    const node = isMap(document.contents)
      ? document.contents.items.find(({ key }) => isScalar(key) && key.value === 'spec')
      : undefined;
    const at = isScalar(node?.key) ? (node.key.range?.[0] ?? 0) : 0;
    const { line, col } = lines.linePos(at);
    return { problem: { line: Math.max(1, line), column: col, message: 'spec: a map is wanted' } };
  }
  const metadata = isRecord(manifest.metadata) ? manifest.metadata : {};
  const { labels, annotations, finalizers } = metadata;
  return {
    editable: {
      metadata: {
        ...(isRecord(labels) && { labels: textsOf(labels) }),
        ...(isRecord(annotations) && { annotations: textsOf(annotations) }),
        ...(Array.isArray(finalizers) && { finalizers: finalizers.map(String) }),
      },
      spec: manifest.spec,
    },
  };
}

/** A value at one path; undefined and what is empty take it away, with the maps that held nothing else. */
export function changeManifest(text: string, path: readonly string[], value: unknown): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) return text;
  if (!isNothing(value)) {
    document.setIn(path, document.createNode(value));
    return document.toString({ lineWidth: 0 });
  }
  document.deleteIn(path);
  for (let depth = path.length - 1; depth > 1; depth--) {
    const holder = document.getIn(path.slice(0, depth));
    if (!isMap(holder) || holder.items.length > 0) break;
    document.deleteIn(path.slice(0, depth));
  }
  return document.toString({ lineWidth: 0 });
}

/** `false` and 0 say something. An empty map does, too: `automated: {}`. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `1` is a number to YAML, and no label. */
function textsOf(map: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}
