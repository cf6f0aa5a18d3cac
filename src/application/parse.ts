// An Application object of the cluster becomes a typed value, once, at the edge; what is wrong with its spec becomes a condition.

import { isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Application, Condition, Source } from './types.ts';

/**
 * Reads an Application as the API server keeps it. The CRD's schema has checked the types of spec and status; what a
 * schema cannot say is `specProblems`' to tell. Missing parts become empty ones.
 */
export function parseApplication(object: KubeObject): Application {
  const spec = isObject(object.spec) ? object.spec : {};
  const destination = isObject(spec.destination) ? spec.destination : {};
  return {
    ...object,
    spec: { ...spec, project: stringAt(spec, 'project') || 'default', destination },
    status: isObject(object.status) ? object.status : {},
  } as unknown as Application;
}

/** The sources that count: `sources` where set, otherwise `source`. */
export function sourcesOf(holder: {
  readonly source?: Source;
  readonly sources?: readonly Source[];
}): readonly Source[] {
  if (holder.sources && holder.sources.length > 0) return holder.sources;
  return holder.source ? [holder.source] : [];
}

export function hasSeveralSources(holder: { readonly sources?: readonly Source[] }): boolean {
  return (holder.sources?.length ?? 0) > 0;
}

/**
 * The name that tracking ids carry: the Application's own, or `<namespace>_<name>` outside the control plane's namespace
 * (Argo CD: `InstanceName`).
 */
export function instanceName(app: Application, controlNamespace: string): string {
  return app.metadata.namespace === controlNamespace
    ? app.metadata.name
    : `${app.metadata.namespace}_${app.metadata.name}`;
}

/** What is wrong with a spec, as Argo CD's `InvalidSpecError` conditions; empty when it can be used. */
export function specProblems(app: Application): readonly Condition[] {
  const problems: string[] = [];
  const { spec } = app;
  const { server, name } = spec.destination;
  if (server && name) {
    problems.push(
      `application destination can't have both name and server defined: ${name} ${server}: remove one of spec.destination.name and spec.destination.server`,
    );
  }
  if (!server && !name)
    problems.push('application destination server and name are both missing: set spec.destination.server');
  const sources = sourcesOf(spec);
  if (sources.length === 0) problems.push('spec.source and spec.sources are both missing: set one of them');
  for (const source of sources) {
    if (!source.repoURL) problems.push('spec.source.repoURL is required');
    if (!source.path && !source.chart && !source.ref) {
      problems.push(
        'spec.source.path is required: name the folder of the chart, kustomization or manifests in the repository',
      );
    }
    const blocks = [source.helm && 'helm', source.kustomize && 'kustomize', source.plugin && 'plugin'].filter(Boolean);
    if (blocks.length > 1) problems.push(`multiple application sources defined: ${blocks.join(',')}: keep one of them`);
    if (source.plugin)
      problems.push(
        'spec.source.plugin: config management plugins run foreign binaries, which hawser does not; use helm, kustomize or plain YAML',
      );
  }
  return problems.map((message) => ({ type: 'InvalidSpecError', message }));
}

export function isAutomated(app: Application): boolean {
  const automated = app.spec.syncPolicy?.automated;
  return automated !== undefined && automated !== null && automated.enabled !== false;
}

/** A value of `syncOptions` (`CreateNamespace=true`), the last one where it is given twice. */
export function syncOption(options: readonly string[] | undefined, name: string): string | undefined {
  let found: string | undefined;
  for (const option of options ?? []) {
    const [key, value] = option.split('=', 2);
    if (key?.trim() === name) found = value?.trim();
  }
  return found;
}
