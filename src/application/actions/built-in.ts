// The actions that are there without any setting, by group and kind.

import type { ActionTable, KindActions } from './action.ts';
import { ARGO } from './argo.ts';
import { BATCH } from './batch.ts';
import { FLUX } from './flux.ts';
import { NUMAPROJ } from './numaproj.ts';
import { OPERATORS } from './operators.ts';
import { WORKLOADS } from './workloads.ts';

const TABLES: readonly ActionTable[] = [WORKLOADS, BATCH, ARGO, FLUX, OPERATORS, NUMAPROJ];

/** Empty for kinds with which nothing can be done. */
export function builtInActions(group: string, kind: string): KindActions {
  const name = `${group}/${kind}`;
  for (const table of TABLES) if (Object.hasOwn(table, name)) return table[name] ?? {};
  return {};
}
