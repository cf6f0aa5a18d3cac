// Which Applications a push or a refresh concerns, and how. Pure.

import { addressesAtAliases, type HostAliases } from '../application/host-aliases.ts';
import { sourcesOf } from '../application/parse.ts';
import { matchPush } from '../application/push-match.ts';
import { followsTag, isArtifact } from '../application/registry-match.ts';
import { isAtPaths, pathsOf, placesOf, repositoryIndexOf } from '../application/repository-index.ts';
import { isSuspended, SUSPENDED } from '../application/suspended.ts';
import type { Application, Source } from '../application/types.ts';
import { watchedSources } from '../application/watched-sources.ts';
import { parseTrace, type TraceContext } from '../base/trace-context.ts';
import { hostOf, repositoryMatcher, sameRepository } from '../git/repository-url.ts';
import type { RefreshRequest } from './hawser.ts';
import { type AnyPush, type ArtifactPush, addressesOf, type Push, refOf, type Verdict } from './push.ts';
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
  /** What a push said of the branch that some of the sources follow by its name. */
  readonly branch?: PushedBranch;
}

export interface PushedBranch {
  readonly ref: string;
  /** What it named a moment ago: a Git server that names one of these is behind. Empty where it had the time to show the push. */
  readonly earlier: readonly string[];
  readonly after: string;
  readonly sources: readonly Source[];
  /** The provider says that commits were replaced. */
  readonly isForced?: boolean;
}

export interface Delivery {
  readonly id: string;
  /** Of which trace it is a part. */
  readonly trace?: TraceContext;
  readonly repository: string;
  readonly ref: string;
  /** Some of those that it says have changed: a hint at where to begin. */
  readonly files: readonly string[];
  /** It is in the record, so that it stands for earlier ones that it makes unnecessary. */
  readonly isRecorded: boolean;
  /** Of a list, those that it may concern. */
  among(apps: readonly Application[]): readonly Application[];
  /** undefined for an Application that has nothing to do with it. */
  concernOf(app: Application): Concern | undefined;
  /** Why none of so many Applications is concerned. */
  reasonForNone(looked: number): string;
}

export interface PushOptions {
  /** Asked anew each time: settings are read while the first Applications are judged. */
  readonly aliases: () => HostAliases;
  /** These Applications' keys alone. */
  readonly left?: readonly string[] | undefined;
  /** What the ref named before (PushedBranch). */
  readonly earlier: readonly string[];
}

const LEFT_ALONE: Concern = { always: false, settled: { verdict: 'suspended', reason: SUSPENDED } };

export function deliveryOfPush(push: AnyPush, { aliases, left, earlier }: PushOptions): Delivery {
  const concernOf = memo(
    push.kind === 'artifact' ? concernOfArtifact(push) : concernOfPush(push, aliases, earlier),
    aliases,
  );
  const addresses = addressesOf(push);
  const repository = addresses[0] ?? '';
  const trace = parseTrace(push.trace);
  return {
    id: push.deliveryId,
    ...(trace && { trace }),
    repository,
    ref: refOf(push),
    files: push.kind === 'git' ? (push.files ?? []) : [],
    isRecorded: true,
    among: (apps) => {
      if (push.kind === 'artifact') return apps;
      const index = repositoryIndexOf(apps);
      const own = index.atAddresses([...addresses, ...addressesAtAliases(addresses, aliases())]);
      return [...new Set([...own, ...index.atPaths(addresses)])];
    },
    concernOf: left ? (app) => (left.includes(keyOfApplication(app)) ? concernOf(app) : undefined) : concernOf,
    reasonForNone: (looked) =>
      `no Application has ${repository} as its repository (spec.source.repoURL); ${looked} Applications were looked at`,
  };
}

/** A look at the Applications with these keys, as a refresh of all would be one. */
export function deliveryOfKeys(keys: readonly string[], id: string): Delivery {
  const ofAll = deliveryOfRefresh({ all: true }, id);
  const chosen = new Set(keys);
  return { ...ofAll, concernOf: (app) => (chosen.has(keyOfApplication(app)) ? ofAll.concernOf(app) : undefined) };
}

/** Asked of the same Application by every delivery that comes later. */
function memo(concernOf: Delivery['concernOf'], aliases: () => HostAliases): Delivery['concernOf'] {
  let known = new WeakMap<Application, { readonly concern: Concern | undefined }>();
  let of = aliases();
  return (app) => {
    if (of !== aliases()) {
      of = aliases();
      known = new WeakMap();
    }
    let found = known.get(app);
    if (!found) {
      found = { concern: concernOf(app) };
      known.set(app, found);
    }
    return found.concern;
  };
}

function concernOfPush(push: Push, aliases: () => HostAliases, earlier: readonly string[]): Delivery['concernOf'] {
  const addresses = addressesOf(push);
  const paths = pathsOf(addresses);
  let matcher: { readonly of: HostAliases; isOfRepository(url: string): boolean } | undefined;
  const isOfRepository = (url: string) => {
    const now = aliases();
    if (matcher?.of !== now) {
      matcher = { of: now, isOfRepository: repositoryMatcher([...addresses, ...addressesAtAliases(addresses, now)]) };
    }
    return matcher.isOfRepository(url);
  };
  return (app) => {
    if (!isAtPaths(app, paths)) return undefined;
    const { ofRepository, following } = matchPush(app.spec, isOfRepository, push);
    if (ofRepository.length === 0) return hostMismatch(app, push, paths);
    if (following.length === 0) {
      const wanted = ofRepository.map(({ targetRevision }) => targetRevision || 'HEAD').join(', ');
      const reason = `the push is to ${push.ref}, the Application follows ${wanted}`;
      return { always: false, settled: { verdict: 'branch mismatch', reason } };
    }
    if (isSuspended(app)) return LEFT_ALONE;
    const branch = branchOf(push, following, earlier);
    return { always: false, isPush: true, ...(push.after && { after: push.after }), ...(branch && { branch }) };
  };
}

/** Only of branches that are followed by name it is known which commit the Git server must name; a tag's push may name the tag itself. */
function branchOf(push: Push, following: readonly Source[], earlier: readonly string[]): PushedBranch | undefined {
  const { ref, after } = push;
  if (!after || !ref.startsWith('refs/heads/')) return undefined;
  const name = ref.slice('refs/heads/'.length);
  const isHead = push.touchesHead ?? (push.defaultBranch !== undefined && name === push.defaultBranch);
  const sources = following.filter(({ targetRevision = '' }) =>
    targetRevision === '' || targetRevision === 'HEAD' ? isHead : [name, ref].includes(targetRevision),
  );
  if (sources.length === 0) return undefined;
  return { ref, earlier, after, sources, ...(push.isForced && { isForced: true }) };
}

/** A Git server that goes by two names: whoever declares them to be one gets its pushes. */
function hostMismatch({ spec }: Application, push: Push, paths: ReadonlySet<string>): Concern | undefined {
  const isThere = (url: string) => placesOf(url).some(({ path }) => path !== '' && paths.has(path));
  const { following } = matchPush(spec, isThere, push);
  const [source] = following;
  if (!source) return undefined;
  const pushed = hostOf(addressesOf(push)[0] ?? '') ?? '';
  const used = hostOf(source.repoURL) || (placesOf(source.repoURL)[0]?.host ?? '');
  const reason = `the push is to ${pushed}, spec.source.repoURL has the same path on ${used}; if both are one server, add ${pushed}=${used} to webhook.hostAliases in argocd-cm`;
  return { always: false, settled: { verdict: 'host mismatch', reason } };
}

function concernOfArtifact(push: ArtifactPush): Delivery['concernOf'] {
  return (app) => {
    const sources = watchedSources(app.spec).filter((source) => isArtifact(source, push.repository));
    if (sources.length === 0) return undefined;
    if (!sources.some((source) => followsTag(source, push))) {
      const wanted = sources.map(({ targetRevision }) => targetRevision || 'no version').join(', ');
      const reason = `the push is of the tag ${push.tag}, the Application follows ${wanted}`;
      return { always: false, settled: { verdict: 'branch mismatch', reason } };
    }
    if (isSuspended(app)) return LEFT_ALONE;
    return { always: false, isPush: true };
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
    files: [],
    isRecorded: false,
    among: (apps) => apps,
    concernOf: (app) => {
      const isChosen =
        request.all ||
        (application !== undefined && app.metadata.name === application) ||
        (repoURL !== undefined && sourcesOf(app.spec).some((source) => sameRepository(source.repoURL, repoURL)));
      if (!isChosen) return undefined;
      if (isSuspended(app)) return LEFT_ALONE;
      return { always, ...(hard && { hard }), ...(revision && { revision }) };
    },
    reasonForNone: () => `no Application matches ${application ?? repoURL ?? 'all'}`,
  };
}
