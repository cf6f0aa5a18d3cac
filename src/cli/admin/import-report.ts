// What is told of an import before anything is written: what becomes of each object, and of each Application what it renders to here, with the
// real tool, and against the cluster.

import type { ImportStep } from '../../application/import-plan.ts';
import { type ComparedObject, compareRenderings } from '../../application/rendering-comparison.ts';
import type { Json } from '../../base/json.ts';
import { unifiedDiff } from '../../base/text-diff.ts';
import { isSecret, maskSecrets } from '../../compare/mask-secret.ts';
import type { ResourceDiff } from '../../compare/resource-diff.ts';
import { formatResourceDiff } from '../../compare/resource-diff-text.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { ApplicationPreview, Rendering } from '../../operation/preview-application.ts';
import { dumpYaml } from '../../render/yaml/plain.ts';
import { formatTable } from '../table.ts';

export interface PreviewedApplication {
  readonly namespace: string;
  readonly name: string;
  readonly preview: ApplicationPreview;
}

/** One Application as the report has it, and as `-o json` prints it. */
export interface ApplicationReport {
  readonly namespace: string;
  readonly name: string;
  /** What hawser does not do of what it asks for. */
  readonly problems: readonly string[];
  readonly rendered: {
    readonly verdict: 'equal' | 'differs' | 'not rendered' | 'not compared';
    /** How many objects hawser renders. */
    readonly objects: number;
    /** `helm v3.22.0` */
    readonly tool?: string;
    readonly reason?: string;
    readonly differences: readonly ObjectReport[];
  };
  readonly cluster: {
    readonly verdict: 'equal' | 'differs' | 'not compared';
    readonly objects: number;
    readonly reason?: string;
    readonly differences: readonly ObjectReport[];
  };
}

export interface ObjectReport {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly verdict: 'differs' | 'only ours' | 'only theirs' | 'only in Git' | 'only in the cluster' | 'unknown';
  readonly diff: string;
}

export function reportApplication({ namespace, name, preview }: PreviewedApplication): ApplicationReport {
  return {
    ...{ namespace, name, problems: preview.problems },
    rendered: reportRenderings(preview.ours, preview.theirs),
    cluster: reportCluster(preview.live),
  };
}

/** Whether somebody should look before it is written. */
export function isDifferent({ problems, rendered, cluster }: ApplicationReport): boolean {
  return (
    problems.length > 0 ||
    rendered.verdict === 'differs' ||
    rendered.verdict === 'not rendered' ||
    cluster.verdict !== 'equal'
  );
}

export function formatReports(reports: readonly ApplicationReport[]): string {
  if (reports.length === 0) return '';
  const table = formatTable(
    ['APPLICATION', 'OBJECTS', 'RENDERED', 'BY', 'CLUSTER'],
    reports.map(({ namespace, name, rendered, cluster }) => [
      `${namespace}/${name}`,
      String(rendered.objects),
      inWords(rendered.verdict, rendered.differences.length),
      rendered.tool ?? '',
      inWords(cluster.verdict, cluster.differences.length, cluster.objects),
    ]),
  );
  return table + reports.map(formatDetails).join('');
}

function inWords(verdict: string, count: number, of?: number): string {
  if (verdict !== 'differs') return verdict;
  return of === undefined ? `${count} ${count === 1 ? 'differs' : 'differ'}` : `${count} of ${of} differ`;
}

function formatDetails({ namespace, name, problems, rendered, cluster }: ApplicationReport): string {
  const remarks = [
    ...problems,
    ...(rendered.reason ? [`${rendered.verdict}: ${rendered.reason}`] : []),
    ...(cluster.reason && cluster.reason !== rendered.reason ? [`the cluster: ${cluster.reason}`] : []),
  ];
  // One line instead of one for each object: the usual case of a cluster that is new.
  const isNew = cluster.differences.length > 0 && cluster.differences.every(({ verdict }) => verdict === 'only in Git');
  if (isNew) remarks.push(whatIsNew(cluster));
  const sections = [
    ...rendered.differences.map((one) => ({ one, sides: `hawser and ${rendered.tool}` })),
    ...(isNew ? [] : cluster.differences).map((one) => ({ one, sides: 'the cluster and Git' })),
  ];
  if (remarks.length + sections.length === 0) return '';
  const diffs = sections.map(({ one, sides }) => {
    const title = `===== ${one.group}/${one.kind} ${one.namespace}/${one.name} (${sides}: ${one.verdict}) ======`;
    return one.verdict === 'differs' ? `${title}\n${one.diff}` : `${title}\n`;
  });
  return `\n${namespace}/${name}\n${remarks.map((remark) => `  ! ${remark}\n`).join('')}${diffs.join('')}`;
}

function whatIsNew({ differences, objects }: ApplicationReport['cluster']): string {
  const count = differences.length;
  if (count === objects) return 'the cluster has nothing of it yet';
  return `the cluster lacks ${count} of its ${objects} objects, and has the others as they are in Git`;
}

function reportRenderings(ours: Rendering, theirs: Rendering): ApplicationReport['rendered'] {
  if ('reason' in ours) {
    const failed = 'objects' in theirs ? `, but ${theirs.tool} renders ${theirs.objects.length} objects` : '';
    return { verdict: 'not rendered', objects: 0, reason: ours.reason + failed, differences: [] };
  }
  const objects = ours.objects.length;
  const { tool } = theirs;
  if ('reason' in theirs) return { verdict: 'not compared', objects, reason: theirs.reason, differences: [] };
  const differences = compareRenderings(ours.objects, theirs.objects)
    .filter(({ verdict }) => verdict !== 'equal')
    .map(reportRendered);
  const verdict = differences.length === 0 ? 'equal' : 'differs';
  return { verdict, objects, ...(tool !== undefined && { tool }), differences };
}

function reportRendered({ key, verdict, ours, theirs }: ComparedObject): ObjectReport {
  const [left, right] = masked(theirs, ours).map((object) => (object ? dumpYaml(object as unknown as Json) : ''));
  return {
    ...key,
    verdict: verdict as ObjectReport['verdict'],
    diff: unifiedDiff(left ?? '', right ?? '', 'theirs', 'ours'),
  };
}

function masked(...states: readonly (KubeObject | undefined)[]): readonly (KubeObject | undefined)[] {
  return states.some((state) => state && isSecret(state)) ? maskSecrets(states) : states;
}

function reportCluster(live: ApplicationPreview['live']): ApplicationReport['cluster'] {
  if ('reason' in live) return { verdict: 'not compared', objects: 0, reason: live.reason, differences: [] };
  const differences = live.flatMap(reportLive);
  return { verdict: differences.length === 0 ? 'equal' : 'differs', objects: live.length, differences };
}

function reportLive(diff: ResourceDiff): readonly ObjectReport[] {
  const { group, kind, namespace, name, targetState, liveState, modified, message } = diff;
  const verdict = verdictOf(diff);
  if (verdict === undefined) return [];
  const text = message !== undefined && !modified ? `${message}\n` : bodyOf(diff);
  const isGone = targetState === 'null' || liveState === 'null';
  return [{ group, kind, namespace, name, verdict, diff: isGone ? '' : text }];
}

function verdictOf({ targetState, liveState, modified, message }: ResourceDiff): ObjectReport['verdict'] | undefined {
  if (liveState === 'null') return 'only in Git';
  if (targetState === 'null') return 'only in the cluster';
  if (modified) return 'differs';
  return message === undefined ? undefined : 'unknown';
}

/** Without its head: the report has one of its own. */
function bodyOf(diff: ResourceDiff): string {
  return formatResourceDiff(diff).replace(/^\n=====.*\n/, '');
}

/** For `-o json`. */
export function stepOf({ action, key, notes }: ImportStep) {
  return { action, ...key, ...(notes.length > 0 && { notes }) };
}
