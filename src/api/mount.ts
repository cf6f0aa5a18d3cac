// Mounts tables of routes: who asks, whether that one may, what was sent, and the answer.

import type { Context, Hono } from 'hono';
import type * as z from 'zod';
import { isSecureRequest, sessionCookies } from '../account/cookies.ts';
import { ANONYMOUS, type Principal } from '../account/principal.ts';
import { applicationObject, NO_RIGHTS, type RbacResource, type Rights } from '../account/rights.ts';
import type { Application } from '../application/types.ts';
import { HawserError, httpStatusOf, isHawserError } from '../base/errors.ts';
import { audit } from './audit.ts';
import { readBody } from './body.ts';
import { countCall } from './count-calls.ts';
import { requireJson, requireOwnSite } from './csrf.ts';
import { findApplication, wantedOf } from './find-application.ts';
import { noteChange } from './noted-changes.ts';
import type { ApiParts, Call, Route } from './route.ts';

/** A body of somebody of whom nothing is known: a name and a password. */
const MOST_OF_ANYBODY = 64 << 10;

/** Of what anybody may send as a name, so much is written to the log. */
const LONGEST_NAME = 64;

export function mountRoutes(app: Hono, routes: readonly Route[], parts: ApiParts): void {
  for (const route of routes) app.on(route.method, route.path, (context) => answerAudited(context, route, parts));
}

/** Who asked, as soon as that is known. */
interface Asked {
  principal?: Principal;
  /** Whoever logs in. */
  name?: string;
}

async function answerAudited(context: Context, route: Route, parts: ApiParts): Promise<Response> {
  const asked: Asked = {};
  const request = context.req.raw;
  const tell = (status: number) => {
    countCall(parts.platform.metrics, route, status);
    audit(parts.platform.log, { ...asked, request, route: `${route.method} ${route.path}`, status });
  };
  try {
    const response = await answer(context, route, parts, asked);
    tell(response.status);
    return response;
  } catch (error) {
    tell(httpStatusOf(error));
    throw asked.principal?.kind === 'anonymous' ? withHint(error) : error;
  }
}

/** Whoever comes without a session can do something about a refusal. */
function withHint(error: unknown): unknown {
  if (!isHawserError(error, 'Forbidden') || !(error instanceof HawserError) || error.hint !== undefined) return error;
  return new HawserError('Forbidden', error.message, {
    hint: 'nobody is logged in: log in, or send a token, such as HAWSER_TOKEN',
    data: error.data,
  });
}

async function answer(context: Context, route: Route, parts: ApiParts, asked: Asked): Promise<Response> {
  const { accounts, platform } = parts;
  const { need } = route;
  const request = context.req.raw;
  const principal = need.kind === 'open' ? await whoever(parts, request) : await accounts.authenticate(request);
  asked.principal = principal;
  // Replicas and alarms send what they like; nobody else knows the token.
  if (need.kind !== 'machine') requireJson(request);
  const urls = principal.isCookie ? await urlsOf(parts) : [];
  requireOwnSite(request, principal, urls);
  if (need.kind === 'machine' && principal.kind !== 'machine') throw new HawserError('Forbidden', 'permission denied');
  const rights = await rightsFor(parts, principal);
  const given = route.body ? await readBody(request, need.kind === 'open' ? MOST_OF_ANYBODY : undefined) : undefined;
  const { namespace } = platform.settings;
  let application: Application | undefined;
  const param: Call['param'] = (name) => {
    const value = context.req.param(name);
    if (value === undefined) throw new HawserError('InvalidInput', `${name} is missing`);
    return value;
  };
  const parsed: { query?: { readonly value: unknown }; body?: { readonly value: unknown } } = {};
  const call: Call = {
    ...{ principal, rights, request, param },
    // Who may not is told that, and not what is wrong with what was sent.
    get query() {
      parsed.query ??= { value: parse(route.query, queryOf(context), 'query') };
      return parsed.query.value;
    },
    get body() {
      parsed.body ??= { value: parse(route.body, given, 'body') };
      return parsed.body.value;
    },
    require: (resource, action, object) => {
      if (!rights.may(resource, action, object)) throw refusal(principal, resource, action, object);
    },
    logsInAs: (name) => {
      asked.name = name.slice(0, LONGEST_NAME);
    },
    objectOf: (app) => applicationObject(app, namespace),
    application: () => {
      if (!application) throw new HawserError('Internal', `${route.path} names no Application`);
      return application;
    },
  };
  if (need.kind === 'object') call.require(need.resource, need.action, need.object(call));
  if (need.kind === 'application') {
    const actions = typeof need.action === 'string' ? [need.action] : await need.action(call);
    const query = new URL(request.url).searchParams;
    // The body of a PUT is the Application, or its spec, in which another project may stand than the one that it is of now.
    const fields = request.method === 'PUT' ? undefined : given;
    application = await findApplication(parts, rights, wantedOf(call, fields, query, actions));
  }
  const result = await route.handle(call);
  noteChange(parts.hawser, route, call, result);
  const response = result instanceof Response ? result : context.json(result ?? {}, route.status ?? 200);
  if (!principal.renewal || !principal.isCookie) return response;
  return withCookies(response, sessionCookies(principal.renewal, { isSecure: isSecureRequest(request, urls) }));
}

/** Where no session is needed, a bad one is none. */
async function whoever({ accounts }: ApiParts, request: Request): Promise<Principal> {
  try {
    return await accounts.authenticate(request);
  } catch (error) {
    if (isHawserError(error, 'Unauthenticated')) return ANONYMOUS;
    throw error;
  }
}

async function rightsFor({ accounts }: ApiParts, principal: Principal): Promise<Rights> {
  const isNobody = principal.kind === 'anonymous' && !(await accounts.settings()).isAnonymousEnabled;
  return isNobody ? NO_RIGHTS : accounts.rightsOf(principal);
}

export async function urlsOf({ accounts, platform }: Pick<ApiParts, 'accounts' | 'platform'>): Promise<string[]> {
  const { urls } = await accounts.settings();
  const { externalURL } = platform.settings;
  return externalURL === undefined ? [...urls] : [...urls, externalURL];
}

export function withCookies(response: Response, cookies: readonly string[]): Response {
  const headers = new Headers(response.headers);
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(response.body, { status: response.status, headers });
}

/** Argo CD says of an Application nothing at all; of everything else, what was asked and who asked (util/rbac/rbac.go, EnforceErr). */
function refusal(
  { subject, issuedAt }: Principal,
  resource: RbacResource,
  action: string,
  object: string,
): HawserError {
  if (resource === 'applications') return new HawserError('Forbidden', 'permission denied');
  const since = issuedAt === undefined ? '' : `, iat: ${new Date(issuedAt * 1000).toISOString().replace('.000', '')}`;
  const who = subject === '' ? '' : `, sub: ${subject}${since}`;
  return new HawserError('Forbidden', `permission denied: ${resource}, ${action}, ${object}${who}`);
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
