// The tree of an Application's objects, as the server tells it, in Argo CD's layouts (cmd/argocd/commands/tree.go).

import type { Application } from '../../application/types.ts';
import { isObject, stringAt } from '../../base/json.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { resourceRows } from '../progress/rows.ts';
import { formatTable } from '../table.ts';
import { type AppRef, pathOf } from './context.ts';

export interface TreeNode {
  readonly uid: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly health: string;
  readonly reason: string;
  readonly createdAt: string | undefined;
  readonly isOrphaned: boolean;
}

interface Branch {
  readonly prefix: string;
  readonly node: TreeNode;
}

/** Orphaned ones at the end. */
export async function readTree(server: ServerAddress, ref: AppRef): Promise<readonly TreeNode[]> {
  const answer = await callServer(server, 'GET', pathOf(ref, '/resource-tree'));
  const nodes = (key: string, isOrphaned: boolean) => {
    const list = answer[key];
    return (Array.isArray(list) ? list : []).filter(isObject).map((node) => nodeIn(node, isOrphaned));
  };
  return [...nodes('nodes', false), ...nodes('orphanedNodes', true)];
}

/** For `app get -o tree`. */
export function formatAppTree(app: Application, nodes: readonly TreeNode[], isDetailed: boolean): string {
  const rows = new Map(resourceRows(app).map((row) => [`${row.kind}/${row.name}`, row]));
  const header = isDetailed ? ['AGE', 'MESSAGE', 'REASON'] : ['MESSAGE'];
  return formatTable(
    ['KIND/NAME', 'STATUS', 'HEALTH', ...header],
    branchesOf(nodes.filter(({ isOrphaned }) => !isOrphaned)).map(({ prefix, node }) => {
      const label = `${node.kind}/${node.name}`;
      const row = rows.get(label);
      const message = row?.message ?? '';
      const more = isDetailed ? [ageOf(node), message, node.reason] : [message];
      return [`${prefix}${label}`, row?.status ?? '', row?.health || node.health, ...more];
    }),
  );
}

/** For `app resources`: one level, or all of it. */
export function formatNodes(nodes: readonly TreeNode[], form: string | undefined): string {
  const header = ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'ORPHANED'];
  const cells = ({ prefix, node }: Branch) => [
    `${prefix}${node.group}`,
    node.kind,
    node.namespace,
    node.name,
    node.isOrphaned ? 'Yes' : 'No',
  ];
  if (form === 'tree') return formatTable(header, branchesOf(nodes).map(cells));
  if (form === 'tree=detailed') {
    const detailed = branchesOf(nodes).map((branch) => {
      const { node } = branch;
      return [...cells(branch), ageOf(node), node.health, node.reason];
    });
    return formatTable([...header, 'AGE', 'HEALTH', 'REASON'], detailed);
  }
  // Of the orphaned ones each counts: nobody else tells of those below.
  const shown = nodes.filter(({ parent, isOrphaned }) => parent === undefined || isOrphaned);
  return formatTable(
    header,
    shown.map((node) => cells({ prefix: '', node })),
  );
}

/** In order, each with what stands before it. */
function branchesOf(nodes: readonly TreeNode[]): readonly Branch[] {
  const known = new Set(nodes.map(({ uid }) => uid));
  const isRoot = ({ parent }: TreeNode) => parent === undefined || !known.has(parent);
  const below = (node: TreeNode, indent: string): readonly Branch[] => {
    const children = nodes.filter(({ parent }) => parent === node.uid);
    return children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      const prefix = `${indent}${isLast ? '└─' : '├─'}`;
      return [{ prefix, node: child }, ...below(child, `${indent}${isLast ? '  ' : '│ '}`)];
    });
  };
  return nodes.filter(isRoot).flatMap((node) => [{ prefix: '', node }, ...below(node, '')]);
}

function nodeIn(node: Record<string, unknown>, isOrphaned: boolean): TreeNode {
  const text = (key: string) => stringAt(node, key) ?? '';
  return {
    ...{ uid: text('uid'), group: text('group'), version: text('version'), kind: text('kind') },
    ...{ namespace: text('namespace'), name: text('name') },
    parent: stringAt(node, 'parentRefs', 0, 'uid'),
    health: stringAt(node, 'health', 'status') ?? '',
    reason: stringAt(node, 'health', 'message') ?? '',
    createdAt: stringAt(node, 'createdAt'),
    isOrphaned,
  };
}

/** `3d4h`, as kubectl tells ages. */
function ageOf({ createdAt }: TreeNode): string {
  if (createdAt === undefined) return '<unknown>';
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(createdAt)) / 1000));
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(seconds / unit));
  if (seconds < 120) return `${seconds}s`;
  if ((minutes ?? 0) < 10) return `${minutes}m${seconds % 60 ? `${seconds % 60}s` : ''}`;
  if ((hours ?? 0) < 3) return `${minutes}m`;
  if ((hours ?? 0) < 8) return `${hours}h${(minutes ?? 0) % 60 ? `${(minutes ?? 0) % 60}m` : ''}`;
  if ((hours ?? 0) < 48) return `${hours}h`;
  return (days ?? 0) < 8 && (hours ?? 0) % 24 ? `${days}d${(hours ?? 0) % 24}h` : `${days}d`;
}
