// Which namespaces beside hawser's own may hold Applications: `application.namespaces` (Argo CD: util/glob/list.go, MatchStringInList).

import { matchesGlob } from '../base/glob.ts';

/** The patterns of `application.namespaces`, with commas between them. */
export function parseNamespaces(text = ''): readonly string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

/**
 * The namespaces in which Applications are to be looked for: hawser's own and those that are named, each by itself, since hawser may have
 * rights there and nowhere else; undefined where a pattern stands for some that nobody can name.
 */
export function namedNamespaces(home: string, patterns: readonly string[]): readonly string[] | undefined {
  return patterns.every((pattern) => NAME.test(pattern)) ? [...new Set([home, ...patterns])] : undefined;
}

const NAME = /^[a-z0-9-]+$/;

/** Each pattern is a glob, or between slashes a regular expression; one that cannot be read matches nothing. */
export function isApplicationNamespace(namespace: string, home: string, patterns: readonly string[]): boolean {
  return namespace === home || patterns.some((pattern) => matchesPattern(pattern, namespace));
}

function matchesPattern(pattern: string, namespace: string): boolean {
  const expression = /^\/(.*)\/$/s.exec(pattern)?.[1];
  if (expression !== undefined && matchesExpression(expression, namespace)) return true;
  return matchesGlob(pattern, namespace);
}

function matchesExpression(expression: string, text: string): boolean {
  try {
    return new RegExp(expression).test(text);
  } catch {
    return false;
  }
}
