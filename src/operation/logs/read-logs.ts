// The logs of an Application's Pods: of one, of all that an object of it has, or of all (Argo CD: server/application, PodLogs).

import type { Application } from '../../application/types.ts';
import { HawserError } from '../../base/errors.ts';
import type { Road } from '../road.ts';
import { findLive } from '../tree/find-live.ts';
import type { ResourceNode } from '../tree/node.ts';
import { readResourceTree } from '../tree/read-tree.ts';
import { readStanding, type Standing } from '../tree/standing.ts';
import {
  compareMoments,
  formatMoment,
  formatSecond,
  type LogLine,
  type Moment,
  momentOf,
  parseMoment,
} from './log-line.ts';
import { mergeByTime } from './merge.ts';
import { type PodLogOptions, type PodName, readPodLog } from './pod-log.ts';

export interface LogQuery extends PodLogOptions {
  /** Of the Pods, or of whatever owns them; all where nothing is said. */
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Lines that hold it; with `!` in front, all others. */
  readonly filter?: string;
  readonly matchCase?: boolean;
  /** RFC 3339; the first line after it is the last one that is told. */
  readonly untilTime?: string;
}

/** Argo CD: `application.LogEntry`. */
export interface LogEntry {
  readonly content: string;
  readonly timeStamp: string | null;
  readonly timeStampStr: string;
  /** It ends the log. */
  readonly last: boolean;
  readonly podName: string;
}

/** Go's zero time, for lines that no container has written. */
const NEVER = '0001-01-01T00:00:00Z';
/** A Pod that is silent for so long does not hold up the others' lines. */
const PATIENCE_MS = 100;

/**
 * Without Pods there are no entries at all. Throws `InvalidInput` before the first one: for more Pods than argocd-cm allows, for times
 * that cannot be read, and for a Pod that is not the Application's.
 */
export async function readLogs(
  road: Road,
  app: Application,
  query: LogQuery,
  signal: AbortSignal,
): Promise<AsyncGenerator<LogEntry, void, undefined>> {
  const until = query.untilTime ? readUntil(query.untilTime) : undefined;
  const standing = await readStanding(road, app);
  const pods = await selectPods(road, standing, query, signal);
  const { maxPodLogs } = road.argo.settings;
  if (pods.length > maxPodLogs) {
    throw new HawserError('InvalidInput', 'max pods to view logs are reached. Please provide more granular query', {
      hint: `there are ${pods.length} Pods; argocd-cm allows ${maxPodLogs} (server.maxPodLogsToRender)`,
    });
  }
  const { client } = standing;
  const now = () => momentOf(road.platform.clock.now());
  return entriesOf((ended) => pods.map((pod) => readPodLog(client, pod, query, ended)), { query, until, now, signal });
}

interface Reading {
  readonly query: LogQuery;
  readonly until: Moment | undefined;
  readonly now: () => Moment;
  readonly signal: AbortSignal;
}

async function* entriesOf(
  open: (ended: AbortSignal) => readonly AsyncGenerator<LogLine, void, undefined>[],
  { query, until, now, signal }: Reading,
): AsyncGenerator<LogEntry, void, undefined> {
  const left = new AbortController();
  const streams = open(AbortSignal.any([signal, left.signal]));
  if (streams.length === 0) return;
  const isWanted = createFilter(query);
  try {
    for await (const line of mergeByTime(streams, query.follow ? PATIENCE_MS : undefined)) {
      if (!isWanted(line.text)) continue;
      const isPast = until !== undefined && line.at !== undefined && compareMoments(line.at, until) > 0;
      yield entryOf(line, isPast);
      if (isPast) return;
    }
    if (!signal.aborted) yield entryOf({ text: '', podName: '', at: now() }, true);
  } finally {
    left.abort();
  }
}

/** One Pod is looked up by itself; everything else takes the tree. */
async function selectPods(
  road: Road,
  standing: Standing,
  { group = '', kind = '', namespace = '', name = '' }: LogQuery,
  signal: AbortSignal,
): Promise<readonly PodName[]> {
  if (kind === 'Pod' && name !== '' && namespace !== '') {
    await findLive(road, standing, { group: '', version: 'v1', kind, namespace, name }, signal);
    return [{ namespace, name }];
  }
  const { nodes } = await readResourceTree(road, standing, signal);
  const byUid = new Map(nodes.map((node) => [node.uid ?? '', node]));
  const isNamed = (node: ResourceNode) =>
    (name === '' || node.name === name) &&
    (kind === '' || node.kind === kind) &&
    (group === '' || node.group === group) &&
    (namespace === '' || node.namespace === namespace);
  const isSelected = (node: ResourceNode): boolean =>
    isNamed(node) ||
    (node.parentRefs ?? []).some(({ uid = '' }) => {
      const parent = byUid.get(uid);
      return parent !== undefined && parent !== node && isSelected(parent);
    });
  return nodes
    .filter((node) => node.kind === 'Pod' && !node.group && node.uid !== undefined && isSelected(node))
    .map((node) => ({ namespace: node.namespace ?? '', name: node.name }));
}

function createFilter({ filter = '', matchCase = false }: LogQuery): (text: string) => boolean {
  const isInverse = filter.startsWith('!');
  const fold = (text: string) => (matchCase ? text : text.toLowerCase());
  const wanted = fold(isInverse ? filter.slice(1) : filter);
  if (wanted === '') return () => true;
  return (text) => fold(text).includes(wanted) !== isInverse;
}

function entryOf({ text, podName, at }: LogLine, last: boolean): LogEntry {
  return {
    content: text,
    timeStamp: at ? formatSecond(at) : null,
    timeStampStr: at ? formatMoment(at) : NEVER,
    last,
    podName,
  };
}

function readUntil(text: string): Moment {
  const moment = parseMoment(text);
  if (moment) return moment;
  throw new HawserError('InvalidInput', `invalid untilTime parameter value: ${text}`, {
    hint: 'write it as 2026-01-31T12:00:00Z',
  });
}
