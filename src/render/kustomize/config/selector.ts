// Selects resources by patterns of what they are, and by labels and annotations (kustomize: api/types/selector.go).

import { RE2JS } from 're2js';
import { failure } from '../node/fail.ts';
import type { Gvk } from '../resource/gvk.ts';
import type { ResId } from '../resource/res-id.ts';
import type { Selector } from './kustomization.ts';

/** A Go regular expression; the whole text must match it. The empty one is the caller's to decide on. */
export type TextMatcher = (text: string) => boolean;

export interface SelectorMatcher {
  readonly selector: Selector;
  matchesGvk(gvk: Gvk): boolean;
  matchesName(name: string): boolean;
  matchesNamespace(namespace: string): boolean;
}

export function compileSelector(selector: Selector): SelectorMatcher {
  const group = wholeText(selector.group);
  const version = wholeText(selector.version);
  const kind = wholeText(selector.kind);
  const name = wholeText(selector.name);
  const namespace = wholeText(selector.namespace);
  return {
    selector,
    matchesGvk: (gvk) => group(gvk.group) && version(gvk.version) && kind(gvk.kind),
    matchesName: name,
    matchesNamespace: namespace,
  };
}

/** True where all parts match the very namespace of the id. */
export function matchesId(matcher: SelectorMatcher, id: ResId): boolean {
  return matcher.matchesGvk(id) && matcher.matchesName(id.name) && matcher.matchesNamespace(id.namespace);
}

function wholeText(pattern: string): TextMatcher {
  if (pattern === '') return () => true;
  if (/^[\w-]+$/.test(pattern)) return (text) => text === pattern;
  return compilePattern(`^(?:${pattern})$`);
}

/** A search with a Go regular expression. */
export function compilePattern(pattern: string): TextMatcher {
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.matcher(text).find();
  } catch (error) {
    throw failure(`'${pattern}' is no regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}
