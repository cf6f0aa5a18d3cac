// The description of the API (OpenAPI 3.0), made of the same tables that are mounted: their schemas are those that check what is sent.

import * as z from 'zod';
import { isObject } from '../base/json.ts';
import type { Need, Route } from './route.ts';

type Json = Record<string, unknown>;

/** The document of these routes. */
export function describeApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'hawser',
      description: 'The routes that Argo CD’s clients call, and hawser’s own.',
      version,
    },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A session, an API token, or hawser’s own token' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'argocd.token' },
      },
      schemas: { Error: ERROR },
    },
  };
}

const ERROR = {
  type: 'object',
  required: ['error', 'code', 'message'],
  properties: {
    error: { type: 'string' },
    code: { type: 'integer', description: 'gRPC’s code' },
    message: { type: 'string' },
    hint: { type: 'string', description: 'What you can do about it' },
  },
};

function operationOf(route: Route): Json {
  const { method, path, summary, need, body, status = 200 } = route;
  return {
    summary,
    operationId: operationId(method, path),
    tags: [tagOf(path)],
    security: need.kind === 'open' ? [{}] : [{ bearer: [] }, { cookie: [] }],
    'x-need': needOf(need),
    parameters: [...pathParameters(path), ...queryParameters(route)],
    ...(body && { requestBody: { content: { 'application/json': { schema: schemaOf(body, 'input') } } } }),
    responses: { [status]: answerOf(route), default: FAILURE },
  };
}

const FAILURE = {
  description: 'What went wrong',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

function answerOf({ answer, isStream }: Route): Json {
  if (!answer) return { description: 'Done' };
  const schema = schemaOf(answer, 'output');
  if (!isStream) return { description: 'Done', content: { 'application/json': { schema } } };
  return {
    description: 'One JSON object a line, or server-sent events for whoever accepts them',
    content: { 'application/json': { schema }, 'text/event-stream': { schema: { type: 'string' } } },
  };
}

/** What a policy must allow. */
function needOf(need: Need): string {
  switch (need.kind) {
    case 'application':
      return typeof need.action === 'string' ? `applications, ${need.action}` : 'applications';
    case 'object':
      return `${need.resource}, ${need.action}`;
    default:
      return need.kind;
  }
}

function pathParameters(path: string): Json[] {
  return parameterNames(path).map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function queryParameters({ query }: Route): Json[] {
  const { properties, required } = query ? schemaOf(query, 'input') : {};
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(needed.includes(name) && { required: true }),
    ...(isObject(schema) && typeof schema.description === 'string' && { description: schema.description }),
    schema,
  }));
}

/** `:name`, and `:repo{.+}` with what it matches. */
const PARAMETER = /:([A-Za-z]\w*)(\{[^}]*\})?\??/g;

function openApiPath(path: string): string {
  return path.replace(PARAMETER, '{$1}').replace(/\*$/, '{rest}');
}

function parameterNames(path: string): string[] {
  return [...openApiPath(path).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** `getApiV1ApplicationsNameSpec`. */
function operationId(method: string, path: string): string {
  const words = openApiPath(path).match(/\w+/g) ?? [];
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

/** `applications` of `/api/v1/applications/…`, `badge` of `/api/badge`. */
function tagOf(path: string): string {
  return /^\/(?:api\/)?(?:v1\/)?(?:stream\/)?([\w.-]+)/.exec(path)?.[1] ?? 'hawser';
}

/** What a client sends (`input`) or gets (`output`). What only the code of a check can say is left open. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' });
  return described;
}
