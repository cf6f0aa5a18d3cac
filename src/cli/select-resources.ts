// `--resource GROUP:KIND:NAME` and `--label`: which of an Application's objects a sync is for (Argo CD: ParseSelectedResources,
// IncludeResource).

import { HawserError } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';

export interface SelectedResource {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface Pattern extends Required<SelectedResource> {
  readonly excludes: boolean;
}

/** `GROUP:KIND:NAME` or `GROUP:KIND:NAMESPACE/NAME`, with `*` for any text and nothing for any at all; `!` in front leaves them out. */
export function parseResourcePattern(text: string): Pattern {
  const excludes = text.startsWith('!');
  const [group, kind, place, ...more] = text.slice(excludes ? 1 : 0).split(':');
  if (group === undefined || kind === undefined || place === undefined || more.length > 0) {
    throw new HawserError('InvalidInput', `--resource must be GROUP:KIND:NAME, not ${text}`, {
      hint: 'the core group is empty: :ConfigMap:settings',
    });
  }
  const slash = place.indexOf('/');
  return { group, kind, namespace: slash < 0 ? '' : place.slice(0, slash), name: place.slice(slash + 1), excludes };
}

/** What one pattern includes, or all where there is none, without what one excludes. */
export function selectResources<T extends SelectedResource>(
  resources: readonly T[],
  patterns: readonly Pattern[],
): readonly T[] {
  const includes = patterns.filter(({ excludes }) => !excludes);
  const excludes = patterns.filter((pattern) => pattern.excludes);
  return resources.filter((resource) => {
    if (excludes.some((pattern) => matches(pattern, resource))) return false;
    return includes.length === 0 || includes.some((pattern) => matches(pattern, resource));
  });
}

/** `key=value`, `key==value`, `key!=value`, `key` and `!key`, with commas between them. Throws InvalidInput for anything else. */
export function matchesLabels(selector: string, labels: Readonly<Record<string, unknown>>): boolean {
  const terms = selector.split(',').map((text) => parseTerm(selector, text));
  return terms.every(([, key = '', operator, value]) => {
    if (operator === undefined) return key.startsWith('!') ? !(key.slice(1) in labels) : key in labels;
    return (labels[key] === value) === (operator !== '!=');
  });
}

function parseTerm(selector: string, text: string): readonly (string | undefined)[] {
  const term = /^\s*(!?[^=!\s()]+)\s*(?:(!=|==?)\s*([^=!\s]*))?\s*$/.exec(text);
  if (term) return term;
  throw new HawserError('InvalidInput', `--label ${selector}: cannot read "${text}"`, {
    hint: 'key=value, key!=value, key or !key, with commas between them',
  });
}

function matches(pattern: Pattern, { group = '', kind, namespace = '', name }: SelectedResource): boolean {
  const fits = (glob: string, text: string) => glob === '' || matchesGlob(glob, text);
  // An empty group is the core group's own name, and no wildcard.
  const isGroup = pattern.group === group || (pattern.group !== '' && matchesGlob(pattern.group, group));
  return isGroup && fits(pattern.kind, kind) && fits(pattern.namespace, namespace) && fits(pattern.name, name);
}
