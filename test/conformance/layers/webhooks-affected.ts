// Which Applications a delivery concerns, against what Argo CD's handler was recorded to refresh: by namespace, repository, revision and
// manifest-generate-paths. Fed with the list of changed files that the handler read from the payload; hawser takes that list from Git.

import { isApplicationNamespace } from '../../../src/application/application-namespaces.ts';
import { GENERATE_PATHS, isConcernedBy } from '../../../src/application/generate-paths.ts';
import { parseApplication } from '../../../src/application/parse.ts';
import { matchPush } from '../../../src/application/push-match.ts';
import { followsTag } from '../../../src/application/registry-match.ts';
import type { Application } from '../../../src/application/types.ts';
import { watchedSources } from '../../../src/application/watched-sources.ts';
import { at, isObject, stringAt } from '../../../src/base/json.ts';
import { repositoryMatcher } from '../../../src/git/repository-url.ts';
import { type AnyPush, addressesOf } from '../../../src/operation/push.ts';
import type { Case } from '../layer.ts';

const HOME = 'argocd';

/** `note` gets what was recorded wrongly. */
export function differenceOfApplications(
  entry: Case,
  pushes: readonly AnyPush[],
  note: (line: string) => void,
): string | undefined {
  const changed = listAt(entry, 'expect', 'push', 'changedFiles').map(String);
  const apps = listAt(entry, 'apps').map(readApplication);
  const namespaces = listAt(entry, 'applicationNamespaces').map(String);
  const isSeen = ({ metadata }: Application) => isApplicationNamespace(metadata.namespace, HOME, namespaces);
  const concerned = apps.filter((app) => isSeen(app) && pushes.some((push) => isConcerned(app, push, changed)));
  const found = concerned.map(nameOf).sort();
  const recorded = listAt(entry, 'expect', 'refreshed').map(nameOfRefreshed).sort();
  const missed = recorded.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !recorded.includes(name));
  if (missed.length === 0 && extra.length === 0) return undefined;
  if (missed.length === 0 && isCutShort(entry, apps, found, recorded)) {
    note(
      `NOTE: ${String(entry.id)}: the recording was cut short: Argo CD's own code refreshes ${extra.join(', ')} as well`,
    );
    return undefined;
  }
  return [
    ...(missed.length > 0 ? [`does not concern ${missed.join(', ')}`] : []),
    ...(extra.length > 0 ? [`concerns ${extra.join(', ')}, too`] : []),
  ].join('; ');
}

function isConcerned({ metadata, spec }: Application, push: AnyPush, changed: readonly string[]): boolean {
  if (push.kind === 'artifact') return watchedSources(spec).some((source) => followsTag(source, push));
  const { following } = matchPush(spec, repositoryMatcher(addressesOf(push)), push);
  return following.length > 0 && isConcernedBy({ metadata, spec }, changed, following);
}

/**
 * Argo CD's handler puts each Application into a queue in the order of their names, and its recorder shut the queue down, which drops
 * what is added later (client-go: workqueue, Add). Proven where an Application was not refreshed that cannot but be; then
 * what was recorded must be the first of what is found.
 */
function isCutShort(
  entry: Case,
  apps: readonly Application[],
  found: readonly string[],
  recorded: readonly string[],
): boolean {
  const isProven = apps.some((app) => !recorded.includes(nameOf(app)) && isCertain(app, entry));
  return isProven && recorded.every((name, index) => found[index] === name);
}

/**
 * Whether Argo CD refreshes it by its own first lines: its revision is the very one that was pushed, the recorded pattern of the
 * repository matches, and there is no path to compare with.
 */
function isCertain({ metadata, spec }: Application, entry: Case): boolean {
  const [source, ...others] = watchedSources(spec);
  if (metadata.namespace !== HOME || !source || others.length > 0) return false;
  const annotation: unknown = metadata.annotations?.[GENERATE_PATHS];
  const namesNone = typeof annotation !== 'string' || /^[;\s]*$/.test(annotation);
  const { repoURL, targetRevision = '' } = source;
  const isHead = targetRevision === '' || targetRevision === 'HEAD';
  const push = at(entry, 'expect', 'push');
  const follows = isHead ? at(push, 'touchedHead') === true : targetRevision === stringAt(push, 'revision');
  const patterns = listAt(entry, 'expect', 'repoRegex').map((text) => String(text).replace(/^\(\?i\)/, ''));
  return namesNone && follows && patterns.some((pattern) => new RegExp(pattern, 'i').test(repoURL));
}

function readApplication(object: unknown): Application {
  const metadata = at(object, 'metadata');
  const named = isObject(metadata) ? metadata : {};
  return parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    spec: at(object, 'spec'),
    metadata: { namespace: HOME, ...named, name: stringAt(named, 'name') ?? '' },
  });
}

function nameOf({ metadata }: Application): string {
  return metadata.namespace === HOME ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function nameOfRefreshed(one: unknown): string {
  const [namespace, name] = [stringAt(one, 'namespace') ?? HOME, stringAt(one, 'name') ?? ''];
  return namespace === HOME ? name : `${namespace}/${name}`;
}

function listAt(value: unknown, ...path: readonly string[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
