// What the deletion of an Application takes with it, and what stays (src/sync/plan-deletion.ts decides when it is done). Pure.

import type { Application, ResourceStatus } from '../../../application/types.ts';

export type DeletionKind = 'foreground' | 'background' | 'orphan';

export interface KindCount {
  readonly kind: string;
  readonly count: number;
}

export interface KeptObject {
  readonly kind: string;
  readonly name: string;
  readonly why: 'option' | 'helm' | 'crd';
}

export interface Forecast {
  /** Its own objects, by kind. */
  readonly goes: readonly KindCount[];
  /** What those have made: ReplicaSets, Pods. */
  readonly follows: readonly KindCount[];
  readonly stays: readonly KeptObject[];
  /** Wait until somebody confirms. */
  readonly asking: readonly string[];
}

interface Named {
  readonly group?: string | undefined;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Of a cascade. `nodes` and `manifests` make it exact where they are known. */
export function forecastDeletion(
  app: Application,
  nodes: readonly (Named & { readonly parentRefs?: readonly unknown[] | undefined })[],
  manifests: readonly Manifest[],
): Forecast {
  const own = (app.status.resources ?? []).filter(isThere(nodes));
  const wanted = new Map(manifests.map((manifest) => [keyOfManifest(manifest), manifest]));
  const stays: KeptObject[] = [];
  const goes: ResourceStatus[] = [];
  for (const resource of own) {
    const why = whyKept(resource, wanted.get(shortKey(resource)), app.spec.syncPolicy?.syncOptions ?? []);
    if (why) stays.push({ kind: resource.kind, name: resource.name, why });
    else goes.push(resource);
  }
  return {
    goes: countKinds(goes),
    follows: countKinds(nodes.filter(({ parentRefs }) => parentRefs !== undefined && parentRefs.length > 0)),
    stays,
    asking: goes.flatMap((one) => (one.requiresDeletionConfirmation ? [`${one.kind} ${one.name}`] : [])),
  };
}

/** Without a tree nothing is known to be missing. */
function isThere(nodes: readonly Named[]): (resource: ResourceStatus) => boolean {
  const keys = new Set(nodes.map(fullKey));
  return (resource) => !resource.hook && (keys.size === 0 || keys.has(fullKey(resource)));
}

function whyKept({ group, kind }: ResourceStatus, manifest: Manifest | undefined, options: readonly string[]) {
  if (group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition') return 'crd';
  const annotations = manifest?.metadata?.annotations ?? {};
  const of = [listOf(annotations['argocd.argoproj.io/sync-options']), options].find((list) =>
    list.some((option) => option.startsWith('Delete=')),
  );
  if (of?.includes('Delete=false')) return 'option';
  return listOf(annotations['helm.sh/resource-policy']).includes('keep') ? 'helm' : undefined;
}

function listOf(text = ''): readonly string[] {
  return text.split(',').map((part) => part.trim());
}

function countKinds(objects: readonly Named[]): readonly KindCount[] {
  const counts = new Map<string, number>();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
}

function fullKey({ group = '', kind, namespace = '', name }: Named): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** A manifest need not say its namespace. */
function shortKey({ group = '', kind, name }: Named): string {
  return `${group}/${kind}/${name}`;
}

function keyOfManifest({ apiVersion = '', kind = '', metadata = {} }: Manifest): string {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  return shortKey({ group, kind, name: metadata.name ?? '' });
}
