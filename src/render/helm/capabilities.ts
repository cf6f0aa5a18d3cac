// `.Capabilities`: what a template may ask about the cluster (Helm: pkg/chartutil/capabilities.go).

import { HawserError } from '../../base/errors.ts';
import { quote } from '../go/quote.ts';
import { parseGoUint } from '../go/strconv.ts';

export interface KubeVersion {
  /** `v1.36.0` */
  readonly version: string;
  readonly major: string;
  readonly minor: string;
}

export interface HelmVersion {
  readonly version: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly goVersion: string;
}

export interface Capabilities {
  readonly kubeVersion: KubeVersion;
  /** `apps/v1`, and `apps/v1/Deployment` where a cluster or the user says so. */
  readonly apiVersions: readonly string[];
  readonly helmVersion: HelmVersion;
}

/** The groups and versions that the client library of Helm v3.22 (k8s.io/client-go v0.37) has registered. */
const KNOWN_API_VERSIONS = [
  'v1',
  'admissionregistration.k8s.io/v1',
  'admissionregistration.k8s.io/v1alpha1',
  'admissionregistration.k8s.io/v1beta1',
  'internal.apiserver.k8s.io/v1alpha1',
  'apps/v1',
  'apps/v1beta1',
  'apps/v1beta2',
  'authentication.k8s.io/v1',
  'authentication.k8s.io/v1alpha1',
  'authentication.k8s.io/v1beta1',
  'authorization.k8s.io/v1',
  'authorization.k8s.io/v1beta1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'batch/v1beta1',
  'certificates.k8s.io/v1',
  'certificates.k8s.io/v1beta1',
  'certificates.k8s.io/v1alpha1',
  'coordination.k8s.io/v1alpha2',
  'coordination.k8s.io/v1beta1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
  'discovery.k8s.io/v1beta1',
  'events.k8s.io/v1',
  'events.k8s.io/v1beta1',
  'extensions/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1beta1',
  'flowcontrol.apiserver.k8s.io/v1beta2',
  'flowcontrol.apiserver.k8s.io/v1beta3',
  'lifecycle.k8s.io/v1alpha1',
  'networking.k8s.io/v1',
  'networking.k8s.io/v1beta1',
  'node.k8s.io/v1',
  'node.k8s.io/v1alpha1',
  'node.k8s.io/v1beta1',
  'policy/v1',
  'policy/v1beta1',
  'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1beta1',
  'rbac.authorization.k8s.io/v1alpha1',
  'resource.k8s.io/v1',
  'resource.k8s.io/v1beta2',
  'resource.k8s.io/v1beta1',
  'resource.k8s.io/v1alpha3',
  'scheduling.k8s.io/v1alpha3',
  'scheduling.k8s.io/v1beta1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1beta1',
  'storage.k8s.io/v1',
  'storage.k8s.io/v1alpha1',
  'storagemigration.k8s.io/v1',
  'storagemigration.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1beta1',
  'apiextensions.k8s.io/v1',
] as const;

/** What Helm v3.22 assumes without a cluster: its source's own version numbers, which a build may replace. */
export const DEFAULT_CAPABILITIES: Capabilities = {
  kubeVersion: { version: 'v1.20.0', major: '1', minor: '20' },
  apiVersions: KNOWN_API_VERSIONS,
  helmVersion: { version: 'v3.22', gitCommit: '', gitTreeState: '', goVersion: 'go1.26.8' },
};

/**
 * A version as `--kube-version` takes it: `1.36`, `v1.36.1-gke.1`. Whatever follows the numbers is dropped. Throws `InvalidInput` with the
 * text of k8s.io/apimachinery (pkg/util/version: parse).
 */
export function parseKubeVersion(text: string): KubeVersion {
  const match = /^\s*v?([0-9]+(?:\.[0-9]+)*)/.exec(text);
  const numbers = match?.[1];
  if (numbers === undefined) throw invalidVersion(`could not parse ${quote(text)} as version`);
  const components = numbers.split('.');
  if (components.length < 2) throw invalidVersion(`illegal version string ${quote(text)}`);
  const values = components.map((component, index) => {
    if (index === 0 && component.startsWith('0') && component !== '0') {
      throw invalidVersion(`illegal zero-prefixed version component ${quote(component)} in ${quote(text)}`);
    }
    const { value, error } = parseGoUint(component, 10, 0);
    if (error !== undefined) {
      throw invalidVersion(`illegal non-numeric version component ${quote(component)} in ${quote(text)}: ${error}`);
    }
    return value.toString();
  });
  return { version: `v${values.join('.')}`, major: values[0] ?? '', minor: values[1] ?? '' };
}

function invalidVersion(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
