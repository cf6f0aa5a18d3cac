// A service account bound to one of Google's (kustomize: IAMPolicyGenerator).

import type { Json } from '../../../base/json.ts';
import { record, text } from '../config/decode.ts';
import type { TypeKnowledge } from '../merge/types.ts';
import { failure } from '../node/fail.ts';
import { parseNode } from '../node/parse.ts';
import { makeResource, type Resource } from '../resource/resource.ts';

const decoder = record({
  cloud: text,
  kubernetesService: record({ name: text, namespace: text }),
  serviceAccount: record({ name: text, projectId: text }),
});

export function generateIamPolicy(config: Json, types: TypeKnowledge): Resource[] {
  const { cloud, kubernetesService, serviceAccount } = decoder(config, '', { strict: false, coerce: true });
  if (cloud !== 'gke') throw failure(`the cloud '${cloud}' of an IAMPolicyGenerator is not supported`);
  const { name, namespace } = kubernetesService;
  const root = parseNode(`apiVersion: v1
kind: ServiceAccount
metadata:
  annotations:
    iam.gke.io/gcp-service-account: ${serviceAccount.name}@${serviceAccount.projectId}.iam.gserviceaccount.com
  name: ${name}
${namespace === '' ? '' : `  namespace: ${namespace}\n`}`);
  return root === undefined ? [] : [makeResource(root, types)];
}
