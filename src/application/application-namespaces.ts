// Which namespaces beside hawser's own may hold Applications: `application.namespaces` (Argo CD: util/glob/list.go, MatchStringInList).

import { matchesGlob } from '../base/glob.ts';

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
