// The text of a policy: lines of `p, subject, resource, action, object, effect` and `g, member, role` (Argo CD: util/rbac/rbac.go,
// loadPolicyLine; each line is CSV).

import { HawserError } from '../../base/errors.ts';

export interface PolicyRule {
  readonly subject: string;
  readonly resource: string;
  readonly action: string;
  readonly object: string;
  readonly effect: 'allow' | 'deny';
}

/** Whoever is `member` has what `role` has, too. */
export interface RoleLink {
  readonly member: string;
  readonly role: string;
}

export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly links: readonly RoleLink[];
}

export const EMPTY_POLICY: Policy = { rules: [], links: [] };

/** Throws `InvalidInput` that names the first line which is none. */
export function parsePolicy(text: string): Policy {
  const rules: PolicyRule[] = [];
  const links: RoleLink[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const refuse = (why: string) =>
      new HawserError('InvalidInput', `invalid RBAC policy: line ${index + 1}: ${why}: ${line}`);
    const tokens = splitLine(line);
    if (!tokens) throw refuse('a quote is not closed, or stands where none may');
    const [kind, first = '', second = '', action = '', object = '', effect = ''] = tokens;
    if (kind === 'g') {
      if (tokens.length !== 3) throw refuse('g has a member and a role');
      links.push({ member: first, role: second });
    } else if (kind === 'p') {
      if (tokens.length !== 6) throw refuse('p has subject, resource, action, object and effect');
      // Argo CD passes over any other effect, and so over a deny that is misspelt.
      if (effect !== 'allow' && effect !== 'deny') throw refuse('the effect must be allow or deny');
      rules.push({ subject: first, resource: second, action, object, effect });
    } else {
      throw refuse('a line begins with p or g');
    }
  }
  return { rules, links };
}

/** Go's encoding/csv with TrimLeadingSpace; undefined for what it refuses. Spaces before a comma belong to the field, as there. */
function splitLine(line: string): string[] | undefined {
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    rest = rest.trimStart();
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const field = quoted ? (quoted[1] ?? '').replaceAll('""', '"') : (/^[^,]*/.exec(rest)?.[0] ?? '');
    if (!quoted && field.includes('"')) return undefined;
    fields.push(field);
    rest = rest.slice(quoted ? quoted[0].length : field.length);
    if (rest === '') return fields;
    if (!rest.startsWith(',')) return undefined;
    rest = rest.slice(1);
  }
}
