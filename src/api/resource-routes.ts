// The objects of an Application: their tree, each of them, and what can be done with it.

import * as z from 'zod';
import { formatGoJson } from '../base/go-json.ts';
import type { KubeObject } from '../kube/object.ts';
import { resourceLinks } from './resource-links.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { actionsAnswer, manifestAnswer, resourceOf, resourceQuery, treeAnswer } from './schema/resource.ts';
import { applicationQuery, flag } from './schema/values.ts';

const ONE = '/api/v1/applications/:name';
const RESOURCE = `${ONE}/resource`;

const query = z.object(resourceQuery);

/** Empty is as good as left out. */
const optionalFlag = z.union([z.literal('').transform(() => false), flag]).default(false);

const actionBody = z.looseObject({
  namespace: z.string().nullish(),
  resourceName: z.string().nullish(),
  version: z.string().nullish(),
  group: z.string().nullish(),
  kind: z.string().nullish(),
  action: z.string(),
  resourceActionParameters: z.array(z.looseObject({ name: z.string(), value: z.string().default('') })).nullish(),
  appNamespace: z.string().nullish(),
  project: z.string().nullish(),
});

export function resourceRoutes({ hawser, platform }: ApiParts): readonly Route[] {
  const { resources, editing } = hawser;
  const rightsTo = (action: 'update' | 'delete') => (call: Call) =>
    resources.rightsTo(action, resourceOf(query.parse(call.query)));
  return [
    route({
      method: 'GET',
      path: `${ONE}/resource-tree`,
      summary: 'The objects of an Application, and what they own',
      need: { kind: 'application', action: 'get' },
      query,
      answer: treeAnswer,
      handle: (call) => resources.tree(call.application(), call.request.signal),
    }),
    route({
      method: 'GET',
      path: RESOURCE,
      summary: 'One object as it is in the cluster; of a Secret, its keys alone',
      need: { kind: 'application', action: 'get' },
      query,
      answer: manifestAnswer,
      handle: async (call) =>
        manifestOf(await resources.get(call.application(), resourceOf(call.query), call.request.signal)),
    }),
    route({
      method: 'POST',
      path: RESOURCE,
      summary: 'Patch one object; the body is the patch, as a JSON text',
      need: { kind: 'application', action: rightsTo('update') },
      query: z.object({ ...resourceQuery, patchType: z.string().default('') }),
      body: z.string(),
      answer: manifestAnswer,
      handle: async ({ query, body, application, request }) => {
        const patch = { type: query.patchType, text: body };
        return manifestOf(await resources.patch(application(), resourceOf(query), patch, request.signal));
      },
    }),
    route({
      method: 'DELETE',
      path: RESOURCE,
      summary: 'Delete one object; with force at once, with orphan without what it owns',
      need: { kind: 'application', action: rightsTo('delete') },
      query: z.object({ ...resourceQuery, force: optionalFlag, orphan: optionalFlag }),
      handle: async ({ query, application, request }) => {
        await resources.remove(application(), resourceOf(query), query, request.signal);
      },
    }),
    route({
      method: 'GET',
      path: `${RESOURCE}/actions`,
      summary: 'What can be done with one object',
      need: { kind: 'application', action: 'get' },
      query,
      answer: actionsAnswer,
      handle: async (call) => ({
        actions: await resources.actions(call.application(), resourceOf(call.query), call.request.signal),
      }),
    }),
    route({
      method: 'POST',
      path: `${RESOURCE}/actions`,
      summary: 'Do something with one object; the body is the name of the action, as a JSON text',
      need: { kind: 'application', action: async (call) => [rightOf(query.parse(call.query), String(call.body))] },
      query,
      body: z.string().min(1),
      handle: async ({ query, body: name, application, request }) => {
        await resources.runAction(application(), resourceOf(query), { name, parameters: {} }, request.signal);
      },
    }),
    route({
      method: 'POST',
      path: `${RESOURCE}/actions/v2`,
      summary: 'Do something with one object, with parameters',
      need: {
        kind: 'application',
        action: async (call) => {
          const { group, kind, action } = actionBody.parse(call.body);
          return [rightOf({ group: group ?? '', kind: kind ?? '' }, action)];
        },
      },
      body: actionBody,
      handle: async ({ body, application, request }) => {
        const { action, resourceActionParameters, resourceName, ...place } = body;
        const resource = resourceOf({
          namespace: place.namespace ?? '',
          resourceName: resourceName ?? '',
          version: place.version ?? '',
          group: place.group ?? '',
          kind: place.kind ?? '',
        });
        const parameters = Object.fromEntries((resourceActionParameters ?? []).map(({ name, value }) => [name, value]));
        await resources.runAction(application(), resource, { name: action, parameters }, request.signal);
      },
    }),
    route({
      method: 'GET',
      path: `${RESOURCE}/links`,
      summary: 'The links that argocd-cm has for objects (resource.links)',
      need: { kind: 'application', action: 'get' },
      query: z.object({ ...resourceQuery, ...applicationQuery }),
      answer: z.object({ items: z.array(z.looseObject({ title: z.string(), url: z.string() })) }),
      handle: async (call) => {
        const app = call.application();
        const config = await editing.config();
        if (!config['resource.links']) return { items: [] };
        const object = await resources.get(app, resourceOf(call.query), call.request.signal);
        return { items: resourceLinks(config, app, object, platform.log) };
      },
    }),
  ];
}

function rightOf({ group, kind }: { readonly group: string; readonly kind: string }, action: string): string {
  return `action/${group}/${kind}/${action}`;
}

function manifestOf(object: KubeObject): { readonly manifest: string } {
  return { manifest: formatGoJson(object) };
}
