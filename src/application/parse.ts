// An Application object of the cluster becomes a typed value, once, at the edge; what is wrong with its spec becomes a condition.

import { isObject, stringAt } from '../base/json.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import { httpsAddressOf } from '../git/ssh-address.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Application, Condition, Source, SourceType } from './types.ts';

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
  if (spec.sourceHydrator) {
    problems.push(
      'spec.sourceHydrator: hawser writes no branch of rendered manifests; set spec.source to what is to be rendered',
    );
  } else if (sources.length === 0) {
    problems.push('spec.source and spec.sources are both missing: set one of them');
  }
  const several = hasSeveralSources(spec);
  for (const source of sources) problems.push(...sourceProblems(source, several));
  if (sources.length > 1) problems.push(...refProblems(sources));
  return problems.map((message) => ({ type: 'InvalidSpecError', message }));
}

/** Argo CD: util/argo, validateSourcePermissions; ApplicationSource.ExplicitType. */
function sourceProblems(source: Source, several: boolean): string[] {
  const problems: string[] = [];
  const { repoURL, path, chart, ref, targetRevision, plugin } = source;
  if (!repoURL || !(path || chart || (several && ref))) {
    const wanted = several
      ? 'spec.source.repoURL and either source.path, source.chart, or source.ref are required for each of spec.sources'
      : 'spec.source.repoURL and either spec.source.path or spec.source.chart are required';
    problems.push(`${wanted}: path is the folder of the chart, kustomization or manifests in the repository`);
  } else if (chart && !targetRevision) {
    problems.push('spec.source.targetRevision is required if the manifest source is a helm chart');
  }
  const https = repoURL && !chart ? httpsAddressOf(repoURL) : undefined;
  if (https !== undefined) {
    problems.push(
      `spec.source.repoURL ${withoutUserinfo(repoURL)} is an SSH address, and only HTTP and HTTPS can be used: write ${https} instead, and give a token as username and password in the Secret of that address`,
    );
  }
  const blocks = explicitTypes(source);
  if (blocks.length > 1) problems.push(`multiple application sources defined: ${blocks.join(',')}: keep one of them`);
  if (plugin) {
    problems.push(
      'spec.source.plugin: config management plugins run foreign binaries, which hawser does not; use helm, kustomize or plain YAML',
    );
  }
  return problems;
}

/** The tools whose blocks a source has. One without anything in it does not count (Argo CD: NormalizeApplicationSpec). */
export function explicitTypes({ kustomize, helm, directory, plugin }: Source): SourceType[] {
  const blocks: readonly (readonly [SourceType, unknown])[] = [
    ['Kustomize', kustomize],
    ['Helm', helm],
    ['Directory', directory],
    ['Plugin', plugin],
  ];
  return blocks.filter(([type, block]) => (type === 'Plugin' ? block : !isZero(block))).map(([type]) => type);
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) ? Object.values(value).every(isZero) : !value;
}

/** Argo CD: util/argo, GetRefSources; reposerver/repository, resolveReferencedSources. */
function refProblems(sources: readonly Source[]): string[] {
  const problems: string[] = [];
  const lent = sources.filter(({ ref }) => ref);
  for (const { ref = '', chart } of lent) {
    if (!/^[a-zA-Z0-9_-]+$/.test(ref)) {
      problems.push(`sources.ref ${ref} cannot contain any special characters except '_' and '-'`);
    }
    if (chart) {
      problems.push(
        `source has a 'chart' field defined, but Helm charts are not yet not supported for 'ref' sources: remove ref: ${ref} from the source of the chart ${chart}`,
      );
    }
  }
  if (new Set(lent.map(({ ref }) => ref)).size < lent.length) {
    problems.push('invalid sources: multiple sources had the same `ref` key');
  }
  return problems;
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
