// Tokens of the roles of AppProjects: signed here, and listed in the project, in the status and in the spec as Argo CD keeps them
// (server/project/project.go, createToken; app_project_types.go, NormalizeJWTTokens).

import { HawserError } from '../base/errors.ts';
import { at, isObject, type Json, type JsonObject } from '../base/json.ts';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/object.ts';
import { isConflict } from '../kube/refusal.ts';
import type { Clock } from '../platform.ts';
import {
  type ProjectAccess,
  type ProjectRole,
  type ProjectToken,
  parseProjectAccess,
} from './policy/project-policy.ts';
import { type SigningKey, signToken } from './session-token.ts';

export interface ProjectTokenBook {
  /** Throws `NotFound` for an unknown project or role, `InvalidInput` for an id that has been used, and what `permit` throws. */
  create(place: RolePlace, request: { readonly id?: string; readonly expiresIn?: number }): Promise<string>;
  /** By its id, or by the second in which it was made. What is not there is taken back already. */
  remove(place: RolePlace, token: { readonly id?: string; readonly iat?: number }): Promise<void>;
}

export interface RolePlace {
  readonly project: string;
  readonly role: string;
  /** Throws where the one who asks may not. */
  permit(role: ProjectRole): void;
}

export interface ProjectTokenBookParts {
  readonly home: KubeClient;
  readonly namespace: string;
  readonly clock: Clock;
  signingKey(): Promise<SigningKey>;
  changed(): void;
}

const TRIES = 5;

export function createProjectTokenBook(parts: ProjectTokenBookParts): ProjectTokenBook {
  const { home, namespace, clock } = parts;
  const refOf = (name: string) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', namespace, name });

  /** `change` gives the role's tokens, or undefined where they stay as they are. */
  async function update(
    { project: name, role: roleName, permit }: RolePlace,
    change: (tokens: readonly ProjectToken[]) => Promise<readonly ProjectToken[] | undefined>,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      const project = await home.get(refOf(name));
      if (!project) throw new HawserError('NotFound', `appprojects.argoproj.io "${name}" not found`);
      const access = parseProjectAccess(project);
      const role = access.roles.find((entry) => entry.name === roleName);
      if (!role) throw new HawserError('NotFound', `project '${name}' does not have role '${roleName}'`);
      permit(role);
      const tokens = await change(access.tokens[roleName] ?? []);
      if (!tokens) return;
      try {
        await home.patch(refOf(name), patchOf(project, access, roleName, tokens), { type: 'merge' });
        return;
      } catch (error) {
        if (tries === TRIES || !isConflict(error)) throw error;
      } finally {
        parts.changed();
      }
    }
  }

  return {
    create: async (place, { id = crypto.randomUUID(), expiresIn = 0 }) => {
      const key = await parts.signingKey();
      let made = '';
      await update(place, async (tokens) => {
        if (tokens.some((token) => token.id === id)) {
          throw new HawserError('InvalidInput', `Token id '${id}' has been used.`);
        }
        const subject = `proj:${place.project}:${place.role}`;
        const { token, claims } = await signToken(key, clock.now(), { subject, id, expiresIn });
        made = token;
        const { iat, exp } = claims;
        return [{ id, iat, ...(exp !== undefined && { exp }) }, ...tokens];
      });
      return made;
    },
    remove: (place, { id, iat }) =>
      update(place, async (tokens) => {
        const found = tokens.find((token) => token.id === id) ?? tokens.find((token) => token.iat === iat);
        return found && tokens.filter((token) => token !== found);
      }),
  };
}

/** All roles' tokens in both places; the version guards the list of roles, which a merge patch replaces as a whole. */
function patchOf(
  project: KubeObject,
  access: ProjectAccess,
  roleName: string,
  tokens: readonly ProjectToken[],
): JsonObject {
  const all = { ...access.tokens, [roleName]: tokens };
  const listOf = (name: string): Json => (all[name] ?? []).map((token) => ({ ...token }));
  const roles = at(project, 'spec', 'roles');
  const written = (Array.isArray(roles) ? roles : []).filter(isObject).map((role) => {
    const { jwtTokens: _, ...rest } = role;
    const list = listOf(String(role.name));
    return { ...rest, ...(Array.isArray(list) && list.length > 0 && { jwtTokens: list }) };
  });
  return {
    metadata: { resourceVersion: project.metadata.resourceVersion ?? '' },
    spec: { roles: written as Json },
    status: { jwtTokensByRole: Object.fromEntries(Object.keys(all).map((name) => [name, { items: listOf(name) }])) },
  };
}
