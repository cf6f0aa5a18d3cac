// The objects of an Application as a forest: what Git says of each (status.resources), and what the cluster has of it and made of it (the
// resource tree). Pure; without the cluster's tree it is what the status alone tells.

import type { Application, HealthCode, ResourceStatus, SyncCode, SyncPhase } from '../../../application/types.ts';
import type { Routes } from '../api/types.ts';

export type ResourceTree = Routes['GET /api/v1/applications/{name}/resource-tree']['answer'];
export type ResourceNode = ResourceTree['nodes'][number];

export interface ObjectRef {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface TreeNode extends ObjectRef {
  readonly key: string;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  /** Of what Git says something about; others have none. */
  readonly sync: SyncCode | undefined;
  readonly health: HealthCode | undefined;
  readonly healthMessage: string | undefined;
  readonly wave: number;
  readonly hook: boolean;
  readonly hookPhase: SyncPhase | undefined;
  readonly requiresPruning: boolean;
  /** Nobody's, in the Application's namespace. */
  readonly isOrphaned: boolean;
  /** RFC 3339. */
  readonly createdAt: string | undefined;
  readonly info: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  readonly parent: string | undefined;
  readonly children: readonly TreeNode[];
}

/** `apps/Deployment/shop/web`; group and namespace may be empty. */
export function keyOfRef({
  group = '',
  kind,
  namespace = '',
  name,
}: Partial<ObjectRef> & Pick<ObjectRef, 'kind' | 'name'>): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

interface Draft {
  readonly ref: ObjectRef;
  status?: ResourceStatus;
  node?: ResourceNode;
  readonly isOrphaned: boolean;
  parent?: string;
  readonly children: string[];
}

/** Roots in the order of the status, then what only the cluster has. */
export function buildForest(app: Application, tree: ResourceTree | undefined): readonly TreeNode[] {
  const drafts = new Map<string, Draft>();
  for (const status of app.status.resources ?? []) {
    const ref = refOf(status);
    drafts.set(keyOfRef(ref), { ref, status, isOrphaned: false, children: [] });
  }
  addNodes(drafts, tree?.nodes ?? [], false);
  addNodes(drafts, tree?.orphanedNodes ?? [], true);
  linkParents(drafts);
  const phases = hookPhasesOf(app);
  const roots = [...drafts].filter(([, { parent }]) => parent === undefined);
  return roots.map(([key]) => finish(key, drafts, phases, undefined));
}

/** All of them, owners before what they own. */
export function* walk(nodes: readonly TreeNode[]): Generator<TreeNode> {
  for (const node of nodes) {
    yield node;
    yield* walk(node.children);
  }
}

/** As Git says, and well: what people do not have to look at. */
export function isFine({ sync, health, requiresPruning, isOrphaned }: TreeNode): boolean {
  if (requiresPruning || isOrphaned) return false;
  return (sync === undefined || sync === 'Synced') && (health === undefined || health === 'Healthy');
}

/** The same of all that it owns, too. */
export function isBranchFine(node: TreeNode): boolean {
  return isFine(node) && node.children.every(isBranchFine);
}

function addNodes(drafts: Map<string, Draft>, nodes: readonly ResourceNode[], isOrphaned: boolean): void {
  for (const node of nodes) {
    const key = keyOfRef(node);
    const known = drafts.get(key);
    if (known) known.node = node;
    else drafts.set(key, { ref: refOf(node), node, isOrphaned, children: [] });
  }
}

/** By uid where there is one; a cycle, which only a mistake makes, is cut. */
function linkParents(drafts: Map<string, Draft>): void {
  const byUid = new Map([...drafts].flatMap(([key, { node }]) => (node?.uid ? [[node.uid, key] as const] : [])));
  for (const [key, draft] of drafts) {
    for (const parent of draft.node?.parentRefs ?? []) {
      const found = byUid.get(parent.uid ?? '') ?? (drafts.has(keyOfRef(parent)) ? keyOfRef(parent) : undefined);
      if (found === undefined || isBelow(drafts, found, key)) continue;
      draft.parent = found;
      drafts.get(found)?.children.push(key);
      break;
    }
  }
}

function isBelow(drafts: ReadonlyMap<string, Draft>, key: string, above: string): boolean {
  for (let at: string | undefined = key; at !== undefined; at = drafts.get(at)?.parent) {
    if (at === above) return true;
  }
  return false;
}

function finish(
  key: string,
  drafts: ReadonlyMap<string, Draft>,
  phases: ReadonlyMap<string, SyncPhase>,
  above: TreeNode | undefined,
): TreeNode {
  const draft = drafts.get(key);
  if (!draft) throw new Error(`${key} is not in the forest`);
  const { ref, status, node, isOrphaned } = draft;
  const hookPhase = phases.get(key);
  // The cluster's own word is newer than the status.
  const health = (node?.health ?? status?.health) as { status: HealthCode; message?: string } | undefined;
  const made: TreeNode & { children: readonly TreeNode[] } = {
    ...ref,
    ...{
      key,
      uid: node?.uid,
      resourceVersion: node?.resourceVersion,
      sync: status?.status,
      health: health?.status,
      healthMessage: health?.message,
    },
    wave: status?.syncWave ?? above?.wave ?? 0,
    hook: status?.hook ?? false,
    ...{ hookPhase, requiresPruning: status?.requiresPruning ?? false, isOrphaned },
    createdAt: node?.createdAt,
    info: Object.fromEntries((node?.info ?? []).map(({ name, value }) => [name, value])),
    ...{ images: node?.images ?? [], parent: draft.parent, children: [] },
  };
  return { ...made, children: draft.children.map((child) => finish(child, drafts, phases, made)).sort(byKindAndAge) };
}

/** The newest ReplicaSet first: it is the one that counts. */
function byKindAndAge(a: TreeNode, b: TreeNode): number {
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  const [left, right] = [a.createdAt ?? '', b.createdAt ?? ''];
  if (left !== right) return left > right ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** Which phase a hook belongs to is known of the last operation. */
function hookPhasesOf({ status }: Application): ReadonlyMap<string, SyncPhase> {
  const results = status.operationState?.syncResult?.resources ?? [];
  return new Map(results.flatMap((result) => (result.hookType ? [[keyOfRef(result), result.hookType] as const] : [])));
}

function refOf({ group = '', version, kind, namespace = '', name }: ResourceStatus | ResourceNode): ObjectRef {
  return { group, version, kind, namespace, name };
}
