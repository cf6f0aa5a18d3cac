// .helmignore (Helm: pkg/ignore/rules.go): the first rule that matches decides; a negated rule ignores what it does not match.

import { HawserError } from '../../base/errors.ts';
import { compilePathPattern } from './path-match.ts';

/** Whether a chart's loader leaves out the file or directory at `path`, relative to the chart's folder. */
export type IgnoreRules = (path: string, isDirectory: boolean) => boolean;

interface Rule {
  readonly negated: boolean;
  readonly onlyDirectories: boolean;
  matches(path: string): boolean;
}

/** Helm ignores hidden files of templates/, whatever .helmignore says. */
const DEFAULT_RULE = 'templates/.?*';

/** Parses the text of .helmignore ('' where there is none). Throws `RenderFailed` with Helm's text for a rule that it refuses. */
export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = [...text.replace(/^\uFEFF/, '').split('\n'), DEFAULT_RULE];
  const rules = lines.map(parseRule).filter((rule) => rule !== undefined);
  return (path, isDirectory) => {
    for (const rule of rules) {
      if (rule.negated) {
        if ((rule.onlyDirectories && !isDirectory) || !rule.matches(path)) return true;
      } else if ((!rule.onlyDirectories || isDirectory) && rule.matches(path)) {
        return true;
      }
    }
    return false;
  };
}

function parseRule(line: string): Rule | undefined {
  let rule = line.trim();
  if (rule === '' || rule.startsWith('#')) return undefined;
  if (rule.includes('**')) throw new HawserError('RenderFailed', 'double-star (**) syntax is not supported');
  const negated = rule.startsWith('!');
  if (negated) rule = rule.slice(1);
  const onlyDirectories = rule.endsWith('/');
  if (onlyDirectories) rule = rule.slice(0, -1);
  const byName = !rule.includes('/');
  const pattern = compilePathPattern(rule.startsWith('/') ? rule.slice(1) : rule);
  return {
    negated,
    onlyDirectories,
    matches: (path) => pattern.test(byName ? path.slice(path.lastIndexOf('/') + 1) : path),
  };
}
