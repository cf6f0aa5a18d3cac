// What one principal may do by a policy (Argo CD: server/rbacpolicy/rbacpolicy.go, EnforceClaims).

import { ADMIN } from './policy/builtin.ts';
import type { ProjectAccess } from './policy/project-policy.ts';
import type { RbacConfig } from './policy/rbac-config.ts';
import type { Principal } from './principal.ts';
import { ALL_RIGHTS, type Rights } from './rights.ts';
import { LOCAL_ISSUER } from './session-token.ts';

export interface RightsWorld {
  readonly rbac: RbacConfig;
  readonly projects: ReadonlyMap<string, ProjectAccess>;
}

/** Their objects begin with the project's name. */
const PROJECT_SCOPED = ['applicationsets', 'applications', 'repositories', 'clusters', 'logs', 'exec'];

export function rightsOf(principal: Principal, { rbac, projects }: RightsWorld): Rights {
  if (principal.kind === 'machine') return ALL_RIGHTS;
  const subjects = subjectsOf(principal);
  const groups = principal.groups.filter(isOrdinaryName);
  const { defaultRole, enforcer } = rbac;
  return {
    may: (resource, action, object) => {
      // What everybody may do is asked first, and no deny for somebody takes it away.
      if (defaultRole && enforcer.allows([defaultRole], resource, action, object)) return true;
      const project = projects.get(projectNameOf(resource, object));
      if (project && principal.kind === 'project' && projectOfSubject(principal.subject) !== project.name) return false;
      const own = project ? rbac.enforcerOf(project) : enforcer;
      if (defaultRole && own.allows([defaultRole], resource, action, object)) return true;
      if (own.allows(subjects, resource, action, object)) return true;
      return groups.some((group) => own.isMember(group) && own.allows([group], resource, action, object));
    },
  };
}

export function projectOfSubject(subject: string): string | undefined {
  return /^proj:([^:]+):[^:]+$/.exec(subject)?.[1];
}

function subjectsOf({ kind, subject, issuer }: Principal): readonly string[] {
  if (kind === 'anonymous') return [];
  if (kind === 'project') return [subject];
  if (issuer !== LOCAL_ISSUER) return isOrdinaryName(subject) ? [subject] : [];
  return subject === 'admin' ? [subject, ADMIN] : [subject];
}

/** A provider's users and groups may have any name; one of a role or of a project's role gives nobody what that has. */
function isOrdinaryName(name: string): boolean {
  return name !== '' && !/^(role|proj):/.test(name);
}

/** Empty for what belongs to none. */
function projectNameOf(resource: string, object: string): string {
  if (resource === 'projects') return object;
  if (!PROJECT_SCOPED.includes(resource) || !object.includes('/')) return '';
  return object.slice(0, object.indexOf('/'));
}
