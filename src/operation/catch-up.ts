// Pushes that never arrived: Git servers do not repeat every delivery, and nobody delivers to a process that is down. At its start, beside
// each delivery, and where the chain of pushes has a gap, refs are compared with what was seen of them last. No repository is listed more
// than once an hour, but for a gap.

import { addressesAtAliases } from '../application/host-aliases.ts';
import { isHawserError, messageOf } from '../base/errors.ts';
import { createLimiter } from '../base/limiter.ts';
import { chooseRemote, type RepositorySecrets } from '../git/credentials.ts';
import { hostOf, withoutUserinfo } from '../git/repository-url.ts';
import { resendFailedDeliveries } from '../git-host/failed-deliveries.ts';
import type { SourceReader } from '../source/source.ts';
import { setAfterPause } from './alarms.ts';
import { readCapabilities } from './capabilities.ts';
import { isPassing } from './compare-application.ts';
import { needsLook } from './needs-look.ts';
import { applicationProblems } from './project-rules.ts';
import { type AnyPush, addressesOf } from './push.ts';
import { type ComparedListing, describeGap, type RefsSeen } from './refs-seen.ts';
import { MOST_REFS } from './refs-seen-record.ts';
import {
  createRepositoriesInUse,
  followersOf,
  isFollowed,
  repositoriesBeside,
  repositoriesInUse,
  repositoriesOf,
  type UsedRepository,
} from './repositories-in-use.ts';
import { keyOfApplication, type Road } from './road.ts';
import { listedRefs } from './seen-repository.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import { listApplications, readRepositorySecrets } from './world.ts';

export interface CatchUpWork {
  /** Has the Applications with these keys compared as a refresh of all would. Resolves when that has begun; `isDone` never rejects. */
  refresh(keys: readonly string[]): Promise<{ readonly isDone: Promise<boolean> }>;
  /** Adds to what the record of a push says beside its verdicts. */
  addNote(pushKey: string, note: string): Promise<unknown>;
}

export interface CatchUp {
  /** At the start of a process. Throws where the home cluster is away. */
  start(): Promise<void>;
  /** Beside a push that was recorded: nobody waits for it. */
  followPush(push: AnyPush): void;
  /** Its alarms: lists what is due by now. */
  alarm(): Promise<void>;
}

/** The names of its one-shot alarms: an hour after a start that passed over repositories; after a pause, where a Git server was away. */
const LATER = 'catch-up';
const AGAIN = 'catch-up-again';

export function isCatchUpAlarm(name: string): boolean {
  return name === LATER || name === AGAIN;
}

const HOUR_MS = 3_600_000;
/** Repositories that are asked at a time, and beside one delivery at most. */
const AT_A_TIME = 4;
const MOST_BESIDE = 16;
const BESIDE_MS = 60_000;
/** A repository that could not be read is not asked again for so long. */
const AFTER_FAILURE_MS = 600_000;
const REQUEST_MS = 20_000;
/** More refs than this are asked for by `refs/heads/` and `refs/tags/`. */
const MOST_PREFIXES = 64;

/** Applications that are looked at whatever the refs say, and whether that is done in the end. */
interface Looked {
  readonly keys: ReadonlySet<string>;
  readonly isDone: Promise<boolean>;
}

const NOTHING_LOOKED: Looked = { keys: new Set(), isDone: Promise.resolve(true) };

interface Moved extends ComparedListing {
  /** The default branch, where the server told. */
  readonly head?: string;
}

/** With the other names of its host. */
export function pushedAddresses({ argo }: Pick<Road, 'argo'>, push: AnyPush): readonly string[] {
  const addresses = addressesOf(push);
  return [...addresses, ...addressesAtAliases(addresses, argo.settings.hostAliases)];
}

export function createCatchUp(road: Road, refsSeen: RefsSeen, work: CatchUpWork): CatchUp {
  const { platform } = road;
  const { log, clock } = platform;
  const limiter = createLimiter(AT_A_TIME);
  /** By URL: when it could not be read. */
  const failedAt = new Map<string, number>();
  /** By host: when it was found out last what of it is due. */
  const besideAt = new Map<string, number>();
  /** By URL: when it was listed last because of a gap. */
  const gapAt = new Map<string, number>();
  /** URLs that are being listed. */
  const inWork = new Set<string>();
  const inUse = () => repositoriesInUse(road.lastListed.applications);
  /** Beside pushes, many a second, what was so a moment ago is good enough. */
  const inUseOfLate = createRepositoriesInUse(
    () => road.lastListed.applications,
    () => clock.now(),
  );

  async function start(): Promise<void> {
    const applications = await listApplications(road);
    const surroundings = createSurroundings(road);
    await Promise.all([surroundings.settings(), refsSeen.prune()]);
    const settings = road.argo.resourceVersion ?? '';
    const isAnew = await refsSeen.isNewFact(settings);
    const own = applications.filter((app) => isAnew || needsLook(app)).map(keyOfApplication);
    const all = [...inUse().values()];
    const due = new Set(await refsSeen.due(all.map(({ url }) => url)));
    await comeBackFor(all.filter(({ url }) => !due.has(url)));
    const listed = all.filter(({ url }) => due.has(url));
    const looking = own.length > 0 ? work.refresh(own) : Promise.resolve({ isDone: Promise.resolve(true) });
    const isOwnDone = looking.then(({ isDone }) => isDone);
    isOwnDone.catch(() => undefined); // Whoever waits for the look is told.
    await Promise.all([looking, listAll(listed, surroundings, { keys: new Set(own), isDone: isOwnDone })]);
    road.background(isOwnDone.then((isDone) => isDone && refsSeen.noteFact(settings)));
    // So that the next push knows of another version of the cluster, which concerns charts; nobody waits for it.
    platform.background(readCapabilities(road.home).catch(() => undefined));
  }

  /**
   * When the hour of all is over: were it that of the first, then a process that each alarm starts anew would pass over another one each time,
   * and never rest.
   */
  async function comeBackFor(repositories: readonly UsedRepository[]): Promise<void> {
    if (repositories.length > 0) await platform.alarms.set(LATER, clock.now() + HOUR_MS + 1_000);
  }

  async function alarm(): Promise<void> {
    try {
      await listDue();
    } catch (error) {
      if (!isPassing(error)) throw error;
      await setAfterPause(road, AGAIN);
    }
  }

  async function listDue(): Promise<void> {
    await listApplications(road);
    const all = [...inUse().values()];
    const due = new Set(await refsSeen.due(all.map(({ url }) => url)));
    await listAll(
      all.filter(({ url }) => due.has(url)),
      createSurroundings(road),
    );
  }

  async function listAll(
    repositories: readonly UsedRepository[],
    surroundings: Surroundings,
    looked: Looked = NOTHING_LOOKED,
  ): Promise<void> {
    if (repositories.length === 0) return;
    const secrets = await readRepositorySecrets(road, 'cached');
    const reader = road.readSources(secrets);
    const outcomes = await Promise.all(
      repositories.map((one) => limiter(() => listOne(one, { surroundings, secrets, reader, looked }))),
    );
    if (outcomes.includes('away')) await setAfterPause(road, AGAIN);
    else road.pauses.delete(AGAIN);
  }

  interface Look {
    readonly surroundings: Surroundings;
    readonly secrets: RepositorySecrets;
    readonly reader: SourceReader;
    readonly looked: Looked;
  }

  /** Compares the refs of one repository with what was seen, and has the Applications compared that follow those that moved. */
  async function listOne(used: UsedRepository, look: Look): Promise<'listed' | 'away' | 'failed'> {
    const { url } = used;
    if (inWork.has(url) || clock.now() - (failedAt.get(url) ?? -Infinity) < AFTER_FAILURE_MS) return 'failed';
    inWork.add(url);
    try {
      const project = await permittedProject(used, look.surroundings);
      if (project === undefined) return 'failed';
      const { listedMs, provider } = await refsSeen.lastLook(url);
      const { moved, head, note } = await movedRefs(used, project, look.reader);
      const followers = followersOf(used, moved, head);
      const keys = followers.filter((key) => !look.looked.keys.has(key));
      const done = keys.length === followers.length ? [] : [look.looked.isDone];
      if (keys.length > 0) {
        log.info('refs have moved since they were last seen', {
          repository: withoutUserinfo(url),
          refs: moved.slice(0, 5).join(' '),
          applications: keys.length,
        });
        done.push((await work.refresh(keys)).isDone);
      }
      if (done.length === 0) note();
      else road.background(Promise.all(done).then((all) => all.every(Boolean) && note()));
      failedAt.delete(url);
      if (used.isGit) platform.background(askForFailures(used, project, look.secrets, { listedMs, provider }));
      return 'listed';
    } catch (error) {
      if (road.stopping.aborted) return 'failed';
      if (!isHawserError(error) && !isTimeout(error)) throw error;
      const repository = withoutUserinfo(url);
      log.warn('the refs of a repository could not be compared', { repository, reason: messageOf(error) });
      if (isPassing(error) || isTimeout(error)) return 'away';
      failedAt.set(url, clock.now());
      return 'failed';
    } finally {
      inWork.delete(url);
    }
  }

  /** A repository of charts has no refs: whoever uses it asks for its newest version. */
  async function movedRefs(used: UsedRepository, project: string, reader: SourceReader): Promise<Moved> {
    if (!used.isGit) return { ...(await refsSeen.compareListing(used.url, new Map())), moved: ['*'] };
    const prefixes = used.prefixes.length > MOST_PREFIXES ? ['HEAD', 'refs/heads/', 'refs/tags/'] : used.prefixes;
    // Whoever names commits alone follows no ref.
    if (prefixes.length === 0) return refsSeen.compareListing(used.url, new Map());
    const signal = AbortSignal.any([road.stopping, AbortSignal.timeout(REQUEST_MS)]);
    const refs = await reader.listRefs(used.url, project, prefixes, signal);
    const listed = listedRefs(refs, (ref) => isFollowed(used, ref), MOST_REFS);
    return { ...(await refsSeen.compareListing(used.url, listed)), ...(refs.head && { head: refs.head }) };
  }

  /** Nothing is asked of a repository that no project permits to an Application which names it. */
  async function permittedProject(used: UsedRepository, surroundings: Surroundings): Promise<string | undefined> {
    const users = new Set(used.users.map(({ key }) => key));
    for (const app of road.lastListed.applications) {
      if (!users.has(keyOfApplication(app))) continue;
      const { project } = app.spec;
      if (applicationProblems(road, app, await surroundings.project(project)).length === 0) return project;
    }
    return undefined;
  }

  /** What the Git server knows that it failed to deliver comes again. */
  async function askForFailures(
    { url }: UsedRepository,
    project: string,
    secrets: RepositorySecrets,
    last: { readonly listedMs?: number | undefined; readonly provider?: string | undefined },
  ): Promise<void> {
    const { externalURL } = platform.settings;
    if (!externalURL) return;
    const { credentials, connection } = chooseRemote(url, project, secrets);
    const report = await resendFailedDeliveries({
      fetch: platform.fetch,
      repoURL: url,
      webhookUrl: `${externalURL}/api/webhook`,
      sinceMs: last.listedMs ?? clock.now() - HOUR_MS,
      signal: AbortSignal.any([road.stopping, AbortSignal.timeout(REQUEST_MS)]),
      ...(credentials && { credentials }),
      ...(connection && { connection }),
      ...(last.provider && { provider: last.provider }),
    });
    const repository = withoutUserinfo(url);
    if (report.problem) log.info(report.problem, { repository });
    if (report.resent > 0) {
      log.info('the Git server was asked to send again what it had failed to deliver', {
        repository,
        deliveries: report.resent,
      });
    }
  }

  /** Of the servers that a push came from, what nobody has looked at for an hour; asked once a minute. */
  async function dueBeside(addresses: readonly string[]): Promise<readonly UsedRepository[]> {
    const host = hostOf(addresses[0] ?? '') ?? '';
    if (clock.now() - (besideAt.get(host) ?? -Infinity) < BESIDE_MS) return [];
    const beside = repositoriesBeside(inUseOfLate(), addresses);
    if (beside.length > 0) besideAt.set(host, clock.now());
    const urls = beside.map(({ url }) => url);
    const due = new Set(await refsSeen.due(urls, 'seen'));
    return beside.filter(({ url }) => due.has(url)).slice(0, MOST_BESIDE);
  }

  /** A Git server whose payloads never join on has its refs listed once a minute, not with each push. */
  function isWorthALook({ url }: UsedRepository): boolean {
    if (clock.now() - (gapAt.get(url) ?? -Infinity) < BESIDE_MS) return false;
    gapAt.set(url, clock.now());
    return true;
  }

  async function lookBeside(push: AnyPush): Promise<void> {
    try {
      if (push.kind === 'artifact') return;
      const gap = await refsSeen.note(push);
      if (road.stopping.aborted) return;
      const addresses = pushedAddresses(road, push);
      if (gap) {
        log.warn('a push was missed', { repository: withoutUserinfo(addresses[0] ?? ''), reason: describeGap(gap) });
        await work.addNote(push.key, describeGap(gap));
      }
      const own = gap ? repositoriesOf(inUseOfLate(), addresses).filter(isWorthALook) : [];
      const others = await dueBeside(addresses);
      await listAll([...new Set([...own, ...others])], createSurroundings(road));
    } catch (error) {
      if (!isHawserError(error) && !road.stopping.aborted) throw error;
      log.warn('whether pushes were missed could not be found out', { reason: messageOf(error) });
    }
  }

  return { start, alarm, followPush: (push) => platform.background(lookBeside(push)) };
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
