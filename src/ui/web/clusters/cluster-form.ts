// The form of a cluster: what is wrong with it, the body that the API takes, and the command that does the same.

import { shellCommand } from '../parts/shell-word.ts';
import type { KubeconfigContext } from './kubeconfig.ts';

export interface ClusterForm {
  readonly name: string;
  readonly server: string;
  readonly token: string;
  /** PEM. */
  readonly ca: string;
  readonly insecure: boolean;
  /** Joined by commas. */
  readonly namespaces: string;
  readonly clusterResources: boolean;
  readonly project: string;
  /** `key=value`, one a line. */
  readonly labels: string;
}

export const EMPTY_CLUSTER: ClusterForm = {
  ...{ name: '', server: '', token: '', ca: '', insecure: false },
  ...{ namespaces: '', clusterResources: false, project: '', labels: '' },
};

export interface ShownCluster {
  readonly server: string;
  readonly name?: string;
  readonly namespaces?: readonly string[] | null;
  readonly clusterResources?: unknown;
  readonly project?: unknown;
  readonly labels?: Readonly<Record<string, string>> | null;
}

export function formOf({
  server,
  name = '',
  namespaces,
  clusterResources,
  project,
  labels,
}: ShownCluster): ClusterForm {
  return {
    ...EMPTY_CLUSTER,
    server,
    name,
    namespaces: (namespaces ?? []).join(', '),
    clusterResources: clusterResources === true,
    project: typeof project === 'string' ? project : '',
    labels: Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  };
}

export type ClusterProblem = 'server' | 'token' | 'pem' | 'labels';
export type ClusterProblems = Readonly<Partial<Record<keyof ClusterForm, ClusterProblem>>>;

/** `isManual`: address and token are typed. */
export function problemsOf(form: ClusterForm, isManual: boolean): ClusterProblems {
  const { server, token, ca } = form;
  const isAddress = URL.canParse(server.trim()) && /^https?:\/\//i.test(server.trim());
  return {
    ...(isManual && !isAddress && { server: 'server' as const }),
    ...(isManual && token.trim() === '' && { token: 'token' as const }),
    ...(isManual && ca.trim() !== '' && !ca.includes('-----BEGIN') && { ca: 'pem' as const }),
    ...(readLabels(form.labels) === undefined && { labels: 'labels' as const }),
  };
}

/** undefined where a line is none. */
export function readLabels(text: string): Readonly<Record<string, string>> | undefined {
  const lines = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const pairs = lines.map((line): [string, string] | undefined => {
    const [, key = '', value = ''] = /^([^=\s]+)=(\S*)$/.exec(line) ?? [];
    return key === '' ? undefined : [key, value];
  });
  return pairs.some((pair) => pair === undefined)
    ? undefined
    : Object.fromEntries(pairs.filter((pair) => pair !== undefined));
}

/** v1alpha1.ClusterConfig of what was typed. */
export function manualConfig({ token, ca, insecure }: ClusterForm): Record<string, unknown> {
  return {
    bearerToken: token.trim(),
    // Go's JSON has bytes in base64.
    tlsClientConfig: { insecure, ...(ca.trim() !== '' && !insecure && { caData: btoa(`${ca.trim()}\n`) }) },
  };
}

/** Of everything but what it is reached with. */
export function settingsOf(form: ClusterForm) {
  return {
    name: form.name.trim(),
    namespaces: namespacesOf(form),
    clusterResources: form.clusterResources && namespacesOf(form).length > 0,
    project: form.project.trim(),
    labels: { ...readLabels(form.labels) },
  };
}

/** What PUT changes of the settings above. */
export const SETTINGS_FIELDS = ['name', 'namespaces', 'clusterResources', 'project', 'labels'] as const;

function namespacesOf({ namespaces }: ClusterForm): string[] {
  return namespaces
    .split(/[,\s]+/)
    .map((namespace) => namespace.trim())
    .filter((namespace) => namespace !== '');
}

/** What the context of a kubeconfig says fills the form. */
export function withContext(form: ClusterForm, context: KubeconfigContext, before?: KubeconfigContext): ClusterForm {
  const isOwnName = form.name.trim() === '' || form.name === before?.name;
  return { ...form, server: context.server, ...(isOwnName && { name: context.name }) };
}

/** Of one that is known. */
export function setCommandOf(form: ClusterForm, known: string): string {
  const namespaces = namespacesOf(form);
  return shellCommand(
    ...['hawser', 'cluster', 'set', known],
    ['--name', form.name.trim()],
    ...(namespaces.length > 0 ? namespaces : ['*']).map((namespace) => ['--namespace', namespace] as const),
    ...labelFlags(form),
  );
}

function labelFlags({ labels }: ClusterForm) {
  return Object.entries(readLabels(labels) ?? {}).map(([key, value]) => ['--label', `${key}=${value}`] as const);
}

export function commandOf(form: ClusterForm, context: string | undefined): string {
  const isRenamed = form.name.trim() !== '' && form.name.trim() !== context;
  return shellCommand(
    ...['hawser', 'cluster', 'add', context ?? 'CONTEXT'],
    isRenamed && ['--name', form.name.trim()],
    ...namespacesOf(form).map((namespace) => ['--namespace', namespace] as const),
    form.clusterResources && namespacesOf(form).length > 0 && '--cluster-resources',
    ['--project', form.project.trim()],
    ...labelFlags(form),
  );
}
