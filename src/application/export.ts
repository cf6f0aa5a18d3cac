// An installation as one file, in the format of `argocd admin export` (Argo CD: cmd/argocd/commands/admin/backup.go): which objects are its own,
// what of them is kept, and in which order.

import type { Json } from '../base/json.ts';
import { groupOf, type KubeObject } from '../kube/object.ts';
import { dumpYaml } from '../render/yaml/plain.ts';
import { isApplicationNamespace } from './application-namespaces.ts';
import { SECRET_TYPE } from './repository-secret.ts';

/** In the order of the file. */
export const EXPORTED_CONFIG_MAPS = [
  'argocd-cm',
  'argocd-rbac-cm',
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
] as const;

/** The kinds in such a file, in its order. */
export const EXPORTED_KINDS = [
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'v1', kind: 'Secret' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet' },
] as const;

/** Where an installation is. */
export interface Installation {
  /** Of its settings, Secrets and projects. */
  readonly namespace: string;
  /** Globs, or regular expressions between slashes: where Applications may be beside it. */
  readonly applicationNamespaces: readonly string[];
  readonly applicationSetNamespaces: readonly string[];
}

/** What argocd-cmd-params-cm says where no flag does. */
export function namespacesOfParameters(
  data: Readonly<Record<string, string>>,
): Pick<Installation, 'applicationNamespaces' | 'applicationSetNamespaces'> {
  return {
    applicationNamespaces: splitNamespaces(data['application.namespaces'] ?? ''),
    applicationSetNamespaces: splitNamespaces(data['applicationsetcontroller.namespaces'] ?? ''),
  };
}

/** A list with commas, as flags and settings have it. */
export function splitNamespaces(text: string): readonly string[] {
  return text
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '');
}

/** Whether an object belongs to the installation, so that an export has it and a prune may remove it. */
export function isOfInstallation(object: KubeObject, installation: Installation): boolean {
  const { namespace } = installation;
  const { namespace: own = namespace, name = '', labels = {}, annotations = {} } = object.metadata;
  const isHere = own === namespace;
  switch (`${groupOf(object.apiVersion)}/${object.kind}`) {
    case '/ConfigMap':
      return isHere && EXPORTED_CONFIG_MAPS.some((exported) => exported === name);
    case '/Secret':
      return (
        isHere &&
        (name === 'argocd-secret' ||
          Object.hasOwn(labels, SECRET_TYPE) ||
          annotations['managed-by'] === 'argocd.argoproj.io')
      );
    case 'argoproj.io/AppProject':
      return isHere;
    case 'argoproj.io/Application':
      return isApplicationNamespace(own, namespace, installation.applicationNamespaces);
    case 'argoproj.io/ApplicationSet':
      return isApplicationNamespace(own, namespace, installation.applicationSetNamespaces);
    default:
      return false;
  }
}

/** The file: the bytes that Argo CD writes of the same objects. Objects of one kind are in the order in which they are given. */
export function formatExport(objects: readonly KubeObject[], installation: Installation): string {
  return objects
    .filter((object) => isOfInstallation(object, installation))
    .map((object) => ({ object, rank: rankOf(object) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ object }) => `${dumpYaml(exportedForm(object, installation.namespace))}---\n`)
    .join('');
}

/** Of its metadata only what people wrote: name, labels, annotations, finalizers, and a namespace that is not the installation's own. */
function exportedForm({ metadata, ...rest }: KubeObject, home: string): Json {
  const { name, namespace, labels, annotations, finalizers } = metadata;
  const kept = {
    name,
    ...(namespace !== undefined && namespace !== home && { namespace }),
    ...(labels && Object.keys(labels).length > 0 && { labels }),
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
    ...(finalizers && finalizers.length > 0 && { finalizers }),
  };
  // It came as JSON.
  return { ...rest, metadata: kept } as unknown as Json;
}

/** The order of the file: that of the kinds, and of ConfigMaps that of their names above. */
export function rankOf({ kind, metadata }: KubeObject): number {
  const rank = EXPORTED_KINDS.findIndex((exported) => exported.kind === kind);
  if (rank !== 0) return rank * EXPORTED_CONFIG_MAPS.length;
  const names: readonly string[] = EXPORTED_CONFIG_MAPS;
  return Math.max(0, names.indexOf(metadata.name ?? ''));
}
