// What an Application is to be, and what a sync would change: manifests, managed-resources, and the comparison of manifests that a client
// brings.

import * as z from 'zod';
import { hasSeveralSources, parseApplication, sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { ResourceDiff } from '../compare/resource-diff.ts';
import { groupOf } from '../kube/object.ts';
import type { DiffRequest } from '../operation/hawser.ts';
import { parseManifests } from '../operation/local-manifests.ts';
import { joinPath } from '../render/tree.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { applicationSpec } from './schema/application.ts';
import { applicationQuery, flag, int64s, texts } from './schema/values.ts';

const ONE = '/api/v1/applications/:name';

/** A repository's folder, not its history. */
const MAX_BODY_BYTES = 32 << 20;

const resourceDiff = z.looseObject({
  group: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  targetState: z.string(),
  liveState: z.string(),
  normalizedLiveState: z.string(),
  predictedLiveState: z.string(),
  modified: z.boolean(),
  /** Why it cannot be told what a sync would make of it. */
  message: z.string().optional(),
});

const diffAnswer = z.object({ items: z.array(resourceDiff), modified: z.boolean() });

const resourceQuery = {
  namespace: z.string().optional(),
  name: z.string().optional(),
  version: z.string().optional(),
  group: z.string().optional(),
  kind: z.string().optional(),
};

const driftEntry = z.object({
  at: z.string(),
  by: z.string(),
  /** The tool, by its field manager. */
  manager: z.string().optional(),
  operation: z.enum(['UPDATE', 'DELETE']),
  group: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  fields: z.array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() })),
  moreFields: z.int().optional(),
  /** How often in a row. */
  times: z.int().optional(),
});

/** Of all Applications together. */
const MOST_DRIFT = 500;

export function diffRoutes({ hawser }: ApiParts): readonly Route[] {
  async function compare({ metadata }: Application, request: DiffRequest) {
    const items = await hawser.managedResources(metadata.name, request, metadata.namespace);
    return { items, modified: items.some(({ modified }) => modified) };
  }
  return [
    route({
      method: 'GET',
      path: `${ONE}/manifests`,
      summary: 'The manifests as they are rendered now',
      need: { kind: 'application', action: 'get' },
      query: z.object({
        revision: z.string().optional(),
        revisions: texts.optional(),
        sourcePositions: int64s.optional(),
        noCache: flag.optional(),
        ...applicationQuery,
      }),
      answer: z.looseObject({ manifests: z.array(z.string()) }),
      handle: (call) => hawser.editing.manifests(call.application(), wantedRevisions(call.application(), call.query)),
    }),
    route({
      method: 'GET',
      path: `${ONE}/managed-resources`,
      summary: 'Live, target and predicted state of each object, compared now',
      need: { kind: 'application', action: 'get' },
      query: z.object({
        ...resourceQuery,
        revision: z.string().optional(),
        refresh: z.string().optional(),
        ...applicationQuery,
      }),
      answer: z.object({ items: z.array(resourceDiff) }),
      handle: async (call) => {
        const { revision, refresh } = call.query;
        const request = { ...revisionsOf(revision), ...(refresh === 'hard' && { fresh: true }) };
        const { items } = await compare(call.application(), request);
        return { items: items.filter((item) => isAskedFor(item, call.query)) };
      },
    }),
    route({
      method: 'GET',
      path: `${ONE}/server-side-diff`,
      summary: 'What a sync of given manifests would change, by dry runs of the API server',
      need: { kind: 'application', action: 'get' },
      query: z.object({ targetManifests: texts.optional(), ...applicationQuery }),
      answer: diffAnswer,
      handle: (call) => {
        const { targetManifests } = call.query;
        if (targetManifests) requireOwn(call, targetManifests);
        return compare(call.application(), targetManifests ? { manifests: targetManifests } : {});
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/server-side-diff`,
      summary: 'The same for manifests and files that are too many for an address (hawser’s own)',
      // Manifests are compared with any object that they name, which reading alone shall not allow.
      need: { kind: 'application', action: 'sync' },
      body: z.looseObject({
        appNamespace: z.string().nullish(),
        project: z.string().nullish(),
        revision: z.string().nullish(),
        targetManifests: z.array(z.string(), 'must be a list of manifests as text').nullish(),
        /** In place of the first source's, by names relative to its folder; contents in base64. */
        files: z.record(z.string(), z.string(), 'must be a map from names to contents in base64').nullish(),
        /**
         * By the number of the source: texts by paths from the root of its repository, in place of some of its files or beside them. A text
         * may have the other files rendered: it takes the right that reading them takes (change-routes.ts).
         */
        edits: z.record(z.string().regex(/^\d+$/), z.record(z.string(), z.string())).nullish(),
        /** In place of the Application's own: what would change if it were so. Takes the right to make it so. */
        spec: applicationSpec.nullish(),
      }),
      answer: diffAnswer,
      handle: (call) => {
        if (Number(call.request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) {
          throw new HawserError('TooLarge', `the files are larger than ${MAX_BODY_BYTES >> 20} MiB together`);
        }
        const { revision, targetManifests, files, edits, spec } = call.body;
        if (spec) requireChange(call, spec);
        if (edits) call.require('applications', 'update', call.objectOf(call.application()));
        return compare(call.application(), {
          ...revisionsOf(revision),
          ...(targetManifests && { manifests: targetManifests }),
          ...(files && { files: decodeFiles(files) }),
          ...(edits && { edits: encodeEdits(edits) }),
          ...(spec && { spec }),
        });
      },
    }),
    route({
      method: 'GET',
      path: `${ONE}/drift`,
      summary: 'Who changed what of the objects, the newest first (hawser’s own)',
      need: { kind: 'application', action: 'get' },
      query: z.object(applicationQuery),
      answer: z.object({ items: z.array(driftEntry) }),
      handle: async (call) => {
        const { name, namespace } = call.application().metadata;
        return { items: await hawser.drift(name, namespace) };
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/drift',
      summary: 'Who changed what of the objects of all Applications that one may see, the newest first (hawser’s own)',
      need: { kind: 'session' },
      answer: z.object({
        items: z.array(
          z.object({
            ...driftEntry.shape,
            application: z.object({ name: z.string(), namespace: z.string(), project: z.string() }),
          }),
        ),
      }),
      handle: async (call) => {
        const apps = await hawser.listApplications();
        const seen = apps.filter((app) => call.rights.may('applications', 'get', call.objectOf(app)));
        const entries = await hawser.driftOf(seen);
        const items = entries.slice(0, MOST_DRIFT).map(({ application: { metadata, spec }, ...entry }) => ({
          ...entry,
          application: { name: metadata.name, namespace: metadata.namespace, project: spec.project },
        }));
        return { items };
      },
    }),
  ];
}

/** As it is for whoever saves the spec (edit-application.ts, requireProjectChange). */
function requireChange(call: Call, spec: Readonly<Record<string, unknown>>): void {
  const app = call.application();
  const wanted = parseApplication({ ...app, spec });
  call.require('applications', 'update', call.objectOf(app));
  call.require('applications', 'update', call.objectOf(wanted));
  if (wanted.spec.project !== app.spec.project) call.require('applications', 'create', call.objectOf(wanted));
}

/** Argo CD: ResourcesQuery. What is not asked for is not restricted; the version never is. */
function isAskedFor(item: ResourceDiff, query: Readonly<Record<string, unknown>>): boolean {
  return (['group', 'kind', 'namespace', 'name'] as const).every((key) => !query[key] || query[key] === item[key]);
}

/** Whoever may only read is shown no state of objects that are not the Application's (Argo CD: ServerSideDiff). */
function requireOwn(call: Call, manifests: readonly string[]): void {
  const app = call.application();
  if (call.rights.may('applications', 'sync', call.objectOf(app))) return;
  for (const { apiVersion, kind, metadata } of parseManifests(manifests)) {
    const group = groupOf(apiVersion);
    // Another namespace may have one of the same name.
    const namespace = metadata.namespace ?? app.spec.destination.namespace;
    const isOwn = (app.status.resources ?? []).some(
      (own) =>
        (own.group ?? '') === group &&
        own.kind === kind &&
        own.name === metadata.name &&
        (!own.namespace || own.namespace === namespace),
    );
    if (isOwn) continue;
    const { name } = app.metadata;
    throw new HawserError(
      'Forbidden',
      `${group}/${kind} ${metadata.name ?? ''} not found as part of application ${name}`,
    );
  }
}

/** One a source: an empty one is the source's own. */
function wantedRevisions(
  { spec }: Application,
  {
    revision,
    revisions = [],
    sourcePositions = [],
  }: { revision?: string | undefined; revisions?: string[] | undefined; sourcePositions?: number[] | undefined },
): readonly string[] {
  if (!hasSeveralSources(spec)) return revision ? [revision] : [];
  const count = sourcesOf(spec).length;
  if (sourcePositions.some((position) => position < 1 || position > count)) {
    throw new HawserError('InvalidInput', 'source position is out of range');
  }
  return Array.from({ length: count }, (_, index) => revisions[sourcePositions.indexOf(index + 1)] ?? '');
}

/** Of several sources, with commas between them. */
function revisionsOf(revision: string | null | undefined): DiffRequest {
  return revision ? { revisions: revision.split(',') } : {};
}

function decodeFiles(files: Readonly<Record<string, string>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, decode(name, content)]));
}

const encoder = new TextEncoder();

function encodeEdits(
  edits: Readonly<Record<string, Readonly<Record<string, string>>>>,
): NonNullable<DiffRequest['edits']> {
  return Object.fromEntries(
    Object.entries(edits).map(([index, files]) => [
      Number(index),
      Object.fromEntries(Object.entries(files).map(([path, text]) => [cleanPath(path), encoder.encode(text)])),
    ]),
  );
}

function cleanPath(path: string): string {
  if (path !== '' && joinPath('', path) === path) return path;
  throw new HawserError('PathEscapes', `edits: '${path}' is no path in the repository`);
}

function decode(name: string, text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new HawserError('InvalidInput', `files: the content of ${name} is no base64`);
  }
}
