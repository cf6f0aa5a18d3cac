// Making and changing Applications, as Argo CD's API server does it (server/application: Create, Update, validateAndNormalizeApp).

import { parseApplication } from '../application/parse.ts';
import type { Project } from '../application/project.ts';
import type { Application } from '../application/types.ts';
import { isEqualJson } from '../base/equal.ts';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { ObjectMeta } from '../kube/object.ts';
import { isAlreadyExists } from '../kube/refusal.ts';
import { writeGuarded } from '../sync/conflict.ts';
import { isPassing, renderTargets, resolveSources } from './compare-application.ts';
import { findApplication, requireApplicationNamespace } from './find-application.ts';
import { applicationProblems } from './project-rules.ts';
import { applicationRef, keyOfApplication, type Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { readProject, readRepositorySecrets } from './world.ts';

/** What people write of an Application. Status and operation are not theirs. */
export interface ApplicationDraft {
  readonly metadata: Pick<ObjectMeta, 'labels' | 'annotations' | 'finalizers'> & { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

export interface EditRequest {
  /** Its sources are resolved and rendered before it is written. Default true. */
  readonly validate?: boolean;
  /** Throws where whoever asks may not do this with an Application that is so. */
  require(action: 'create' | 'update', app: Application): void;
}

export interface CreateRequest extends EditRequest {
  readonly namespace?: string;
  /** One that is there already is changed. */
  readonly upsert?: boolean;
}

/** The same once more is no error. Throws `InvalidInput` for what cannot be deployed, and for another spec without `upsert`. */
export async function createApplication(
  road: Road,
  draft: ApplicationDraft,
  request: CreateRequest,
): Promise<Application> {
  const { namespace = road.platform.settings.namespace } = request;
  const wanted = applicationOf(draft, namespace);
  request.require('create', wanted);
  await requireApplicationNamespace(road, namespace);
  await requireValid(road, wanted, request);
  try {
    const { apiVersion, kind, metadata, spec } = wanted;
    const created = parseApplication(await road.home.create({ apiVersion, kind, metadata, spec }));
    wake(road, created);
    return created;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  const existing = await findApplication(road, draft.metadata.name, namespace);
  if (isSame(existing, wanted)) return existing;
  if (!request.upsert) {
    throw new HawserError('InvalidInput', 'existing application spec is different, use upsert flag to force update');
  }
  request.require('update', existing);
  requireProjectChange(existing, wanted, request);
  return write(road, existing, (now) => ({
    ...draft,
    metadata: {
      ...draft.metadata,
      labels: { ...now.metadata.labels, ...draft.metadata.labels },
      annotations: { ...now.metadata.annotations, ...draft.metadata.annotations },
    },
  }));
}

/** Replaces spec, labels, annotations and finalizers. Throws as `createApplication` does. */
export async function replaceApplication(
  road: Road,
  app: Application,
  draft: ApplicationDraft,
  request: EditRequest,
): Promise<Application> {
  const wanted = applicationOf(
    { ...draft, metadata: { ...draft.metadata, name: app.metadata.name } },
    app.metadata.namespace,
  );
  requireProjectChange(app, wanted, request);
  // What is rendered stays the same: somebody may want to switch automated sync off because Git is away.
  const { validate = true } = request;
  await requireValid(road, wanted, { ...request, validate: validate && !isRenderedAlike(app, wanted) });
  return write(road, app, () => draft);
}

/** Who moves an Application must be allowed to make it there, and to change it here. */
function requireProjectChange(app: Application, wanted: Application, { require }: EditRequest): void {
  require('update', wanted);
  if (wanted.spec.project === app.spec.project) return;
  require('create', wanted);
  require('update', app);
}

function applicationOf({ metadata, spec }: ApplicationDraft, namespace: string): Application {
  const { name, labels, annotations, finalizers } = metadata;
  return parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    spec,
  });
}

async function requireValid(road: Road, app: Application, { validate = true }: EditRequest): Promise<void> {
  const { name } = app.metadata;
  const { project: projectName } = app.spec;
  requireDifferentNames(app);
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[repositories], project] = await Promise.all([known, readProject(road, projectName, known)]);
  // Nobody is told which projects there are.
  if (!project) {
    throw new HawserError(
      'InvalidInput',
      `app is not allowed in project "${projectName}", or the project does not exist`,
    );
  }
  requirePermittedSpec(road, app, project);
  if (!validate) return;
  const reader = road.readSources(repositories);
  const resolved = await orInvalid(name, 'repository not accessible', () => resolveSources(app, reader, road.stopping));
  await orInvalid(name, 'Unable to generate manifests', () =>
    renderTargets(road, { app, reader, resolved, signal: road.stopping }),
  );
}

function requireDifferentNames({ metadata, spec }: Application): void {
  const names = (spec.sources ?? []).flatMap(({ name }) => (name ? [name] : []));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new HawserError('InvalidInput', `application ${metadata.name} has duplicate source name: ${twice}`);
}

function requirePermittedSpec(road: Road, app: Application, project: Project): void {
  const problems = applicationProblems(road, app, project).map(({ type, message }) => `${type}: ${message}`);
  if (problems.length > 0) throw invalid(app.metadata.name, problems.join(';'));
}

/** What a source is refused for is what is wrong with the spec; a cluster that is away is not. */
async function orInvalid<T>(name: string, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isOfSource = isHawserError(error) && error.code !== 'ClusterRefused' && error.code !== 'Internal';
    if (!isOfSource) throw error;
    if (isPassing(error) && what !== 'repository not accessible') throw error;
    throw invalid(name, `InvalidSpecError: ${what}: ${formatError(error)}`);
  }
}

function invalid(name: string, problems: string): HawserError {
  return new HawserError('InvalidInput', `application spec for ${name} is invalid: ${problems}`);
}

function isRenderedAlike({ spec }: Application, wanted: Application): boolean {
  const { source, sources, destination, project } = wanted.spec;
  return isEqualJson(
    { source, sources, destination, project },
    { source: spec.source, sources: spec.sources, destination: spec.destination, project: spec.project },
  );
}

function isSame(app: Application, wanted: Application): boolean {
  const parts = ({ spec, metadata: { labels = {}, annotations = {}, finalizers = [] } }: Application) => {
    return { spec, labels, annotations, finalizers };
  };
  return isEqualJson(parts(app), parts(wanted));
}

/** A status that is written at this moment is no reason to refuse, and the version that a client has seen no guard (Argo CD: updateApp). */
async function write(road: Road, app: Application, draftOf: (now: ObjectOf) => ApplicationDraft): Promise<Application> {
  const { namespace, name } = app.metadata;
  const written = await writeGuarded(road.home, { ...app }, async (now) => {
    const { metadata, spec } = draftOf(now);
    const steps = [
      { op: 'add', path: '/metadata/resourceVersion', value: now.metadata.resourceVersion ?? '' },
      { op: 'add', path: '/spec', value: plain({ ...spec, project: spec.project || 'default' }) },
      ...metadataSteps(now.metadata, metadata),
    ];
    return road.home.patch(applicationRef(namespace, name), steps, { type: 'json' });
  });
  if (!written) return findApplication(road, name, namespace);
  const changed = parseApplication(written);
  wake(road, changed);
  return changed;
}

type ObjectOf = { readonly metadata: ObjectMeta };

function metadataSteps(now: ObjectMeta, draft: ApplicationDraft['metadata']): readonly JsonObject[] {
  return (['labels', 'annotations', 'finalizers'] as const).flatMap((key): JsonObject[] => {
    const value = draft[key];
    if (value && Object.keys(value).length > 0) return [{ op: 'add', path: `/metadata/${key}`, value: plain(value) }];
    return now[key] === undefined ? [] : [{ op: 'remove', path: `/metadata/${key}` }];
  });
}

function wake(road: Road, app: Application): void {
  road.running.get(keyOfApplication(app))?.wake();
  road.wakeApplication(app.metadata.name, undefined, app.metadata.namespace);
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
