// The routes of templates of credentials, for reading and, with rights of their own, for writing (Argo CD: server/repocreds).

import * as z from 'zod';
import type { RepositoryData } from '../application/repository-secret.ts';
import { credentialKinds, presentCredentials, repositoryDataOf, shownUrl } from '../application/repository-shape.ts';
import { isObject } from '../base/json.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { Purpose } from '../operation/repository-book.ts';
import { type ApiParts, type Route, route } from './route.ts';
import { credentialsSchema } from './schema/repository.ts';
import { flag } from './schema/values.ts';

const RESOURCES = { read: 'repositories', write: 'write-repositories' } as const;
const PATHS = { read: '/api/v1/repocreds', write: '/api/v1/write-repocreds' } as const;

const body = z.looseObject({});

export function credentialsRoutes(parts: ApiParts): readonly Route[] {
  return [...routesFor(parts, 'read'), ...routesFor(parts, 'write')];
}

function routesFor({ hawser: { repositories: book } }: ApiParts, purpose: Purpose): readonly Route[] {
  const resource = RESOURCES[purpose];
  const base = PATHS[purpose];
  const kind = purpose === 'write' ? 'for writing ' : '';
  return [
    route({
      method: 'GET',
      path: base,
      summary: `All templates of credentials ${kind}that one may see, without what is secret.`,
      need: { kind: 'session' },
      answer: z.object({ metadata: z.object({}), items: z.array(credentialsSchema) }),
      handle: async ({ rights }) => {
        const all = await book.listCredentials(purpose);
        const permitted = all.filter((data) => rights.may(resource, 'get', shownUrl(data)));
        return { metadata: {}, items: permitted.map(presentTemplate) };
      },
    }),
    route({
      method: 'POST',
      path: base,
      summary: `Makes a template of credentials ${kind}known.`,
      need: { kind: 'object', resource, action: 'create', object: (call) => shownUrl(dataOf(call.body)) },
      query: z.looseObject({ upsert: flag.optional() }),
      body,
      answer: credentialsSchema,
      handle: async (call) => {
        const data = dataOf(call.body);
        await book.createCredentials(purpose, data, {
          isUpsert: call.query.upsert === true,
          beforeUpdate: () => call.require(resource, 'update', shownUrl(data)),
        });
        return { url: shownUrl(data) };
      },
    }),
    route({
      method: 'PUT',
      path: `${base}/:url`,
      summary: `Changes a template of credentials ${kind}.`.replace(' .', '.'),
      need: { kind: 'object', resource, action: 'update', object: (call) => withoutUserinfo(call.param('url')) },
      body,
      answer: credentialsSchema,
      handle: async (call) => {
        const data = { ...dataOf(call.body), url: call.param('url') };
        await book.updateCredentials(purpose, data);
        return { url: shownUrl(data) };
      },
    }),
    route({
      method: 'DELETE',
      path: `${base}/:url`,
      summary: `Forgets a template of credentials ${kind}.`.replace(' .', '.'),
      need: { kind: 'object', resource, action: 'delete', object: (call) => withoutUserinfo(call.param('url')) },
      handle: async (call) => {
        await book.removeCredentials(purpose, call.param('url'));
        return {};
      },
    }),
  ];
}

function presentTemplate(data: RepositoryData) {
  const credentials = credentialKinds(data);
  return { ...presentCredentials(data), ...(credentials.length > 0 && { credentials }) };
}

function dataOf(given: unknown): RepositoryData {
  return repositoryDataOf(isObject(given) ? given : {});
}
