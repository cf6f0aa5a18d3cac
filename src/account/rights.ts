// What somebody may do: Argo CD's RBAC (docs/operator-manual/rbac.md), resource, action and object.

import type { Application } from '../application/types.ts';

/** What rights are about. */
export const RBAC_RESOURCES = [
  'clusters',
  'projects',
  'applications',
  'applicationsets',
  'repositories',
  'write-repositories',
  'certificates',
  'accounts',
  'gpgkeys',
  'logs',
  'exec',
  'extensions',
] as const;

export type RbacResource = (typeof RBAC_RESOURCES)[number];

/** Of these, `update`, `delete` and `action` may be followed by what of an Application they are about: `update/apps/Deployment/shop/web`. */
export const RBAC_ACTIONS: readonly string[] = [
  'get',
  'create',
  'update',
  'delete',
  'sync',
  'rollback',
  'override',
  'action',
  'invoke',
];

/** One principal's rights, as of one moment. */
export interface Rights {
  /** `action`: `get`, `sync`, `action/apps/Deployment/restart` …; `object`: `project/name`, a project, a URL. */
  may(resource: RbacResource, action: string, object: string): boolean;
}

/** For the machine principal and for tests: everything. */
export const ALL_RIGHTS: Rights = { may: () => true };

export const NO_RIGHTS: Rights = { may: () => false };

interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
}

/** The name of an Application in a policy: `project/name`, or `project/namespace/name` outside the control namespace. */
export function applicationObject(
  { spec, metadata }: { readonly spec: Pick<Application['spec'], 'project'>; readonly metadata: ObjectName },
  controlNamespace: string,
): string {
  const { namespace = controlNamespace, name } = metadata;
  const project = spec.project || 'default';
  return namespace === controlNamespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}
