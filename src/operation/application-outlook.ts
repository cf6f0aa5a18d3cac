// What can be told of an Application before anybody does anything: how it is in a sentence, and what a sync would do.

import { type HeldSync, heldSync } from '../application/held-sync.ts';
import { sourcesOf } from '../application/parse.ts';
import { SENTENCE_WORDS } from '../application/sentence-words.ts';
import { stateCommand, stateSentence } from '../application/state-sentence.ts';
import type { Application } from '../application/types.ts';
import { deadlineAfter } from '../base/deadline.ts';
import { isHawserError } from '../base/errors.ts';
import { isChartSource } from '../source/chart-locations.ts';
import { type OperationPlan, type PlanRequest, planOperation } from './plan-operation.ts';
import { createRemembered } from './remembered.ts';
import { type RevisionMetadata, readRevisionMetadata } from './revision-details.ts';
import type { Road } from './road.ts';

export type Language = keyof typeof SENTENCE_WORDS;

export interface ApplicationState {
  readonly sentence: string;
  /** Of hawser's, where the Application waits for a person. */
  readonly command?: string;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  /** Of the first source, where it is one of Git and the commit is known. */
  readonly commit?: RevisionMetadata;
  readonly held?: HeldSync;
}

export interface ApplicationOutlook {
  /** Throws what a source or the cluster refuses. */
  plan(app: Application, request: PlanRequest): Promise<OperationPlan>;
  state(app: Application, language: Language): Promise<ApplicationState>;
}

/** A commit stays what it is; its tags may come and go. */
const COMMIT_MS = 600_000;
/** Nobody waits longer for who wrote a commit: the state is told without. */
const COMMIT_WAIT_MS = 1_500;

export function createApplicationOutlook(road: Road): ApplicationOutlook {
  const { clock } = road.platform;
  const commits = createRemembered<RevisionMetadata | undefined>(clock, COMMIT_MS);
  return {
    plan: (app, request) => planOperation(road, app, request),
    state: async (app, language) => {
      const { revision, revisions } = app.status.sync ?? {};
      const commit = await commitOf(app);
      const held = heldSync(app);
      const command = stateCommand(app);
      const words = SENTENCE_WORDS[language];
      return {
        sentence: stateSentence(app, { words, nowMs: clock.now(), ...(commit && { commit }) }),
        ...(command && { command }),
        ...(revision && { revision }),
        ...(revisions && { revisions }),
        ...(commit && { commit }),
        ...(held && { held }),
      };
    },
  };

  async function commitOf(app: Application): Promise<RevisionMetadata | undefined> {
    const { revision, revisions } = app.status.sync ?? {};
    const [source] = sourcesOf(app.spec);
    const commit = revisions?.[0] ?? revision;
    if (!source || !commit || isChartSource(source) || !/^[0-9a-f]{40}$/.test(commit)) return undefined;
    const read = () => readRevisionMetadata(road, app, commit, {}).catch(unknown);
    const found = commits.get(`${app.spec.project} ${source.repoURL} ${commit}`, read);
    const deadline = deadlineAfter(COMMIT_WAIT_MS);
    return Promise.race([found, deadline.passed]).finally(deadline.end);
  }
}

/** Git is away, or has thrown the commit away: nothing else depends on it. */
function unknown(error: unknown): undefined {
  if (isHawserError(error)) return undefined;
  throw error;
}
