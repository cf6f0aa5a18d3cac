// An AppProject's rules: which repositories and destinations its Applications may use.

import { matchesGlob } from '../base/glob.ts';
import { isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { sourcesOf } from './parse.ts';
import type { Application, Condition } from './types.ts';

export interface Project {
  readonly name: string;
  readonly sourceRepos: readonly string[];
  readonly destinations: readonly ProjectDestination[];
}

interface ProjectDestination {
  readonly server?: string;
  readonly name?: string;
  readonly namespace?: string;
}

export function parseProject(object: KubeObject): Project {
  const spec = isObject(object.spec) ? object.spec : {};
  return {
    name: object.metadata.name ?? '',
    sourceRepos: Array.isArray(spec.sourceRepos) ? spec.sourceRepos.filter((repo) => typeof repo === 'string') : [],
    destinations: Array.isArray(spec.destinations) ? spec.destinations.filter(isObject) : [],
  };
}

/**
 * Why `app` may not be deployed under `project`, in Argo CD's words; empty when it may. A list permits when one entry
 * matches and no entry that begins with `!` does. `project` is undefined where no such AppProject exists.
 */
export function projectProblems(app: Application, project: Project | undefined): readonly Condition[] {
  if (!project) {
    return [
      invalid(
        `Application referencing project ${app.spec.project} which does not exist: create the AppProject or set spec.project`,
      ),
    ];
  }
  const problems: Condition[] = [];
  for (const { repoURL } of sourcesOf(app.spec)) {
    const matches = (pattern: string) => matchesGlob(pattern, repoURL, '/') || pattern === '*';
    if (!isPermitted(project.sourceRepos, matches)) {
      problems.push(invalid(`application repo ${repoURL} is not permitted in project '${project.name}'`));
    }
  }
  const { destination } = app.spec;
  const permitted =
    project.destinations.some((entry) => !isDenial(entry) && matchesDestination(entry, destination)) &&
    !project.destinations.some((entry) => isDenial(entry) && matchesDestination(entry, destination));
  if (!permitted) {
    problems.push(
      invalid(
        `application destination server '${destination.server ?? destination.name ?? ''}' and namespace '${destination.namespace ?? ''}' do not match any of the allowed destinations in project '${project.name}'`,
      ),
    );
  }
  return problems;
}

function invalid(message: string): Condition {
  return { type: 'InvalidSpecError', message };
}

function isPermitted(patterns: readonly string[], matches: (pattern: string) => boolean): boolean {
  const denied = patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)));
  return !denied && patterns.some((pattern) => !pattern.startsWith('!') && matches(pattern));
}

function isDenial(entry: ProjectDestination): boolean {
  return [entry.server, entry.name, entry.namespace].some((text) => text?.startsWith('!'));
}

const HOME = { server: 'https://kubernetes.default.svc', name: 'in-cluster' };

function matchesDestination(entry: ProjectDestination, destination: Application['spec']['destination']): boolean {
  const bare = (text: string | undefined) => text?.replace(/^!/, '');
  const isHome = destination.server === HOME.server || destination.name === HOME.name;
  const server = destination.server ?? (isHome ? HOME.server : undefined);
  const name = destination.name ?? (isHome ? HOME.name : undefined);
  const serverMatches = matchesOrAny(bare(entry.server), server);
  const nameMatches = entry.name !== undefined && matchesOrAny(bare(entry.name), name);
  return (serverMatches || nameMatches) && matchesOrAny(bare(entry.namespace) ?? '', destination.namespace ?? '');
}

function matchesOrAny(pattern: string | undefined, value: string | undefined): boolean {
  if (pattern === undefined) return false;
  return pattern === '*' || (value !== undefined && matchesGlob(pattern, value));
}
