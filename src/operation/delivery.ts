// Which Applications a push or a refresh concerns, and how. Pure.

import { sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { repositoryMatcher, sameRepository } from '../git/repository-url.ts';
import type { RefreshRequest } from './hawser.ts';
import { branchMismatch } from './judge.ts';
import { type AnyPush, addressesOf, refOf, type Verdict } from './push.ts';
import { keyOfApplication } from './road.ts';

/** How a delivery concerns one Application. */
export interface Concern {
  /** Known without asking the Git server. */
  readonly settled?: Pick<Verdict, 'verdict' | 'reason'>;
  /** Compare with the cluster even where Git has not changed. */
  readonly always: boolean;
  /** Ask the cluster for everything, whatever is known of it. */
  readonly hard?: boolean;
  readonly revision?: string;
  /** The commit that a push named. */
  readonly after?: string;
  readonly isPush?: boolean;
}

export interface Delivery {
  readonly id: string;
  readonly repository: string;
  readonly ref: string;
  /** undefined for an Application that has nothing to do with it. */
  concernOf(app: Application): Concern | undefined;
  /** Why none of so many Applications is concerned. */
  reasonForNone(looked: number): string;
}

export function deliveryOfPush(push: AnyPush): Delivery {
  const isOfRepository = repositoryMatcher(addressesOf(push));
  const repository = addressesOf(push)[0] ?? '';
  return {
    id: push.deliveryId,
    repository,
    ref: refOf(push),
    concernOf: (app) => {
      if (push.kind === 'artifact') return undefined;
      if (!sourcesOf(app.spec).some(({ repoURL }) => isOfRepository(repoURL))) return undefined;
      const mismatch = branchMismatch(app, push, isOfRepository);
      if (mismatch) return { always: false, settled: { verdict: 'branch mismatch', reason: mismatch } };
      return { always: false, isPush: true, ...(push.after && { after: push.after }) };
    },
    reasonForNone: (looked) =>
      `no Application has ${repository} as its repository (spec.source.repoURL); ${looked} Applications were looked at`,
  };
}

/** The same delivery, for the Applications with these keys alone. */
export function onlyFor(keys: readonly string[], delivery: Delivery): Delivery {
  return {
    ...delivery,
    concernOf: (app) => (keys.includes(keyOfApplication(app)) ? delivery.concernOf(app) : undefined),
  };
}

export function deliveryOfRefresh(request: RefreshRequest, id: string): Delivery {
  const { application, repoURL, revision, hard = false } = request;
  // A person who names an Application wants it compared with the cluster; a cron that names all wants missed pushes caught.
  const always = hard || application !== undefined;
  return {
    id,
    repository: repoURL ?? '',
    ref: revision ?? '',
    concernOf: (app) => {
      const isChosen =
        request.all ||
        (application !== undefined && app.metadata.name === application) ||
        (repoURL !== undefined && sourcesOf(app.spec).some((source) => sameRepository(source.repoURL, repoURL)));
      return isChosen ? { always, ...(hard && { hard }), ...(revision && { revision }) } : undefined;
    },
    reasonForNone: () => `no Application matches ${application ?? repoURL ?? 'all'}`,
  };
}
