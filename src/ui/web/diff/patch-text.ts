// Differences as a patch to copy or to keep: unified, of the YAML of each object, headed by what it is.

import { unifiedDiff } from '../../../base/text-diff.ts';
import type { Row } from './diff-rows.ts';

export interface PatchItem {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly rows: readonly Row[];
}

/** `a/apps/Deployment/web/nginx.yaml`: the names are in order, so that tools that read patches take them. Empty where nothing differs. */
export function patchOf(items: readonly PatchItem[]): string {
  return items.map(patchOfOne).join('');
}

function patchOfOne({ group, kind, namespace, name, rows }: PatchItem): string {
  const path = [group, kind, namespace, name].filter((part) => part !== '').join('/');
  const [before, after] = [textOf(rows, 'ins'), textOf(rows, 'del')];
  const text = unifiedDiff(
    before,
    after,
    before === '' ? '/dev/null' : `a/${path}.yaml`,
    after === '' ? '/dev/null' : `b/${path}.yaml`,
  );
  const masked = rows.filter((row) => row.kind === 'masked').map(({ path: field }) => `# ${path}: ${field} changed\n`);
  return `${masked.join('')}${text}`;
}

/** The text without the other side's rows. */
export function textOf(rows: readonly Row[], without: 'ins' | 'del'): string {
  return rows.flatMap(({ kind, text }) => (kind === without ? [] : [`${text}\n`])).join('');
}
