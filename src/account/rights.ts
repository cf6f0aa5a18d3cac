// What somebody may do: Argo CD's RBAC (docs/operator-manual/rbac.md), resource, action and object.

/** What rights are about. */
export type RbacResource =
  | 'clusters'
  | 'projects'
  | 'applications'
  | 'applicationsets'
  | 'repositories'
  | 'write-repositories'
  | 'certificates'
  | 'accounts'
  | 'gpgkeys'
  | 'logs'
  | 'exec';

/** One principal's rights, as of one moment. */
export interface Rights {
  /** `action`: `get`, `sync`, `action/apps/Deployment/restart` …; `object`: `project/name`, a project, a URL. */
  may(resource: RbacResource, action: string, object: string): boolean;
}

/** For the machine principal and for tests: everything. */
export const ALL_RIGHTS: Rights = { may: () => true };

export const NO_RIGHTS: Rights = { may: () => false };
