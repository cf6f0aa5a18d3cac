// What argocd-rbac-cm says: the policy, the role of everybody, and which claims of an OIDC provider name groups.

import { formatError } from '../../base/errors.ts';
import { yamlToJson } from '../../render/yaml/decode.ts';
import { BUILTIN_POLICY } from './builtin.ts';
import { type CompiledPolicy, compilePolicy, createEnforcer, type Enforcer, type MatchMode } from './enforce.ts';
import { EMPTY_POLICY, parsePolicy } from './parse.ts';
import { type ProjectAccess, projectPolicyText } from './project-policy.ts';

export interface RbacConfig {
  /** Empty without. */
  readonly defaultRole: string;
  readonly scopes: readonly string[];
  /** Of what belongs to no project. */
  readonly enforcer: Enforcer;
  /** Of what belongs to this project. */
  enforcerOf(project: ProjectAccess): Enforcer;
  /** Why the policy is not followed; then there are the built-in roles alone, and no default role. */
  readonly problem?: string;
}

/** Projects whose enforcers are kept at hand. */
const MOST_PROJECTS = 1_000;

/** `tell` is told of each project whose policy is not followed. */
export function parseRbacConfig(
  data: Readonly<Record<string, string>>,
  tell: (project: string, problem: string) => void = () => undefined,
): RbacConfig {
  // In every mode: `*/*` is no regular expression.
  const builtin = compilePolicy(BUILTIN_POLICY, 'glob');
  const mode: MatchMode = data['policy.matchMode'] === 'regex' ? 'regex' : 'glob';
  const user = readPolicy(data, mode);
  const policies = [builtin, user.policy];
  const enforcer = createEnforcer(policies);
  const kept = new Map<string, { readonly version: string; readonly enforcer: Enforcer }>();

  function enforcerOf(project: ProjectAccess): Enforcer {
    if (project.roles.length === 0) return enforcer;
    const known = kept.get(project.name);
    if (known && known.version === project.resourceVersion) return known.enforcer;
    const made = makeEnforcer(project);
    if (kept.size >= MOST_PROJECTS) kept.clear();
    kept.set(project.name, { version: project.resourceVersion, enforcer: made });
    return made;
  }

  function makeEnforcer(project: ProjectAccess): Enforcer {
    try {
      const policy = compilePolicy(parsePolicy(projectPolicyText(project)), mode);
      return createEnforcer([...policies, policy]);
    } catch (error) {
      tell(project.name, formatError(error));
      return enforcer;
    }
  }

  return {
    defaultRole: user.problem === undefined ? (data['policy.default'] ?? '') : '',
    scopes: readScopes(data.scopes),
    enforcer,
    enforcerOf,
    ...(user.problem !== undefined && { problem: user.problem }),
  };
}

/** What an unreadable policy denies is not known, so that nothing of it counts: nobody has more than the built-in roles give. */
function readPolicy(
  data: Readonly<Record<string, string>>,
  mode: MatchMode,
): { readonly policy: CompiledPolicy; readonly problem?: string } {
  try {
    return { policy: compilePolicy(parsePolicy(policyText(data)), mode) };
  } catch (error) {
    return { policy: compilePolicy(EMPTY_POLICY, 'glob'), problem: formatError(error) };
  }
}

/** `policy.csv`, then `policy.<anything>.csv` by name (Argo CD: PolicyCSV). */
function policyText(data: Readonly<Record<string, string>>): string {
  const others = Object.keys(data).filter((key) => /^policy\..*\.csv$/s.test(key));
  return ['policy.csv', ...others.sort()].map((key) => data[key] ?? '').join('\n');
}

const DEFAULT_SCOPES = ['groups'];

function readScopes(text: string | undefined): readonly string[] {
  if (!text?.trim()) return DEFAULT_SCOPES;
  try {
    const value: unknown = JSON.parse(yamlToJson(text));
    return Array.isArray(value) ? value.filter((scope) => typeof scope === 'string') : DEFAULT_SCOPES;
  } catch {
    return DEFAULT_SCOPES;
  }
}
