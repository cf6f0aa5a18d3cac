// What an AppProject adds to the policy for its own objects: its roles (Argo CD: app_project_types.go, ProjectPoliciesString).

import { at, isObject, stringAt } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';

export interface ProjectRole {
  readonly name: string;
  /** Lines of a policy. */
  readonly policies: readonly string[];
  /** Groups of an OIDC provider whose members have it. */
  readonly groups: readonly string[];
}

/** A token of a role that was given out and not taken back. */
export interface ProjectToken {
  readonly id: string;
  readonly iat: number;
  readonly exp?: number;
}

export interface ProjectAccess {
  readonly name: string;
  /** Of the AppProject. */
  readonly resourceVersion: string;
  readonly roles: readonly ProjectRole[];
  readonly tokens: Readonly<Record<string, readonly ProjectToken[]>>;
}

export function parseProjectAccess(project: KubeObject): ProjectAccess {
  const entries = at(project, 'spec', 'roles');
  const roles = (Array.isArray(entries) ? entries : []).filter(isObject);
  return {
    name: project.metadata.name ?? '',
    resourceVersion: project.metadata.resourceVersion ?? '',
    roles: roles.map((role) => ({
      name: stringAt(role, 'name') ?? '',
      policies: texts(role.policies),
      groups: texts(role.groups),
    })),
    tokens: Object.fromEntries(
      roles.map((role) => {
        const name = stringAt(role, 'name') ?? '';
        return [name, tokensOf(project, name, role.jwtTokens)];
      }),
    ),
  };
}

export function projectPolicyText({ name, roles }: ProjectAccess): string {
  return roles
    .flatMap((role) => {
      const subject = `proj:${name}:${role.name}`;
      return [
        `p, ${subject}, projects, get, ${name}, allow`,
        ...role.policies,
        ...role.groups.map((group) => `g, ${group}, ${subject}`),
      ];
    })
    .join('\n');
}

/** Argo CD keeps them in both places, and once kept them in the spec alone. */
function tokensOf(project: KubeObject, role: string, inSpec: unknown): ProjectToken[] {
  const inStatus = at(project, 'status', 'jwtTokensByRole', role, 'items');
  const found = new Map<string, ProjectToken>();
  for (const entry of [inStatus, inSpec].flatMap((list) => (Array.isArray(list) ? list : []))) {
    const iat = Number(at(entry, 'iat'));
    if (!Number.isFinite(iat)) continue;
    const id = stringAt(entry, 'id') || String(iat);
    const exp = at(entry, 'exp');
    found.set(id, { id, iat, ...(typeof exp === 'number' && { exp }) });
  }
  return [...found.values()].sort((a, b) => b.iat - a.iat);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
