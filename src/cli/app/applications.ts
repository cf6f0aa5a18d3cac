// Applications of a server: read, chosen by what they are, and changed.

import { parseApplication, sourcesOf } from '../../application/parse.ts';
import type { Application } from '../../application/types.ts';
import { HawserError } from '../../base/errors.ts';
import { at, isObject } from '../../base/json.ts';
import { sameRepository } from '../../git/repository-url.ts';
import type { KubeObject } from '../../kube/object.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { type AppRef, pathOf, type Query, queryText } from './context.ts';

/** As the server answered, with fields that nobody here knows. */
export type RawApplication = Record<string, unknown>;

export async function getRaw(server: ServerAddress, ref: AppRef, query: Query = {}): Promise<RawApplication> {
  return callServer(server, 'GET', pathOf(ref, '', query));
}

export async function getApplication(server: ServerAddress, ref: AppRef, query: Query = {}): Promise<Application> {
  return applicationIn(await getRaw(server, ref, query));
}

export interface Choice {
  readonly selector?: string;
  readonly project?: readonly string[];
  readonly repo?: string;
  readonly cluster?: string;
  readonly path?: string;
  readonly appNamespace?: string;
}

/** All that the choice means, in the order of the server. */
export async function listApplications(server: ServerAddress, choice: Choice = {}): Promise<readonly RawApplication[]> {
  const { selector, project, appNamespace } = choice;
  const query = queryText({ selector, projects: project, appNamespace });
  const items = at(await callServer(server, 'GET', `/api/v1/applications${query}`), 'items');
  return (Array.isArray(items) ? items.filter(isObject) : []).filter((raw) => isChosen(applicationIn(raw), choice));
}

/** The names that are given, or those of what the selector or the projects mean. Throws `NotFound` where these mean nothing. */
export async function chooseRefs(
  server: ServerAddress,
  given: readonly AppRef[],
  choice: Pick<Choice, 'selector' | 'project' | 'appNamespace'>,
): Promise<readonly AppRef[]> {
  const { selector, project = [] } = choice;
  if (!selector && project.length === 0) {
    if (given.length > 0) return given;
    throw new HawserError('InvalidInput', 'no Application is named', { hint: 'give names, or --selector' });
  }
  if (given.length > 0) {
    throw new HawserError('InvalidInput', 'names, and --selector or --project, exclude one another');
  }
  const found = await listApplications(server, choice);
  if (found.length > 0) return found.map((raw) => refOf(applicationIn(raw)));
  const what = [selector && `selector ${selector}`, project.length > 0 && `projects ${project.join(', ')}`];
  throw new HawserError('NotFound', `No matching apps found for filter: ${what.filter(Boolean).join(', ')}`);
}

/** Replaces the spec. */
export async function putSpec(
  server: ServerAddress,
  ref: AppRef,
  spec: unknown,
  validate: boolean | undefined,
): Promise<void> {
  await callServer(server, 'PUT', pathOf(ref, '/spec', { validate }), spec);
}

export function specOf(raw: RawApplication): Record<string, unknown> {
  return isObject(raw.spec) ? raw.spec : {};
}

export function refOf({ metadata: { name, namespace } }: Application): AppRef {
  return { name, ...(namespace && { namespace }) };
}

/** Throws `Unavailable` for what is none. */
export function applicationIn(value: unknown): Application {
  if (!isObject(value) || !isObject(value.metadata)) {
    throw new HawserError('Unavailable', 'the server answered with something that is no Application', {
      hint: 'name another server with --server or HAWSER_SERVER',
    });
  }
  return parseApplication(value as unknown as KubeObject);
}

function isChosen({ spec }: Application, { project = [], repo, cluster, path }: Choice): boolean {
  const sources = sourcesOf(spec);
  const { server, name } = spec.destination;
  if (project.length > 0 && !project.includes(spec.project)) return false;
  if (cluster && server !== cluster && name !== cluster) return false;
  if (path && !sources.some((source) => source.path === path)) return false;
  return !repo || sources.some(({ repoURL }) => sameRepository(repoURL, repo));
}
