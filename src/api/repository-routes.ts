// The routes of repositories: those that are read, and, with rights of their own, those that are written to (Argo CD: server/repository).

import * as z from 'zod';
import type { RepositoryData } from '../application/repository-secret.ts';
import {
  credentialKinds,
  presentRepository,
  repositoryDataOf,
  shownUrl,
  typeOfRepository,
} from '../application/repository-shape.ts';
import { isObject } from '../base/json.ts';
import type { KnownRepository, Purpose } from '../operation/repository-book.ts';
import type { ConnectionState } from '../operation/repository-states.ts';
import { findRepository, isNamed, listPermitted, RBAC_OF, repositoryObject } from './find-repository.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { repositorySchema } from './schema/repository.ts';
import { flag } from './schema/values.ts';

const body = z.looseObject({});
const query = z.looseObject({ forceRefresh: flag.optional(), appProject: z.string().optional() });
/** hawser's own: `known` tells what was found of late, and tries nothing, for a page that asks about each of them then. */
const listQuery = query.extend({ connection: z.enum(['tried', 'known']).optional() });

export function repositoryRoutes(parts: ApiParts): readonly Route[] {
  return [...routesFor(parts, 'read'), ...routesFor(parts, 'write')];
}

function routesFor({ hawser: { repositories: book } }: ApiParts, purpose: Purpose): readonly Route[] {
  const resource = RBAC_OF[purpose];
  const base = `/api/v1/${resource}`;
  const kind = purpose === 'write' ? 'that are written to ' : '';

  async function present(repository: KnownRepository, isFresh: boolean) {
    return presentWith(repository, await book.connectionState(repository, { isFresh }));
  }

  return [
    route({
      method: 'GET',
      path: base,
      summary: `All repositories ${kind}that one may see, and whether they can be reached.`,
      need: { kind: 'session' },
      query: listQuery,
      answer: z.object({ metadata: z.object({}), items: z.array(repositorySchema) }),
      handle: async (call) => {
        const items = await listPermitted(book, call, purpose);
        if (call.query.connection === 'known') {
          return { metadata: {}, items: items.map((one) => presentWith(one, book.knownState(one))) };
        }
        const isFresh = call.query.forceRefresh === true;
        return { metadata: {}, items: await Promise.all(items.map((one) => present(one, isFresh))) };
      },
    }),
    route({
      method: 'POST',
      path: base,
      summary: `Makes a repository ${kind}known, after it was reached with what is given.`,
      need: { kind: 'object', resource, action: 'create', object: (call) => repositoryObject(dataOf(call.body)) },
      query: z.looseObject({ upsert: flag.optional() }),
      body,
      answer: repositorySchema,
      handle: async (call) => {
        const data = dataOf(call.body);
        await book.create(purpose, data, {
          isUpsert: call.query.upsert === true,
          beforeUpdate: () => call.require(resource, 'update', repositoryObject(data)),
        });
        return presentSaved(data);
      },
    }),
    route({
      method: 'GET',
      path: `${base}/:repo`,
      summary: `A repository ${kind}and whether it can be reached.`,
      need: { kind: 'session' },
      query,
      answer: repositorySchema,
      handle: async (call) => {
        const { appProject = '', forceRefresh = false } = call.query;
        return present(await findRepository(book, call, { purpose, project: appProject }), forceRefresh);
      },
    }),
    route({
      method: 'PUT',
      path: `${base}/:repo`,
      summary: `Changes the settings of a repository ${kind}after it was reached with them.`,
      need: { kind: 'session' },
      // hawser's own: where the body has no credentials, those that are known stay.
      query: z.looseObject({ keepCredentials: flag.optional() }),
      body,
      answer: repositorySchema,
      handle: async (call) => {
        const url = call.param('repo');
        const data: RepositoryData = { ...dataOf(call.body), url };
        const known = await book.list(purpose);
        const same = known.filter((one) => isNamed(one.data, url)).map((one) => one.data);
        const found =
          same.find(({ project = '' }) => project === (data.project ?? '')) ?? same.find(({ project }) => !project);
        // Where it is, and where it shall be.
        call.require(resource, 'update', repositoryObject(found ?? { url }));
        call.require(resource, 'update', repositoryObject(data));
        await book.update(purpose, data, { keepsCredentials: call.query.keepCredentials === true });
        return presentSaved(data);
      },
    }),
    route({
      method: 'DELETE',
      path: `${base}/:repo`,
      summary: `Forgets a repository ${kind}and the credentials for it.`,
      need: { kind: 'session' },
      query,
      handle: async (call) => {
        const { appProject: project = '' } = call.query;
        const repository = await findRepository(book, call, { purpose, project });
        call.require(resource, 'delete', repositoryObject(repository.data));
        await book.remove(repository);
        return {};
      },
    }),
    route({
      method: 'POST',
      path: `${base}/:repo/validate`,
      summary: `Whether a repository ${kind}could be reached with these settings; nothing is saved.`,
      need: { kind: 'object', resource, action: 'create', object: (call) => repositoryObject(settingsOf(call)) },
      query: z.looseObject({}),
      // Argo CD's is the address alone, as a text, and all else is in the query.
      body: z.unknown(),
      handle: async (call) => {
        await book.test(purpose, settingsOf(call));
        return {};
      },
    }),
  ];
}

function presentWith({ data, isInherited }: KnownRepository, connectionState: ConnectionState) {
  const credentials = credentialKinds(data);
  return {
    ...presentRepository(data),
    ...(isInherited && { inheritedCreds: true }),
    ...(credentials.length > 0 && { credentials }),
    connectionState,
  };
}

function dataOf(given: unknown): RepositoryData {
  return repositoryDataOf(isObject(given) ? given : {});
}

function presentSaved(data: RepositoryData) {
  const { name } = data;
  return {
    repo: shownUrl(data),
    type: typeOfRepository(data),
    ...(name && { name }),
    ...(data.project && { project: data.project }),
    connectionState: { status: 'Successful', message: '', attemptedAt: null },
  };
}

const QUERY_NAMES: Readonly<Record<string, string>> = {
  enableOci: 'enableOCI',
  insecureOciForceHttp: 'insecureOCIForceHttp',
};

function settingsOf(call: Call): RepositoryData {
  const given = { ...(isObject(call.query) ? call.query : {}), ...(isObject(call.body) ? call.body : {}) };
  const settings = Object.entries(given).map(([key, value]) => {
    const isFlag = value === 'true' || value === 'false';
    return [QUERY_NAMES[key] ?? key, isFlag ? value === 'true' : value] as const;
  });
  return { ...repositoryDataOf(Object.fromEntries(settings)), url: call.param('repo') };
}
