// Carries the plan of an import out, one object after the other, and tells of each in the words of `argocd admin import`.

import type { ImportAction, ImportStep } from '../../application/import-plan.ts';
import { formatError, isHawserError } from '../../base/errors.ts';
import type { KubeClient } from '../../kube/client.ts';
import { groupOf, type KubeObject } from '../../kube/object.ts';
import { isConflict } from '../../kube/refusal.ts';

const DONE: Readonly<Record<ImportAction, string>> = {
  create: 'created',
  update: 'updated',
  unchanged: 'unchanged',
  skip: 'skipped',
  prune: 'pruned',
  'needs-pruning': 'needs pruning',
};

/** The step of the same object, which has changed meanwhile. */
export type PlanAgain = (step: ImportStep, live: KubeObject) => ImportStep | undefined;

/** hawser itself may write an Application's status meanwhile. */
const TRIES = 5;

/** One line, without its line break. `how` stands behind it: ` (dry run)`. */
export function formatStep({ action, object, notes }: ImportStep, how = ''): string {
  const { kind, apiVersion, metadata } = object;
  const isWritten = action === 'create' || action === 'update';
  const place = isWritten ? ` in namespace ${metadata.namespace}` : '';
  const note = notes.length > 0 ? `: ${notes.join('; ')}` : '';
  const suffix = action === 'skip' || action === 'needs-pruning' ? '' : how;
  return `${groupOf(apiVersion)}/${kind} ${metadata.name}${place} ${DONE[action]}${suffix}${note}`;
}

/** The error of one step does not keep the others from being done. */
export async function* writeImport(
  client: KubeClient,
  steps: readonly ImportStep[],
  planAgain: PlanAgain,
): AsyncGenerator<{ readonly step: ImportStep; readonly failure?: string }> {
  for (const step of steps) {
    try {
      await writeStep(client, step, planAgain);
      yield { step };
    } catch (error) {
      if (!isHawserError(error)) throw error;
      yield { step, failure: formatError(error) };
    }
  }
}

async function writeStep(client: KubeClient, step: ImportStep, planAgain: PlanAgain): Promise<void> {
  if (step.action === 'create') await client.create(step.object);
  else if (step.action === 'update') await update(client, step, planAgain);
  else if (step.action === 'prune') await prune(client, step.object);
}

/** Guarded by the version that was read; where somebody was faster, the plan of this object is made anew. */
async function update(client: KubeClient, first: ImportStep, planAgain: PlanAgain): Promise<void> {
  let step = first;
  for (let tries = 1; ; tries++) {
    try {
      await client.replace(step.object);
      return;
    } catch (error) {
      if (!isConflict(error) || tries === TRIES) throw error;
      const live = await client.get(refOf(step.object));
      const again = live && planAgain(first, live);
      if (again?.action !== 'update') return;
      step = again;
    }
  }
}

/** Of an Application that goes, the objects stay: without its finalizers nobody deletes them. */
async function prune(client: KubeClient, object: KubeObject): Promise<void> {
  const ref = refOf(object);
  if (object.kind === 'Application' && object.metadata.finalizers?.length) {
    await client.patch(ref, { metadata: { finalizers: null } }, { type: 'merge' });
  }
  const { uid } = object.metadata;
  await client.remove(ref, uid ? { preconditions: { uid } } : {});
}

function refOf({ apiVersion, kind, metadata: { namespace = '', name = '' } }: KubeObject) {
  return { apiVersion, kind, namespace, name };
}
