// Whether the rights of hawser's account suffice: asked of the API server, which decides.

import { formatError } from '../../base/errors.ts';
import { at, stringAt } from '../../base/json.ts';
import type { KubeClient } from '../../kube/client.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** In the control namespace; otherwise in all. */
  readonly isOwn: boolean;
  /** What fails without it. */
  readonly why: string;
}

const READ = ['get', 'list', 'watch'];

const RIGHTS: readonly Right[] = [
  {
    group: 'argoproj.io',
    resource: 'applications',
    verbs: [...READ, 'patch', 'update'],
    isOwn: true,
    why: 'nothing can be synced',
  },
  {
    group: 'argoproj.io',
    resource: 'appprojects',
    verbs: ['get', 'list', 'create'],
    isOwn: true,
    why: 'no project is known',
  },
  {
    group: '',
    resource: 'secrets',
    verbs: ['get', 'list', 'patch'],
    isOwn: true,
    why: 'no credentials are known, and no webhook can be verified',
  },
  {
    group: '',
    resource: 'configmaps',
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
    isOwn: true,
    why: 'pushes are recorded on the disk only',
  },
  {
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['get', 'list', 'create', 'patch'],
    isOwn: true,
    why: 'replicas cannot share the work',
  },
  { group: '', resource: 'namespaces', verbs: ['get'], isOwn: false, why: 'CreateNamespace=true fails' },
  {
    group: 'apps',
    resource: 'deployments',
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
    isOwn: false,
    why: 'Applications with Deployments cannot be synced',
  },
  {
    group: '',
    resource: 'services',
    verbs: ['get', 'list', 'create', 'patch', 'delete'],
    isOwn: false,
    why: 'Applications with Services cannot be synced',
  },
];

const SERVICE_ACCOUNT = 'hawser';
const API = 'authorization.k8s.io/v1';

export const checkRights: Check = async ({ client, namespace }) => {
  try {
    const isInstalled = await client.get({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      namespace,
      name: SERVICE_ACCOUNT,
    });
    const user = isInstalled ? `system:serviceaccount:${namespace}:${SERVICE_ACCOUNT}` : undefined;
    const who = user ? `the ServiceAccount ${namespace}/${SERVICE_ACCOUNT}` : "the kubeconfig's user";
    const missing: Finding[] = [];
    for (const right of RIGHTS) {
      const lacking: string[] = [];
      for (const verb of right.verbs) if (!(await isAllowed(client, right, verb, namespace, user))) lacking.push(verb);
      const name = right.group === '' ? right.resource : `${right.resource}.${right.group}`;
      const where = right.isOwn ? ` in ${namespace}` : '';
      if (lacking.length > 0) {
        missing.push(
          fail(
            `right to ${lacking.join(', ')} ${name}`,
            `${who} has it not${where}: ${right.why}`,
            `hawser install --namespace ${namespace} | kubectl apply --server-side -f -`,
          ),
        );
      }
    }
    return missing.length > 0 ? missing : [ok('rights', `those of ${who} suffice`)];
  } catch (error) {
    return [warn('rights', `could not be asked for: ${formatError(error)}`)];
  }
};

async function isAllowed(
  client: KubeClient,
  { group, resource, isOwn }: Right,
  verb: string,
  namespace: string,
  user: string | undefined,
): Promise<boolean> {
  const resourceAttributes = { group, resource, verb, ...(isOwn && { namespace }) };
  const spec = user
    ? { user, groups: ['system:serviceaccounts', 'system:authenticated'], resourceAttributes }
    : { resourceAttributes };
  const plural = user ? 'subjectaccessreviews' : 'selfsubjectaccessreviews';
  const kind = user ? 'SubjectAccessReview' : 'SelfSubjectAccessReview';
  const response = await client.request(`/apis/${API}/${plural}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: API, kind, spec }),
  });
  const answer: unknown = await response.json();
  if (stringAt(answer, 'kind') !== kind) return false;
  return at(answer, 'status', 'allowed') === true;
}
