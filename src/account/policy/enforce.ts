// Whether rules allow something: one of them allows it and none denies it, among those of the subject and of all roles that it has
// (Argo CD: assets/model.conf, over casbin).

import { HawserError, messageOf } from '../../base/errors.ts';
import { compileGlob, type Glob } from '../../base/glob.ts';
import { compileRegexp, matchesRegexp } from '../../render/go/regexp.ts';
import type { Policy, PolicyRule, RoleLink } from './parse.ts';

export type MatchMode = 'glob' | 'regex';

/** A policy whose patterns are ready. */
export interface CompiledPolicy {
  readonly rules: readonly CompiledRule[];
  readonly links: readonly RoleLink[];
}

interface CompiledRule {
  readonly subject: string;
  readonly effect: 'allow' | 'deny';
  readonly resource: Glob;
  readonly action: Glob;
  readonly object: Glob;
}

export interface Enforcer {
  /** `subjects`: the names of one who asks. */
  allows(subjects: readonly string[], resource: string, action: string, object: string): boolean;
  /** Whether it is a member of any role. */
  isMember(name: string): boolean;
}

/** Roles of roles of roles (casbin: NewRoleManager(10)). */
const DEEPEST_ROLE = 10;
/** Subjects whose rules are kept at hand. */
const MOST_SUBJECTS = 1_000;

/** Throws `InvalidInput` for a pattern that cannot be read: that it matches nothing would make a deny of it void. */
export function compilePolicy({ rules, links }: Policy, mode: MatchMode): CompiledPolicy {
  return { links, rules: rules.map((rule) => compileRule(rule, mode)) };
}

export function createEnforcer(policies: readonly CompiledPolicy[]): Enforcer {
  const rules = policies.flatMap((policy) => policy.rules);
  const roles = new Map<string, string[]>();
  for (const { member, role } of policies.flatMap((policy) => policy.links)) {
    roles.set(member, [...(roles.get(member) ?? []), role]);
  }
  const kept = new Map<string, readonly CompiledRule[]>();

  function rulesOf(subject: string): readonly CompiledRule[] {
    const known = kept.get(subject);
    if (known) return known;
    const names = rolesOf(subject, roles);
    const found = rules.filter((rule) => names.has(rule.subject));
    if (kept.size >= MOST_SUBJECTS) kept.clear();
    kept.set(subject, found);
    return found;
  }

  return {
    allows: (subjects, resource, action, object) => {
      let isAllowed = false;
      for (const rule of subjects.flatMap(rulesOf)) {
        if (!rule.resource.test(resource) || !rule.action.test(action) || !rule.object.test(object)) continue;
        if (rule.effect === 'deny') return false;
        isAllowed = true;
      }
      return isAllowed;
    },
    isMember: (name) => roles.has(name),
  };
}

/** The name itself, and all roles that it has through others. */
function rolesOf(subject: string, roles: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set([subject]);
  let newest = [subject];
  for (let depth = 0; depth < DEEPEST_ROLE && newest.length > 0; depth++) {
    newest = newest.flatMap((name) => roles.get(name) ?? []).filter((name) => !found.has(name));
    for (const name of newest) found.add(name);
  }
  return found;
}

function compileRule({ subject, effect, resource, action, object }: PolicyRule, mode: MatchMode): CompiledRule {
  const compile = mode === 'glob' ? readGlob : readRegexp;
  return { subject, effect, resource: compile(resource), action: compile(action), object: compile(object) };
}

/** Without separators: `*` goes across slashes (Argo CD: glob.Match). */
function readGlob(pattern: string): Glob {
  const glob = compileGlob(pattern);
  if (!glob) throw new HawserError('InvalidInput', `invalid RBAC policy: ${pattern} is no glob`);
  return glob;
}

/** Anywhere in the text, as Go's regexp.MatchString. */
function readRegexp(pattern: string): Glob {
  try {
    const compiled = compileRegexp(pattern);
    return { test: (text) => matchesRegexp(compiled, text) };
  } catch (error) {
    throw new HawserError('InvalidInput', `invalid RBAC policy: ${pattern} is no regular expression`, {
      hint: messageOf(error),
    });
  }
}
