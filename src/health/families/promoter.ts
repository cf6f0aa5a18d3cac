// GitOps Promoter's kinds: Ready, then what the promotion is at (Argo CD: resource_customizations/promoter.argoproj.io).

import type { HealthStatus } from '../../application/types.ts';
import type { KubeObject } from '../../kube/object.ts';
import { health } from '../check.ts';
import { type Assess, always, each, type Family, has, readConditions, show } from '../rules.ts';

interface PromoterKind {
  /** Named in messages: at their start, and inside of them. */
  readonly title: string;
  readonly noun: string;
  /** Why an object with one of these finalizers waits to be deleted. */
  readonly finalizers?: Readonly<Record<string, { readonly wait: string; readonly risk: string }>>;
  /** The condition types that mean ready. */
  readonly ready?: readonly string[];
  readonly failure: {
    /** Begins the message of a failed reconciliation. */
    readonly known: string;
    /** Begins the message of any other reason. */
    readonly other: string;
  };
  /** Begins the message while readiness is Unknown; where it is left out that counts as ready. */
  readonly unknown?: string;
  readonly missing: string;
  readonly initializing: string;
  readonly deleting: string;
  readonly then: Assess;
}

/** Kinds that reconcile: only False is a failure. */
function reconciled(title: string, then: Assess, more: Partial<PromoterKind> = {}): Assess {
  const noun = title.startsWith('Argo') ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
  const failed = `${title} reconciliation failed`;
  return promoterKind({
    title,
    noun,
    failure: { known: failed, other: failed },
    missing: `${title} is not ready yet`,
    initializing: `Initializing ${noun}`,
    deleting: `${title} is being deleted${more.finalizers ? '.' : ''}`,
    then,
    ...more,
  });
}

/** Kinds that are validated: Unknown is told too. */
function validated(
  kind: string,
  title: string,
  known: string,
  unknown: string,
  noun: string,
  then: Assess,
  finalizers?: PromoterKind['finalizers'],
): Assess {
  return promoterKind({
    title,
    noun: kind,
    ...(finalizers && { finalizers }),
    failure: { known, other: `${title} not ready` },
    unknown,
    missing: `${kind} Ready condition is missing`,
    initializing: `Initializing ${noun}`,
    deleting: `${kind} is being deleted${finalizers ? '.' : ''}`,
    then,
  });
}

function promoterKind(kind: PromoterKind): Assess {
  return (object) => {
    if (object.metadata.deletionTimestamp) return health('Progressing', deletionMessage(kind, object));
    if (!has(object, 'status')) return health('Progressing', kind.initializing);
    const ready = readConditions(object).filter(({ type = '' }) => (kind.ready ?? ['Ready']).includes(type));
    for (const { status, reason, message, observedGeneration } of ready) {
      const { generation } = object.metadata;
      if (observedGeneration !== undefined && generation !== undefined && observedGeneration !== generation)
        return health('Progressing', `Waiting for ${kind.noun} spec update to be observed`);
      if (status === 'False') {
        const text = message ?? 'Unknown error';
        return reason === 'ReconciliationError'
          ? health('Degraded', `${kind.failure.known}: ${text}`)
          : health('Degraded', `${kind.failure.other} (${reason ?? 'Unknown'}): ${text}`);
      }
      if (status === 'Unknown' && kind.unknown !== undefined)
        return health('Progressing', `${kind.unknown} (${reason ?? 'Unknown'}): ${message ?? 'Unknown'}`);
    }
    return ready.length === 0 ? health('Progressing', kind.missing) : kind.then(object);
  };
}

function deletionMessage({ deleting, finalizers = {} }: PromoterKind, object: KubeObject): string {
  const waits = (object.metadata.finalizers ?? []).flatMap((name) => {
    const known = Object.hasOwn(finalizers, name) ? finalizers[name] : undefined;
    return known ? [`${name}: ${known.wait} Risk if removed manually: ${known.risk}`] : [];
  });
  return [deleting, ...waits].join(' ');
}

/** A gate over environments: one failure fails it, one that is pending keeps it waiting. */
function gate(title: string, verb: string, reconciledText: string): Assess {
  return (object) => {
    const environments = each(object, 'status.environments').map((environment) => ({
      branch: show(environment, 'branch') ?? '?',
      phase: show(environment, 'phase') ?? 'pending',
    }));
    if (environments.length === 0) return health('Healthy', reconciledText);
    const branches = (isMeant: (phase: string) => boolean) =>
      environments.filter(({ phase }) => isMeant(phase)).map(({ branch }) => branch);
    const failed = branches((phase) => phase === 'failure');
    if (failed.length > 0) return health('Degraded', `${title} failed for branch(es): ${failed.join(', ')}`);
    const pending = branches((phase) => phase !== 'success');
    if (pending.length > 0) return health('Progressing', `${title} pending for branch(es): ${pending.join(', ')}`);
    return health('Healthy', `${title} ${verb} for ${environments.length} environment(s)`);
  };
}

interface Tally {
  readonly pending: readonly string[];
  readonly failed: readonly string[];
  readonly successful: number;
}

function tally(value: unknown, path: string): Tally {
  const statuses = each(value, path);
  const keys = (phase: string) =>
    statuses.filter((status) => status.phase === phase).map((status) => show(status, 'key') ?? '');
  return { pending: keys('pending'), failed: keys('failure'), successful: keys('success').length };
}

/** `2 pending, 1 successful, 0 failed. Pending commit statuses: a, b. `, with the space at its end. */
function formatTally({ pending, failed, successful }: Tally): string {
  const counts = `${pending.length} pending, ${successful} successful, ${failed.length} failed. `;
  const waits = pending.length > 0 ? `Pending commit statuses: ${pending.join(', ')}. ` : '';
  return `${counts}${waits}${failed.length > 0 ? `Failed commit statuses: ${failed.join(', ')}. ` : ''}`;
}

const shortSha = (sha: string | undefined) => (sha ?? '').slice(0, 7);

function promotion(object: KubeObject): HealthStatus {
  const active = show(object, 'status.active.dry.sha');
  const proposed = show(object, 'status.proposed.dry.sha');
  if (!active) return health('Progressing', 'The active commit DRY SHA is missing or empty.');
  if (!proposed) return health('Progressing', 'The proposed commit DRY SHA is missing or empty.');
  if (active !== proposed) {
    const counts = formatTally(tally(object, 'status.proposed.commitStatuses'));
    const message = `Promotion in progress from '${shortSha(active)}' to '${shortSha(proposed)}': ${counts}`;
    return health('Progressing', message);
  }
  const checks = tally(object, 'status.active.commitStatuses');
  if (checks.pending.length === 0 && checks.failed.length === 0)
    return health('Healthy', `Environment is up-to-date on commit ${shortSha(active)}.`);
  const message = 'Environment is up-to-date, but there are non-successful active commit statuses';
  return health('Healthy', `${message}: ${formatTally(checks)}`);
}

const hydratedSha = (environment: unknown) =>
  show(environment, 'proposed.note.drySha') || show(environment, 'proposed.dry.sha') || undefined;

function strategy(object: KubeObject): HealthStatus {
  const environments = each(object, 'status.environments');
  const [firstEnvironment] = environments;
  if (!firstEnvironment) return health('Degraded', 'Promotion strategy has no environments configured');
  for (const environment of environments) {
    const where = `is missing or empty in environment '${show(environment, 'branch') ?? ''}'.`;
    if (!show(environment, 'active.dry.sha')) return health('Progressing', `The active commit DRY SHA ${where}`);
    if (!hydratedSha(environment)) return health('Progressing', `The proposed commit DRY SHA ${where}`);
  }
  if (environments.some((environment) => hydratedSha(environment) !== hydratedSha(firstEnvironment))) {
    const cause = 'This likely means the hydrator has not run for all environments yet.';
    return health('Progressing', `Not all environments have the same proposed commit SHA. ${cause}`);
  }
  for (const environment of environments) {
    const [active, proposed] = [show(environment, 'active.dry.sha'), show(environment, 'proposed.dry.sha')];
    if (active === proposed) continue;
    const where = `for environment '${show(environment, 'branch') ?? ''}' from '${shortSha(active)}' to '${shortSha(proposed)}'`;
    const counts = formatTally(tally(environment, 'proposed.commitStatuses'));
    const hydrated = `Hydrator has processed dry commit '${shortSha(hydratedSha(environment))}'. `;
    return health('Progressing', `Promotion in progress ${where}: ${counts}${hydrated}`);
  }
  const unfinished = environments.flatMap((environment) => {
    const { pending, failed } = tally(environment, 'active.commitStatuses');
    if (pending.length === 0 && failed.length === 0) return [];
    return [`${show(environment, 'branch') ?? ''} (${failed.length} failed, ${pending.length} pending)`];
  });
  if (unfinished.length > 0) {
    const message = 'Environments are up-to-date, but some environments have non-successful commit statuses';
    return health('Healthy', `${message}: ${unfinished.join(', ')}.`);
  }
  const commit = `'${shortSha(show(firstEnvironment, 'active.dry.sha'))}'`;
  const dry = `'${shortSha(hydratedSha(firstEnvironment))}'`;
  return health(
    'Healthy',
    `All environments are up-to-date on commit ${commit}. Hydrator has processed dry commit ${dry}.`,
  );
}

const provider = (name: string, title: string, wait: string) =>
  validated(
    name,
    title,
    `${title} validation failed`,
    `${title} readiness unknown`,
    title === 'Cluster SCM provider' ? 'cluster SCM provider' : title,
    always('Healthy', `${title} is ready`),
    {
      [`${name.toLowerCase()}.promoter.argoproj.io/finalizer`]: {
        wait,
        risk:
          name === 'GitRepository'
            ? 'repository metadata may be removed while promotions still depend on it.'
            : 'GitRepository objects can reference a provider that no longer exists.',
      },
    },
  );

export const PROMOTER: Family = {
  'promoter.argoproj.io/ArgoCDCommitStatus': reconciled('Argo CD commit status', (object) => {
    const applications = each(object, 'status.applicationsSelected').length;
    return applications === 0
      ? health('Degraded', 'Argo CD commit status has no applications configured')
      : health('Healthy', `Argo CD commit status is healthy and is tracking ${applications} applications`);
  }),
  'promoter.argoproj.io/ChangeTransferPolicy': reconciled('Change transfer policy', promotion, {
    finalizers: {
      'changetransferpolicy.promoter.argoproj.io/finalizer': {
        wait: 'Waiting to clear related PullRequest finalizers and finish cleanup before this policy is removed.',
        risk: "The 'changetransferpolicy.promoter.argoproj.io/pullrequest-finalizer' finalizer may not be cleaned up from PullRequests owned by this ChangeTransferPolicy.",
      },
    },
  }),
  'promoter.argoproj.io/ClusterScmProvider': provider(
    'ClusterScmProvider',
    'Cluster SCM provider',
    'Waiting until no GitRepository still references this cluster-wide SCM provider.',
  ),
  'promoter.argoproj.io/CommitStatus': reconciled('Commit status', (object) => {
    const [sha, phase] = [show(object, 'status.sha'), show(object, 'status.phase')];
    return sha === undefined || phase === undefined
      ? health('Healthy', 'Commit status is healthy')
      : health('Healthy', `Commit status for commit ${sha} reports ${phase}`);
  }),
  'promoter.argoproj.io/GitCommitStatus': validated(
    'GitCommitStatus',
    'Git commit validation',
    'Git commit validation failed',
    'Git commit validation status unknown',
    'git commit validation',
    gate('Git commit validation', 'passed', 'Git commit validation reconciled'),
  ),
  'promoter.argoproj.io/GitRepository': provider(
    'GitRepository',
    'Git repository',
    'Waiting until no non-deleting PullRequests still reference this repository.',
  ),
  'promoter.argoproj.io/PromotionStrategy': reconciled('Promotion strategy', strategy),
  'promoter.argoproj.io/PullRequest': reconciled(
    'Pull request',
    (object) => {
      const [id, state] = [show(object, 'status.id'), show(object, 'status.state')];
      return id === undefined || state === undefined
        ? health('Healthy', 'Pull request is healthy')
        : health('Healthy', `Pull request is ${state} as PR ${id}`);
    },
    {
      ready: ['Reconciled', 'Ready'],
      finalizers: {
        'pullrequest.promoter.argoproj.io/finalizer': {
          wait: 'Waiting for SCM closure or reconciliation of the pull request.',
          risk: 'the real PR can stay open after the CR is gone.',
        },
        'changetransferpolicy.promoter.argoproj.io/pullrequest-finalizer': {
          wait: 'Waiting for the ChangeTransferPolicy to observe PR identity and state.',
          risk: 'promotion status or history can be wrong or racy.',
        },
      },
    },
  ),
  'promoter.argoproj.io/ScmProvider': provider(
    'ScmProvider',
    'SCM provider',
    'Waiting until no GitRepository in this namespace still references this provider.',
  ),
  'promoter.argoproj.io/TimedCommitStatus': validated(
    'TimedCommitStatus',
    'Timed commit gate',
    'Timed commit gate failed',
    'Timed commit gate status unknown',
    'timed commit gate',
    gate('Timed commit gate', 'satisfied', 'Timed commit gate reconciled'),
  ),
  'promoter.argoproj.io/WebRequestCommitStatus': validated(
    'WebRequestCommitStatus',
    'Web request commit validation',
    'Web request commit validation failed',
    'Web request commit validation unknown',
    'web request commit validation',
    gate('Web request validation', 'passed', 'Web request commit validation reconciled'),
  ),
};
