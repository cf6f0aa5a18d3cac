// The roles that are always there: role:readonly and role:admin (Argo CD: assets/builtin-policy.csv). That the local account admin has
// role:admin is said in rights-of.ts: whom an OIDC provider calls admin is somebody else.

import type { RbacResource } from '../rights.ts';
import type { Policy, PolicyRule } from './parse.ts';

export const READONLY = 'role:readonly';
export const ADMIN = 'role:admin';

/** Their objects are `project/name`. */
const OF_PROJECTS: readonly RbacResource[] = ['applications', 'applicationsets', 'logs', 'exec'];

const READONLY_ACTIONS: Partial<Record<RbacResource, readonly string[]>> = {
  applications: ['get'],
  applicationsets: ['get'],
  certificates: ['get'],
  clusters: ['get'],
  repositories: ['get'],
  'write-repositories': ['get'],
  projects: ['get'],
  accounts: ['get'],
  gpgkeys: ['get'],
  logs: ['get'],
};

const WRITES = ['create', 'update', 'delete'] as const;

const ADMIN_ACTIONS: Partial<Record<RbacResource, readonly string[]>> = {
  applications: [...WRITES, 'update/*', 'delete/*', 'sync', 'rollback', 'override', 'action/*'],
  applicationsets: ['get', ...WRITES],
  certificates: WRITES,
  clusters: WRITES,
  repositories: WRITES,
  'write-repositories': WRITES,
  projects: WRITES,
  accounts: ['update'],
  gpgkeys: ['create', 'delete'],
  exec: ['create'],
};

export const BUILTIN_POLICY: Policy = {
  rules: [...rulesOf(READONLY, READONLY_ACTIONS), ...rulesOf(ADMIN, ADMIN_ACTIONS)],
  links: [{ member: ADMIN, role: READONLY }],
};

function rulesOf(subject: string, table: Partial<Record<string, readonly string[]>>): PolicyRule[] {
  return Object.entries(table).flatMap(([resource, actions = []]) => {
    const object = OF_PROJECTS.some((name) => name === resource) ? '*/*' : '*';
    return actions.map((action) => ({ subject, resource, action, object, effect: 'allow' as const }));
  });
}
