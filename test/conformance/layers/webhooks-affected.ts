// Which Applications a push concerns, as Argo CD's webhook handler was recorded: by repository, revision and manifest-generate-paths.
// Fed with the list of changed files that the handler read from the payload; hawser itself takes that list from Git.

import { join } from 'node:path';
import { GENERATE_PATHS, isConcernedBy } from '../../../src/application/generate-paths.ts';
import { parseApplication, sourcesOf } from '../../../src/application/parse.ts';
import { followsRef } from '../../../src/application/push-match.ts';
import type { Application, Source } from '../../../src/application/types.ts';
import { at, isObject, stringAt } from '../../../src/base/json.ts';
import { repositoryMatcher } from '../../../src/git/repository-url.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';

/** What Argo CD's handler read of a delivery. */
interface RecordedPush {
  readonly webUrls: readonly string[];
  readonly revision: string;
  readonly ref: string;
  readonly touchedHead: boolean;
  readonly changedFiles: readonly string[];
}

export async function runWebhooksAffectedLayer(corpusDir: string): Promise<readonly LayerResult[]> {
  const cases = readCases(join(corpusDir, 'webhooks/cases.jsonl'))
    .filter((entry) => entry.class === 'affected')
    .flatMap(casesOf);
  return [await runCases('webhooks/affected', cases, differenceOf)];
}

/** One case an Application. */
function casesOf(entry: Case): Case[] {
  const push = readPush(at(entry, 'expect', 'push'));
  if (!push) return skipped(entry, 'it is no push to a Git repository');
  const applications = listAt(entry, 'apps').map(readApplication);
  const refreshed = new Set(listAt(entry, 'expect', 'refreshed').map((one) => stringAt(one, 'name')));
  const isRefreshed = ({ metadata }: Application) => refreshed.has(metadata.name);
  const hydrated = applications.filter(({ spec }) => spec.sourceHydrator);
  if (hydrated.length > 0) skipped(entry, `sourceHydrator is not supported: ${hydrated.map(nameOf).join(', ')}`);
  const foreign = applications.filter(({ metadata }) => metadata.namespace !== 'argocd');
  if (foreign.length > 0) skipped(entry, `other namespaces are not the path rule's: ${foreign.map(nameOf).join(', ')}`);
  const judged = applications.filter((app) => !hydrated.includes(app) && !foreign.includes(app));
  const witness = judged.find((app) => !isRefreshed(app) && isCertain(app, entry, push));
  if (witness) {
    const unknown = judged.filter((app) => !isRefreshed(app)).length;
    const reason = `the recording was cut short: ${nameOf(witness)} names no paths and was not refreshed`;
    skipped(entry, `${reason}; ${unknown} Applications that were not refreshed do not count`);
  }
  return judged
    .filter((app) => isRefreshed(app) || !witness)
    .map((app) => ({ id: `${String(entry.id)} ${nameOf(app)}`, app, push, expected: isRefreshed(app) }));
}

/**
 * Whether Argo CD refreshes it by its own first lines: its revision is the very one that was pushed, the recorded pattern of the
 * repository matches, and there is no path to compare with.
 */
function isCertain(app: Application, entry: Case, push: RecordedPush): boolean {
  const [source, ...others] = sourcesOf(app.spec);
  if (!source || others.length > 0) return false;
  const annotation: unknown = app.metadata.annotations?.[GENERATE_PATHS];
  const namesNone = typeof annotation !== 'string' || /^[;\s]*$/.test(annotation);
  const { repoURL, targetRevision = '' } = source;
  const isHead = targetRevision === '' || targetRevision === 'HEAD';
  const follows = isHead ? push.touchedHead : targetRevision === push.revision;
  const patterns = listAt(entry, 'expect', 'repoRegex').map((text) => String(text).replace(/^\(\?i\)/, ''));
  return namesNone && follows && patterns.some((pattern) => new RegExp(pattern, 'i').test(repoURL));
}

function differenceOf({ app, push, expected }: Case): string | undefined {
  const found = isConcerned(app as Application, push as RecordedPush);
  return found === expected ? undefined : `expected ${expected ? '' : 'not '}to be refreshed`;
}

function isConcerned(app: Application, push: RecordedPush): boolean {
  const isOfRepository = repositoryMatcher(push.webUrls);
  const pushed = { ref: push.ref, defaultBranch: push.touchedHead ? push.revision : `not-${push.revision}` };
  const follows = ({ repoURL, targetRevision, tagPrefix }: Source) =>
    isOfRepository(repoURL) && followsRef(targetRevision, pushed, tagPrefix);
  const sources = sourcesOf(app.spec).filter(follows);
  const { metadata, spec } = app;
  return sources.length > 0 && isConcernedBy({ metadata, spec: { ...spec, sources } }, push.changedFiles);
}

function readPush(push: unknown): RecordedPush | undefined {
  if (!isObject(push)) return undefined;
  const revision = stringAt(push, 'revision') ?? '';
  return {
    webUrls: listAt(push, 'webURLs').map(String),
    revision,
    ref: stringAt(push, 'ref') ?? `refs/heads/${revision}`,
    touchedHead: push.touchedHead === true,
    changedFiles: listAt(push, 'changedFiles').map(String),
  };
}

function readApplication(object: unknown): Application {
  const metadata = at(object, 'metadata');
  const named = isObject(metadata) ? metadata : {};
  return parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    spec: at(object, 'spec'),
    metadata: { namespace: 'argocd', ...named, name: stringAt(named, 'name') ?? '' },
  });
}

function nameOf({ metadata }: Application): string {
  return metadata.name;
}

function listAt(value: unknown, ...path: readonly string[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

function skipped({ id }: Case, reason: string): [] {
  process.stdout.write(`SKIPPED: webhooks/affected: ${String(id)}: ${reason}\n`);
  return [];
}
