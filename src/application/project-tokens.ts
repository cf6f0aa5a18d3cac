// The tokens of a project's roles, which Argo CD keeps in two places: each role has those of both (AppProject.NormalizeJWTTokens).

import { at, isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';

interface RoleToken {
  readonly id?: string;
  readonly iat: number;
  readonly exp?: number;
}

/** The project with the same tokens in `spec.roles[].jwtTokens` and in `status.jwtTokensByRole`, the newest first. */
export function normaliseTokens(project: KubeObject): KubeObject {
  const { spec } = project;
  if (!isObject(spec) || !Array.isArray(spec.roles) || spec.roles.length === 0) return project;
  const byRole: Record<string, { items: readonly RoleToken[] }> = {};
  const roles = spec.roles.map((role: unknown) => {
    if (!isObject(role) || typeof role.name !== 'string') return role;
    const items = combine([
      ...tokensOf(at(project, 'status', 'jwtTokensByRole', role.name, 'items')),
      ...tokensOf(role.jwtTokens),
    ]);
    if (items.length === 0) return role;
    byRole[role.name] = { items };
    return { ...role, jwtTokens: items };
  });
  const isAny = Object.keys(byRole).length > 0;
  if (!isAny && project.status === undefined) return project;
  return { ...project, spec: { ...spec, roles }, status: isAny ? { jwtTokensByRole: byRole } : {} };
}

/**
 * The project with the tokens of another version of it, whatever it says of them: who changes a project with what it was some time ago must
 * not give back what was taken back since.
 */
export function withTokensOf(project: KubeObject, other: KubeObject): KubeObject {
  const { spec } = project;
  const { status: _, ...rest } = project;
  const known = normaliseTokens(other);
  const roles = isObject(spec) && Array.isArray(spec.roles) ? spec.roles : undefined;
  const bare = roles?.map((role: unknown) => {
    if (!isObject(role)) return role;
    const { jwtTokens: __, ...own } = role;
    return own;
  });
  const changed = { ...rest, ...(bare && { spec: { ...(isObject(spec) && spec), roles: bare } }) };
  return normaliseTokens(isObject(known.status) ? { ...changed, status: known.status } : changed);
}

/** A token without an id goes by the time at which it was issued. */
function tokensOf(value: unknown): readonly RoleToken[] {
  return (Array.isArray(value) ? value : []).flatMap((token: unknown): RoleToken[] => {
    if (!isObject(token) || typeof token.iat !== 'number') return [];
    const { id, iat, exp } = token;
    const name = typeof id === 'string' && id !== '' ? id : String(iat);
    return [{ ...(typeof exp === 'number' && { exp }), iat, id: name }];
  });
}

function combine(tokens: readonly RoleToken[]): readonly RoleToken[] {
  const byId = new Map(tokens.map((token) => [token.id, token]));
  return [...byId.values()].sort((a, b) => b.iat - a.iat);
}
