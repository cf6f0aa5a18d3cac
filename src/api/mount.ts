// Mounts tables of routes: who asks, whether that one may, what was sent, and the answer.

import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import type { Rights } from '../account/rights.ts';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { readBody } from './body.ts';
import type { ApiParts, Call, Need, Route } from './route.ts';

export function mountRoutes(app: Hono, routes: readonly Route[], parts: ApiParts): void {
  for (const route of routes) app.on(route.method, route.path, (context) => answer(context, route, parts));
}

async function answer(context: Context, route: Route, parts: ApiParts): Promise<Response> {
  const { accounts } = parts;
  const request = context.req.raw;
  const principal = await accounts.authenticate(request);
  const rights = await accounts.rightsOf(principal);
  const refuse = () => new HawserError('Forbidden', 'permission denied');
  const query = parse(route.query, queryOf(context), 'query');
  const body = route.body ? parse(route.body, await readBody(request), 'body') : undefined;
  let application: Application | undefined;
  const call: Call = {
    ...{ principal, rights, query, body, request },
    require: (resource, action, object) => {
      if (!rights.may(resource, action, object)) throw refuse();
    },
    param: (name) => {
      const value = context.req.param(name);
      if (value === undefined) throw new HawserError('InvalidInput', `${name} is missing`);
      return value;
    },
    application: () => {
      if (!application) throw new HawserError('Internal', `${route.path} names no Application`);
      return application;
    },
  };
  const { need } = route;
  if (need.kind === 'machine' && principal.kind !== 'machine') throw refuse();
  if (need.kind === 'object') call.require(need.resource, need.action, need.object(call));
  if (need.kind === 'application') application = await findApplication(parts, need, call, context);
  const result = await route.handle(call);
  return result instanceof Response ? result : context.json(result ?? {}, route.status ?? 200);
}

/** Who may not do it with every Application is not told which there are (Argo CD: getAppEnforceRBAC). */
async function findApplication(
  { hawser }: ApiParts,
  { action }: Need & { readonly kind: 'application' },
  call: Call,
  context: Context,
): Promise<Application> {
  const actions = typeof action === 'string' ? [action] : await action(call);
  const { appNamespace } = context.req.query();
  try {
    const app = await hawser.getApplication(call.param('name'), appNamespace || undefined);
    const isPermitted = actions.some((one) => call.rights.may('applications', one, objectOf(app)));
    if (!isPermitted) throw new HawserError('Forbidden', 'permission denied');
    return app;
  } catch (error) {
    if (!isHawserError(error, 'NotFound') || mayWithAll(call.rights, actions)) throw error;
    throw new HawserError('Forbidden', 'permission denied');
  }
}

function mayWithAll(rights: Rights, actions: readonly string[]): boolean {
  const name = crypto.randomUUID();
  return actions.some((action) => rights.may('applications', action, `${name}/${name}`));
}

/** The name of an Application in a policy. */
export function objectOf({ spec, metadata }: Application): string {
  return `${spec.project || 'default'}/${metadata.name}`;
}

/** A key that is given several times is a list. */
function queryOf(context: Context): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(context.req.queries()).map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
  );
}

function parse(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (!schema) return value;
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new HawserError('InvalidInput', `${what}: ${place}${issue?.message ?? 'not of the form that is asked for'}`);
}
