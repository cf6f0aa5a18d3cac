// A project's rules as lines of text that people edit, and back. What the form does not show stays as it is.

import type { Routes } from '../api/types.ts';

export type Project = Routes['GET /api/v1/projects/{name}']['answer'];
export type ProjectSpec = Project['spec'];
export type Role = NonNullable<ProjectSpec['roles']>[number];

export interface Destination {
  /** Its name or its address. */
  readonly cluster: string;
  readonly namespace: string;
}

export interface ProjectForm {
  readonly description: string;
  readonly sourceRepos: string;
  readonly destinations: readonly Destination[];
  readonly clusterAllow: string;
  readonly clusterDeny: string;
  readonly namespaceAllow: string;
  readonly namespaceDeny: string;
  readonly sourceNamespaces: string;
  readonly signatureKeys: string;
  readonly isWatchingOrphans: boolean;
  readonly isWarning: boolean;
  readonly orphansIgnored: string;
  readonly isScopedOnly: boolean;
}

export const EMPTY_FORM: ProjectForm = {
  ...{ description: '', sourceRepos: '*', destinations: [{ cluster: '*', namespace: '*' }] },
  ...{ clusterAllow: '', clusterDeny: '', namespaceAllow: '', namespaceDeny: '', sourceNamespaces: '' },
  ...{ signatureKeys: '', isWatchingOrphans: false, isWarning: true, orphansIgnored: '', isScopedOnly: false },
};

export function formOf(spec: ProjectSpec): ProjectForm {
  const { orphanedResources } = spec;
  return {
    description: spec.description ?? '',
    sourceRepos: (spec.sourceRepos ?? []).join('\n'),
    destinations: (spec.destinations ?? []).map(({ name, server, namespace }) => ({
      cluster: name || (server ?? ''),
      namespace: namespace ?? '',
    })),
    clusterAllow: kindLines(spec.clusterResourceWhitelist),
    clusterDeny: kindLines(spec.clusterResourceBlacklist),
    namespaceAllow: kindLines(spec.namespaceResourceWhitelist),
    namespaceDeny: kindLines(spec.namespaceResourceBlacklist),
    sourceNamespaces: (spec.sourceNamespaces ?? []).join('\n'),
    signatureKeys: (spec.signatureKeys ?? []).map(({ keyID }) => keyID).join('\n'),
    isWatchingOrphans: orphanedResources !== undefined && orphanedResources !== null,
    isWarning: orphanedResources?.warn !== false,
    orphansIgnored: (orphanedResources?.ignore ?? [])
      .map(({ group, kind, name }) => [group ?? '', kind ?? '', ...(name ? [name] : [])].join('/'))
      .join('\n'),
    isScopedOnly: spec.permitOnlyProjectScopedClusters === true,
  };
}

/** `spec`: as it was. */
export function specOf(form: ProjectForm, spec: ProjectSpec): ProjectSpec {
  const { orphanedResources, permitOnlyProjectScopedClusters: _, ...rest } = spec;
  const optional = {
    sourceNamespaces: linesOf(form.sourceNamespaces),
    signatureKeys: linesOf(form.signatureKeys).map((keyID) => ({ keyID })),
    clusterResourceWhitelist: kindsOf(form.clusterAllow, spec.clusterResourceWhitelist),
    clusterResourceBlacklist: kindsOf(form.clusterDeny, spec.clusterResourceBlacklist),
    namespaceResourceWhitelist: kindsOf(form.namespaceAllow, spec.namespaceResourceWhitelist),
    namespaceResourceBlacklist: kindsOf(form.namespaceDeny, spec.namespaceResourceBlacklist),
  };
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !(key in optional) && key !== 'description'));
  return {
    ...kept,
    ...(form.description.trim() !== '' && { description: form.description.trim() }),
    sourceRepos: linesOf(form.sourceRepos),
    destinations: form.destinations
      .filter(({ cluster, namespace }) => cluster.trim() !== '' || namespace.trim() !== '')
      .map((destination) => destinationOf(destination, spec)),
    ...Object.fromEntries(Object.entries(optional).filter(([, list]) => list.length > 0)),
    ...(form.isWatchingOrphans && {
      orphanedResources: {
        ...orphanedResources,
        warn: form.isWarning,
        ...ignoredOf(form.orphansIgnored),
      },
    }),
    ...(form.isScopedOnly && { permitOnlyProjectScopedClusters: true }),
  };
}

/** Without empty ones. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The first line that names no kind. */
export function wrongKind(text: string): string | undefined {
  return linesOf(text).find((line) => !/^[^/\s]*\/[^/\s]+(\/[^/\s]+)?$/.test(line));
}

export function isProjectName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name);
}

type Kinds = ProjectSpec['clusterResourceWhitelist'];

function kindLines(kinds: Kinds): string {
  return (kinds ?? [])
    .map(({ group, kind, name }) => `${group}/${kind}${typeof name === 'string' && name !== '' ? `/${name}` : ''}`)
    .join('\n');
}

/** Fields that a line does not show stay with the kind that had them. */
function kindsOf(text: string, before: Kinds): NonNullable<Kinds> {
  return linesOf(text).map((line) => {
    const known = (before ?? []).find((kind) => kindLines([kind]) === line);
    const [group = '', kind = '', name] = line.split('/');
    return known ?? { group, kind, ...(name !== undefined && { name }) };
  });
}

function destinationOf({ cluster, namespace }: Destination, { destinations }: ProjectSpec) {
  const named = cluster.trim();
  const known = (destinations ?? []).find((one) => (one.name || one.server) === named);
  const isAddress = named === '*' || /^!?https?:\/\//.test(named) || (known?.server === named && !known.name);
  return { ...(isAddress ? { server: named } : { name: named }), namespace: namespace.trim() };
}

function ignoredOf(text: string) {
  const ignore = linesOf(text).map((line) => {
    const [group = '', kind = '', name] = line.split('/');
    return { group, kind, ...(name !== undefined && name !== '' && { name }) };
  });
  return { ignore };
}
