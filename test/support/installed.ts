// What hawser install prints, applied to a cluster, and a way in as the ServiceAccount that it makes.

import { writeFileSync } from 'node:fs';
import type { Rule } from '../../src/application/install-rights.ts';
import { at, stringAt } from '../../src/base/json.ts';
import { createKubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { isKubeObject } from '../../src/kube/parse.ts';
import { connectKubeconfig } from '../../src/node/kubeconfig.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import type { ClusterTransport } from '../../src/platform.ts';
import { parseDocuments } from '../../src/render/yaml/plain.ts';
import type { ControlPlane } from './control-plane.ts';
import { type Home, runHawser } from './hawser-process.ts';

export interface Installed {
  /** What was printed. */
  readonly objects: readonly KubeObject[];
  /** Its name, as audit logs have it. */
  readonly user: string;
  readonly kubeconfig: string;
  readonly transport: ClusterTransport;
  /** Of one of the Roles and ClusterRoles. */
  rules(kind: string, name: string): readonly Rule[];
}

export async function installHawser(
  plane: ControlPlane,
  home: Home,
  namespace: string,
  flags: readonly string[] = [],
): Promise<Installed> {
  const { code, stdout, stderr } = await runHawser(['install', '--namespace', namespace, ...flags], { env: home.env });
  if (code !== 0) throw new Error(`hawser install: ${stderr}`);
  const documents: readonly unknown[] = parseDocuments(stdout);
  const objects = documents.filter(isKubeObject);
  const admin = await connectKubeconfig({ kubeconfig: plane.kubeconfig });
  const client = createKubeClient(admin, { fieldManager: 'kubectl' });
  // The definitions have to be there before what is of them.
  await prepareHome(client, namespace);
  for (const object of objects) await client.apply(object);
  const answer = await admin.fetch(`/api/v1/namespaces/${namespace}/serviceaccounts/hawser/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} }),
  });
  const token = stringAt(await answer.json(), 'status', 'token');
  const kubeconfig = `${plane.folder}/${namespace}.kubeconfig`;
  const ca = `${plane.folder}/ca.crt`;
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'own',
      clusters: [{ name: 'own', cluster: { server: plane.server, 'certificate-authority': ca } }],
      users: [{ name: 'own', user: { token } }],
      contexts: [{ name: 'own', context: { cluster: 'own', user: 'own' } }],
    }),
    { mode: 0o600 },
  );
  return {
    objects,
    user: `system:serviceaccount:${namespace}:hawser`,
    kubeconfig,
    transport: await connectKubeconfig({ kubeconfig }),
    rules: (kind, name) => {
      const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
      if (!found) throw new Error(`hawser install prints no ${kind} ${name}`);
      return at(found, 'rules') as readonly Rule[];
    },
  };
}
