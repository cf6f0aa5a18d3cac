// What is looked for when a campaign is over. All of it is read from outside: Applications, live objects, the record, the Git server's log.

import { at, isObject, stringAt } from '../../src/base/json.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { KubeObject } from '../../src/kube/object.ts';
import { type RefValue, readRefLog, wasNamed } from './ref-log.ts';
import type { CrashApplication, CrashRepository } from './repositories.ts';

/** Times in Kubernetes objects have seconds, cut off. */
const SECOND_MS = 1_000;

export interface World {
  readonly client: KubeClient;
  /** Of the Applications. */
  readonly namespace: string;
  readonly repositories: readonly CrashRepository[];
  readonly destinationOf: (application: CrashApplication) => string;
}

/** Which Applications are not (yet) what the newest commit says, a sentence each. */
export async function findUnsettled({ client, namespace, repositories, destinationOf }: World): Promise<string[]> {
  const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
  const found = new Map((await client.list(type, { namespace })).items.map((app) => [app.metadata.name, app]));
  const live = new Map<string, KubeObject>();
  const namespaces = repositories.flatMap(({ applications }) => applications.map(destinationOf));
  for (const destination of new Set(namespaces)) {
    const { items } = await client.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { namespace: destination });
    for (const item of items) live.set(`${destination}/${item.metadata.name}`, item);
  }
  return repositories.flatMap((repository) =>
    repository.applications.flatMap((application) => {
      const { name } = application;
      const app = found.get(name);
      const wanted = repository.versionAt(name, repository.head());
      const revision = stringAt(app, 'status', 'sync', 'revision') ?? '';
      const compared = repository.commits.indexOf(revision);
      const version = stringAt(live.get(`${destinationOf(application)}/${name}`), 'data', 'version');
      const phase = stringAt(app, 'status', 'operationState', 'phase');
      const status = stringAt(app, 'status', 'sync', 'status');
      const conditions = errorsOf(app);
      const isSettled =
        version === wanted &&
        status === 'Synced' &&
        phase === 'Succeeded' &&
        at(app, 'operation') === undefined &&
        conditions.length === 0 &&
        compared >= 0 &&
        repository.versionAt(name, compared) === wanted;
      if (isSettled) return [];
      return [
        `${name}: has ${version}, wants ${wanted}; ${status} at commit ${compared} of ${repository.head()}, operation ${phase}${at(app, 'operation') ? ' and one requested' : ''} ${JSON.stringify(conditions)}`,
      ];
    }),
  );
}

/** Warnings are no reason to wait: a forced push is told of as long as it is news. */
function errorsOf(app: unknown): unknown[] {
  const conditions = at(app, 'status', 'conditions');
  const all = Array.isArray(conditions) ? conditions : [];
  return all.filter((condition) => stringAt(condition, 'type')?.endsWith('Error'));
}

export interface HistoryFindings {
  readonly entries: number;
  /** Two entries in a row of one revision and source. */
  readonly repeated: readonly string[];
  /** Synced revisions that the ref did not name while their operation resolved it. */
  readonly notNamed: readonly string[];
}

/** `skewMs`: by how much the clocks of those who wrote them differ from the Git server's. */
export async function examineHistories(
  { client, namespace, repositories }: World,
  skewMs: number,
): Promise<HistoryFindings> {
  const type = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' };
  const found = new Map((await client.list(type, { namespace })).items.map((app) => [app.metadata.name, app]));
  const repeated: string[] = [];
  const notNamed: string[] = [];
  let entries = 0;
  for (const { applications, commits, folder } of repositories) {
    const log = readRefLog(folder);
    for (const { name } of applications) {
      const history = at(found.get(name), 'status', 'history');
      let last: string | undefined;
      for (const entry of Array.isArray(history) ? history.filter(isObject) : []) {
        entries++;
        const revision = stringAt(entry, 'revision') ?? '';
        const place = `${name} history ${JSON.stringify(at(entry, 'id'))}: commit ${commits.indexOf(revision)}`;
        const what = `${revision} ${JSON.stringify(at(entry, 'source'))}`;
        if (what === last) repeated.push(place);
        last = what;
        const problem = whenNamed(log, revision, entry, skewMs);
        if (problem) notNamed.push(`${place}: ${problem}`);
      }
    }
  }
  return { entries, repeated, notNamed };
}

/** Why the revision is none that the operation could resolve; the record has when it started, and it resolved before it ended. */
function whenNamed(log: readonly RefValue[], revision: string, entry: unknown, skewMs: number): string | undefined {
  const startedAt = Date.parse(stringAt(entry, 'deployStartedAt') ?? '');
  const endedAt = Date.parse(stringAt(entry, 'deployedAt') ?? '');
  if (Number.isNaN(startedAt) || Number.isNaN(endedAt)) return 'it has no times';
  if (wasNamed(log, revision, startedAt - skewMs, endedAt + SECOND_MS + skewMs)) return undefined;
  const spans = log
    .filter(({ commit }) => commit === revision)
    .map(({ fromMs, toMs }) => `${iso(fromMs)} to ${iso(toMs)}`);
  return `named ${spans.join(', ') || 'never'}, the operation ran ${iso(startedAt)} to ${iso(endedAt)}`;
}

function iso(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(11) : 'now';
}

/** Ids of deliveries that were answered with 202 and are not in the record; and those that are, and are not done. */
export async function examineRecord(
  url: string,
  token: string,
  ids: readonly string[],
): Promise<{ readonly missing: readonly string[]; readonly open: readonly string[] }> {
  const response = await fetch(`${url}/api/deliveries?limit=2000`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  const body: unknown = await response.json();
  const list = Array.isArray(body) ? body : (at(body, 'deliveries') ?? at(body, 'items'));
  if (!response.ok || !Array.isArray(list)) {
    throw new Error(`GET /api/deliveries: ${response.status} ${JSON.stringify(body).slice(0, 300)}`);
  }
  const idOf = (entry: unknown) => stringAt(entry, 'deliveryId') ?? stringAt(entry, 'push', 'deliveryId') ?? '';
  const kept = new Set(list.map(idOf));
  return {
    missing: ids.filter((id) => !kept.has(id)),
    open: list.filter((entry) => at(entry, 'state') !== 'done').map((entry) => JSON.stringify(entry).slice(0, 300)),
  };
}
