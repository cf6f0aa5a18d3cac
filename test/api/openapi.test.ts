// /openapi.json: what it says of the API is what is mounted, and what is answered.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Accounts } from '../../src/account/accounts.ts';
import { describeApi } from '../../src/api/openapi.ts';
import { type Route, route } from '../../src/api/route.ts';
import { routesOf } from '../../src/api/routes.ts';
import { int64, texts } from '../../src/api/schema/values.ts';
import { at, isObject } from '../../src/base/json.ts';
import { type AccountGround, createAccountGround } from '../support/account-ground.ts';
import { appPlatform } from '../support/app-platform.ts';
import type { Ground } from '../support/ground.ts';

let here: AccountGround;
let ground: Ground;
let routes: readonly Route[];
let document: unknown;
beforeAll(async () => {
  here = await createAccountGround();
  ground = here.ground;
  const repository = await ground.createRepository('devops/app', {
    'm/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  key: one\n',
  });
  await ground.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } });
  await ground.createApplication({ name: 'app', repository, path: 'm', destinationNamespace: 'app' });
  await ground.refresh('app');
  await ground.sync('app');
  // Which routes there are depends on none of these.
  routes = routesOf({ hawser: ground.hawser, accounts: {} as Accounts, platform: appPlatform() });
  document = (await ground.request('GET', '/openapi.json')).body;
});
afterAll(() => here.close());

/** `[method path, operation]`. */
function operations(of: unknown): readonly (readonly [string, Record<string, unknown>])[] {
  const paths = at(of, 'paths');
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.entries(isObject(item) ? item : {}).map(
      ([method, operation]) => [`${method} ${path}`, isObject(operation) ? operation : {}] as const,
    ),
  );
}

/** Every object in the document that stands where a schema may. */
function* schemas(value: unknown, place = ''): Generator<readonly [string, Record<string, unknown>]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* schemas(item, `${place}/${index}`);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'schema' && isObject(item)) yield* inner(item, `${place}/schema`);
    else yield* schemas(item, `${place}/${key}`);
  }
}

function* inner(schema: Record<string, unknown>, place: string): Generator<readonly [string, Record<string, unknown>]> {
  yield [place, schema];
  const below = [
    ...Object.entries(isObject(schema.properties) ? schema.properties : {}),
    ...(['anyOf', 'oneOf', 'allOf'] as const).flatMap((key) =>
      (Array.isArray(schema[key]) ? schema[key] : []).map((item, index) => [`${key}/${index}`, item] as const),
    ),
    ['items', schema.items] as const,
    ['additionalProperties', schema.additionalProperties] as const,
  ];
  for (const [key, item] of below) if (isObject(item)) yield* inner(item, `${place}/${key}`);
}

/** Of OpenAPI 3.0.3, 4.7.24; `const`, lists of types and the like came later. */
const SCHEMA_KEYWORDS = new Set(
  'type format title description default nullable enum properties required additionalProperties items anyOf oneOf allOf not pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems uniqueItems minProperties maxProperties readOnly writeOnly deprecated example $ref'.split(
    ' ',
  ),
);

describe('the description of the API', () => {
  it('is OpenAPI 3.0, the same at both addresses, for whoever asks', async () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.0\.\d$/),
      info: { title: 'hawser', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    });
    const open = await here.request('GET', '/swagger.json');
    expect(open.status).toBe(200);
    expect(await open.json()).toEqual(document);
  });

  it('has every route, and no other', () => {
    const wanted = routes.map(
      ({ method, path }) =>
        `${method.toLowerCase()} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}').replace(/\*$/, '{rest}')}`,
    );
    expect(wanted.length).toBeGreaterThan(80);
    expect(
      operations(document)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...new Set(wanted)].sort());
    expect(new Set(wanted).size).toBe(wanted.length);
  });

  it('declares every parameter of a path, and none twice', () => {
    for (const [name, { parameters }] of operations(document)) {
      const list = (Array.isArray(parameters) ? parameters : []).filter(isObject);
      const inPath = list.filter((one) => one.in === 'path');
      const wanted = [...name.matchAll(/\{(\w+)\}/g)].map(([, found]) => found);
      expect(
        inPath.map((one) => one.name),
        name,
      ).toEqual(wanted);
      expect(
        inPath.every((one) => one.required === true),
        name,
      ).toBe(true);
      expect(new Set(list.map((one) => `${one.in} ${one.name}`)).size, name).toBe(list.length);
      expect(
        list.every(({ schema }) => isObject(schema)),
        name,
      ).toBe(true);
    }
  });

  it('names each operation once, and says what it does and what it answers', () => {
    const all = operations(document);
    expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(all.length);
    for (const [name, operation] of all) {
      expect(operation.summary, name).toBeTruthy();
      expect(operation.tags, name).toHaveLength(1);
      expect(Object.keys(isObject(operation.responses) ? operation.responses : {}), name).toContain('default');
      for (const answer of Object.values(isObject(operation.responses) ? operation.responses : {})) {
        expect(at(answer, 'description'), name).toBeTruthy();
      }
      if (operation.requestBody !== undefined) expect(name).not.toMatch(/^get /);
    }
  });

  it('uses no keyword that OpenAPI 3.0 does not have', () => {
    const wrong: string[] = [];
    for (const [place, schema] of schemas(document)) {
      if (Array.isArray(schema.type)) wrong.push(`${place}: type`);
      wrong.push(
        ...Object.keys(schema)
          .filter((key) => !SCHEMA_KEYWORDS.has(key) && !key.startsWith('x-'))
          .map((key) => `${place}: ${key}`),
      );
      const ref = schema.$ref;
      if (typeof ref === 'string' && at(document, ...ref.slice(2).split('/')) === undefined)
        wrong.push(`${place}: ${ref}`);
    }
    expect(wrong).toEqual([]);
  });

  it('writes what a schema says, of what is sent and of what comes back', () => {
    const described = describeApi(
      [
        route({
          method: 'POST',
          path: '/api/v1/things/:id/parts/:part{.+}',
          summary: 'Make a part',
          need: { kind: 'object', resource: 'projects', action: 'update', object: () => 'x' },
          query: z.object({ force: z.string().optional(), names: texts.optional(), count: int64 }),
          body: z.looseObject({ name: z.string() }),
          answer: z.object({ made: z.boolean() }),
          handle: async () => ({}),
        }),
      ],
      '1.2.3',
    );
    expect(described).toMatchObject({
      paths: {
        '/api/v1/things/{id}/parts/{part}': {
          post: {
            'x-need': 'projects, update',
            tags: ['things'],
            parameters: [
              { name: 'id', in: 'path', required: true },
              { name: 'part', in: 'path', required: true },
              { name: 'force', in: 'query' },
              { name: 'names', in: 'query' },
              { name: 'count', in: 'query', required: true },
            ],
            requestBody: { content: { 'application/json': { schema: { required: ['name'] } } } },
            responses: { 200: { content: { 'application/json': { schema: { required: ['made'] } } } } },
          },
        },
      },
    });
  });
});

describe('what is answered', () => {
  const sample: Readonly<Record<string, string>> = { name: 'app', project: 'default' };

  it('is as it is described, route by route', async () => {
    const { status } = await ground.application('app');
    const params: Record<string, string> = { ...sample, revision: status.sync?.revision ?? '' };
    const checked: string[] = [];
    for (const { method, path, answer, isStream } of routes) {
      const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
      const isKnown = names.every((name) => params[name] !== undefined);
      const isApplication = path.startsWith('/api/v1/applications');
      if (method !== 'GET' || !answer || isStream || !isKnown || (names.includes('name') && !isApplication)) continue;
      const filled = path.replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => params[name] ?? '');
      const found = await ground.request('GET', filled);
      if (found.status !== 200) continue;
      const { error } = answer.safeParse(found.body);
      expect(error && `${path}: ${error.message}`).toBeUndefined();
      checked.push(path);
    }
    expect(checked.length).toBeGreaterThan(15);
    expect(checked).toContain('/api/v1/applications/:name/managed-resources');
  });
});
