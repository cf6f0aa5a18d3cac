// What an Application's finalizers ask for when it is deleted (Argo CD: application_defaults.go, types.go).

import type { Application } from './types.ts';

const RESOURCES = 'resources-finalizer.argocd.argoproj.io';

/** What becomes of the dependents of a deleted object. */
export type CascadePolicy = 'foreground' | 'background';

/** The finalizers by which an Application's objects go with it. The first is the older name of `/foreground`. */
const CASCADE_FINALIZERS: readonly string[] = [RESOURCES, `${RESOURCES}/foreground`, `${RESOURCES}/background`];

export type DeletionPhase = 'PreDelete' | 'PostDelete';

/** One holds an Application until its hooks of the phase have run, the other until those are cleaned up. */
const HOOK_FINALIZERS = {
  PreDelete: 'pre-delete-finalizer.argocd.argoproj.io',
  PostDelete: 'post-delete-finalizer.argocd.argoproj.io',
} as const satisfies Record<DeletionPhase, string>;

/** The parts of a deletion, in their order; each is over when its finalizers are gone. */
export type DeletionStage =
  | { readonly stage: 'hooks'; readonly phase: DeletionPhase }
  | { readonly stage: 'objects'; readonly policy: CascadePolicy }
  | { readonly stage: 'cleanup'; readonly phase: DeletionPhase };

export function isCascading(finalizers: readonly string[] = []): boolean {
  return finalizers.some((finalizer) => CASCADE_FINALIZERS.includes(finalizer));
}

/** What is to be done next; undefined when none of our finalizers is left. */
export function nextDeletionStage(finalizers: readonly string[] = []): DeletionStage | undefined {
  if (finalizers.includes(HOOK_FINALIZERS.PreDelete)) return { stage: 'hooks', phase: 'PreDelete' };
  const cascade = finalizers.find((finalizer) => CASCADE_FINALIZERS.includes(finalizer));
  if (cascade) return { stage: 'objects', policy: cascade.endsWith('/background') ? 'background' : 'foreground' };
  if (finalizers.includes(HOOK_FINALIZERS.PostDelete)) return { stage: 'hooks', phase: 'PostDelete' };
  for (const phase of ['PreDelete', 'PostDelete'] as const) {
    if (finalizers.includes(cleanupFinalizer(phase))) return { stage: 'cleanup', phase };
  }
  return undefined;
}

/** The finalizers without those of a stage that is over. */
export function withoutStage(finalizers: readonly string[], stage: DeletionStage): readonly string[] {
  if (stage.stage === 'objects') return finalizers.filter((finalizer) => !CASCADE_FINALIZERS.includes(finalizer));
  const over = stage.stage === 'hooks' ? HOOK_FINALIZERS[stage.phase] : cleanupFinalizer(stage.phase);
  return finalizers.filter((finalizer) => finalizer !== over);
}

/** The finalizers without any by which hawser or Argo CD holds an Application. */
export function withoutDeletionFinalizers(finalizers: readonly string[]): readonly string[] {
  const hooks = Object.values(HOOK_FINALIZERS);
  return finalizers.filter(
    (finalizer) => !CASCADE_FINALIZERS.includes(finalizer) && !hooks.some((hook) => finalizer.startsWith(hook)),
  );
}

/** The finalizers with or without a cascade (Argo CD: server/application, Delete). */
export function withCascade(finalizers: readonly string[], policy: CascadePolicy | undefined): readonly string[] {
  const others = finalizers.filter((finalizer) => !CASCADE_FINALIZERS.includes(finalizer));
  if (!policy) return others;
  const wanted = policy === 'background' ? `${RESOURCES}/background` : RESOURCES;
  const isThere = finalizers.some(
    (finalizer) => CASCADE_FINALIZERS.includes(finalizer) && policyOf(finalizer) === policy,
  );
  return isThere ? finalizers : [...others, wanted];
}

/** The finalizers of an Application whose target state has, or has not, hooks of its deletion. */
export function withHookFinalizers(
  finalizers: readonly string[],
  hasHooks: Readonly<Record<DeletionPhase, boolean>>,
): readonly string[] {
  let result = finalizers;
  for (const phase of ['PreDelete', 'PostDelete'] as const) {
    for (const finalizer of [HOOK_FINALIZERS[phase], cleanupFinalizer(phase)]) {
      if (hasHooks[phase] && !result.includes(finalizer)) result = [...result, finalizer];
      if (!hasHooks[phase]) result = result.filter((other) => other !== finalizer);
    }
  }
  return result;
}

/** Whether a person has approved deletions, by the annotation, since `since`. */
export function isDeletionApproved({ metadata }: Pick<Application, 'metadata'>, since: string): boolean {
  const approved = Date.parse(metadata.annotations?.['argocd.argoproj.io/deletion-approved'] ?? '');
  return approved >= Date.parse(since);
}

function policyOf(finalizer: string): CascadePolicy {
  return finalizer.endsWith('/background') ? 'background' : 'foreground';
}

function cleanupFinalizer(phase: DeletionPhase): string {
  return `${HOOK_FINALIZERS[phase]}/cleanup`;
}
