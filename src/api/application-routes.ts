// Applications: the list, each of them, and making, changing and deleting them, in the shapes that Argo CD's clients know.

import * as z from 'zod';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { applyJsonPatch } from '../base/json-patch.ts';
import { applyMergePatch } from '../base/merge-patch.ts';
import { parseShallowJson } from '../base/shallow-json.ts';
import type { ApplicationDraft, EditRequest } from '../operation/edit-application.ts';
import { selectFields } from './fields.ts';
import { presentApplication } from './present-application.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { applicationAnswer, applicationBody, applicationListAnswer, applicationSpec } from './schema/application.ts';
import { applicationQuery, applicationSelection, flag } from './schema/values.ts';

const APPLICATIONS = '/api/v1/applications';
const ONE = `${APPLICATIONS}/:name`;

const editQuery = z.object({ validate: flag.optional(), ...applicationQuery });

type Body = z.output<typeof applicationBody>;

export function applicationRoutes({ hawser }: ApiParts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: APPLICATIONS,
      summary: 'The Applications that you may see',
      need: { kind: 'session' },
      query: z.object({ ...applicationSelection, search: z.string().optional() }),
      answer: applicationListAnswer,
      handle: async (call) => {
        const { query, rights } = call;
        const { name, selector, repo, appNamespace: namespace, search, fields } = query;
        const projects = query.project ?? query.projects ?? [];
        const found = await hawser.editing.find({ name, projects, selector, repo, namespace, search });
        const items = found.items.filter((app) => rights.may('applications', 'get', call.objectOf(app)));
        const { resourceVersion } = found;
        return selectFields({ metadata: { resourceVersion }, items: items.map(presentApplication) }, fields);
      },
    }),
    route({
      method: 'POST',
      path: APPLICATIONS,
      summary: 'Make an Application',
      need: { kind: 'session' },
      query: z.object({ upsert: flag.optional(), validate: flag.optional() }),
      body: applicationBody,
      answer: applicationAnswer,
      handle: async (call) => {
        const { upsert = false, validate = true } = call.query;
        const { namespace } = call.body.metadata;
        const request = { ...editRequest(call, validate), upsert, ...(namespace && { namespace }) };
        return presentApplication(await hawser.editing.create(draftOf(call.body), request));
      },
    }),
    route({
      method: 'GET',
      path: ONE,
      summary: 'One Application; with ?refresh= it is compared with Git and the cluster first',
      need: { kind: 'application', action: 'get' },
      query: z.object({
        refresh: z.string().optional(),
        fields: z.string().optional(),
        resourceVersion: z.string().optional(),
        ...applicationQuery,
      }),
      answer: applicationAnswer,
      handle: async (call) => {
        const { refresh, fields } = call.query;
        let app = call.application();
        if (refresh) {
          await refreshOne(hawser, app.metadata, refresh);
          app = await hawser.getApplication(app.metadata.name, app.metadata.namespace);
        }
        return selectFields(presentApplication(app), fields);
      },
    }),
    route({
      method: 'PUT',
      path: ONE,
      summary: 'Replace spec, labels, annotations and finalizers of an Application',
      need: { kind: 'application', action: 'update' },
      query: editQuery,
      body: applicationBody,
      answer: applicationAnswer,
      handle: async (call) => {
        const { validate = true } = call.query;
        const app = call.application();
        requireSameName(app, call.body);
        const draft = draftOf(call.body, app.metadata.name);
        return presentApplication(await hawser.editing.replace(app, draft, editRequest(call, validate)));
      },
    }),
    route({
      method: 'PUT',
      path: `${ONE}/spec`,
      summary: 'Replace the spec of an Application',
      need: { kind: 'application', action: 'update' },
      query: editQuery,
      body: applicationSpec,
      answer: applicationSpec,
      handle: async (call) => {
        const { validate = true } = call.query;
        const app = call.application();
        const draft = { metadata: app.metadata, spec: call.body };
        return (await hawser.editing.replace(app, draft, editRequest(call, validate))).spec;
      },
    }),
    route({
      method: 'PATCH',
      path: ONE,
      summary: 'Change an Application by a JSON patch (RFC 6902) or a merge patch (RFC 7396)',
      need: { kind: 'application', action: 'get' },
      body: z.looseObject({
        /** The patch as text. */
        patch: z.string(),
        patchType: z.string().nullish(),
        appNamespace: z.string().nullish(),
        project: z.string().nullish(),
      }),
      answer: applicationAnswer,
      handle: async (call) => {
        const app = call.application();
        call.require('applications', 'update', call.objectOf(app));
        const draft = patched(app, call.body.patch, call.body.patchType || 'json');
        return presentApplication(await hawser.editing.replace(app, draft, editRequest(call, true)));
      },
    }),
    route({
      method: 'DELETE',
      path: ONE,
      summary: 'Delete an Application, and with a cascade (the default) its objects first',
      need: { kind: 'application', action: 'delete' },
      query: z.object({
        cascade: flag.optional(),
        /** `foreground`, `background`, or `orphan`, which is no cascade. */
        propagationPolicy: z.string().optional(),
        ...applicationQuery,
      }),
      answer: z.object({}),
      handle: async (call) => {
        const { cascade, propagationPolicy } = call.query;
        const request = {
          ...(cascade !== undefined && { cascade }),
          ...(propagationPolicy && { propagationPolicy }),
        };
        await hawser.deleteApplication(call.application(), request, call.principal.name);
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/confirm-deletion`,
      summary: 'Let deletions and prunes go on that wait for a word (hawser’s own)',
      need: { kind: 'application', action: 'delete' },
      query: z.object(applicationQuery),
      answer: z.object({}),
      handle: async (call) => {
        await hawser.confirmDeletion(call.application(), call.principal.name);
      },
    }),
  ];
}

/** `normal` or `hard`; anything else is the former, as in Argo CD. */
async function refreshOne(
  hawser: ApiParts['hawser'],
  { name, namespace }: Application['metadata'],
  kind: string,
): Promise<void> {
  await hawser.refresh({ application: name, appNamespace: namespace, hard: kind === 'hard', wait: true });
}

function editRequest(call: Pick<Call, 'require' | 'objectOf'>, validate: boolean): EditRequest {
  return { validate, require: (action, app) => call.require('applications', action, call.objectOf(app)) };
}

function requireSameName({ metadata }: Application, body: Body): void {
  const { name = metadata.name, namespace } = body.metadata;
  if (name === metadata.name && (!namespace || namespace === metadata.namespace)) return;
  throw new HawserError('InvalidInput', `metadata of the body is that of ${namespace ?? ''}/${name}`, {
    hint: 'an Application cannot be renamed or moved: make another one, and delete this one without a cascade',
  });
}

function draftOf({ metadata, spec }: Body, name = metadata.name): ApplicationDraft {
  if (!name) throw new HawserError('InvalidInput', 'metadata.name is missing');
  const { labels, annotations, finalizers } = metadata;
  return {
    metadata: {
      name,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    spec,
  };
}

function patched(app: Application, text: string, type: string): ApplicationDraft {
  const patch = parsePatch(text);
  const { managedFields: _, ...metadata } = app.metadata;
  const document = { ...app, metadata };
  let changed: unknown;
  if (type === 'json') changed = applyJsonPatch(document, patch);
  else if (type === 'merge') changed = applyMergePatch(document, patch);
  else throw new HawserError('InvalidInput', `Patch type '${type}' is not supported`, { hint: 'json or merge' });
  const { success, data } = applicationBody.safeParse(changed);
  if (!success || !isObject(changed)) throw new HawserError('InvalidInput', 'what the patch makes is no Application');
  requireSameName(app, data);
  return draftOf(data, app.metadata.name);
}

function parsePatch(text: string): unknown {
  try {
    return parseShallowJson(text);
  } catch (error) {
    if (isHawserError(error)) throw error;
    throw new HawserError('InvalidInput', 'the patch is not valid JSON');
  }
}
