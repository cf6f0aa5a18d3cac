// `--show-only`: the manifests of some templates (Helm: cmd/helm/template.go).

import { HawserError } from '../../base/errors.ts';
import { compilePathPattern } from './path-match.ts';
import { splitManifests } from './split-manifests.ts';

const SOURCE = /# Source: [^/\n]+\/(.+)/;

/** The documents of `text` whose `# Source:` path, without the chart's name, matches one of the patterns, in the patterns' order. */
export function selectManifests(text: string, patterns: readonly string[]): string {
  const manifests = splitManifests(text).map((content) => ({ content, path: SOURCE.exec(content)?.[1] }));
  const selected: string[] = [];
  for (const pattern of patterns) {
    const matches = matcherOf(pattern);
    const found = manifests.filter(({ path }) => path !== undefined && matches(path));
    if (found.length === 0) throw new HawserError('RenderFailed', `could not find template ${pattern} in chart`);
    selected.push(...found.map(({ content }) => content));
  }
  return selected.map((content) => `---\n${content}\n`).join('');
}

/** A pattern that cannot be read matches nothing. */
function matcherOf(pattern: string): (path: string) => boolean {
  try {
    const compiled = compilePathPattern(pattern);
    return (path) => compiled.test(path);
  } catch (error) {
    if (error instanceof HawserError) return () => false;
    throw error;
  }
}
