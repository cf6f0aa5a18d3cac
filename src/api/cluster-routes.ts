// The routes of clusters (Argo CD: server/cluster). Who may not see a cluster is not told whether there is one.

import * as z from 'zod';
import { type ClusterData, presentCluster } from '../application/cluster-shape.ts';
import { HawserError } from '../base/errors.ts';
import { withoutUserinfo } from '../git/repository-url.ts';
import type { ClusterInfo, KnownCluster } from '../operation/cluster-book.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { type ClusterBody, clusterBodySchema, clusterSchema } from './schema/cluster.ts';
import { flag, texts } from './schema/values.ts';

const PATH = '/api/v1/clusters';
const ONE = `${PATH}/:id`;

/** `id.type`: `name` and `name_escaped` are names, everything else an address. */
const query = z.looseObject({ 'id.type': z.string().optional() });

type IdCall = Call<{ 'id.type'?: string | undefined }>;

export function clusterRoutes({ hawser: { clusters: book } }: ApiParts): readonly Route[] {
  async function present(cluster: KnownCluster) {
    const [info] = await book.info([cluster]);
    return presentWith(cluster, info);
  }

  /** All of that name or address; a name may be that of several. */
  async function find(call: IdCall): Promise<readonly [KnownCluster, ...KnownCluster[]]> {
    const { 'id.type': type = 'url' } = call.query;
    const id = call.param('id');
    const all = await book.list();
    const [first, ...others] = all.filter(({ data }) => {
      if (type === 'name') return data.name === id;
      return type === 'name_escaped' ? data.name === unescapeQuery(id) : isAt(data, id);
    });
    if (!first) throw new HawserError('Forbidden', 'permission denied');
    return [first, ...others];
  }

  async function findPermitted(call: IdCall, action: string): Promise<KnownCluster> {
    const [cluster] = await find(call);
    call.require('clusters', action, clusterObject(cluster.data));
    return cluster;
  }

  return [
    route({
      method: 'GET',
      path: PATH,
      summary: 'All clusters that one may see, and whether they can be reached.',
      need: { kind: 'session' },
      query: z.looseObject({
        server: z.string().optional(),
        name: z.string().optional(),
        'id.type': z.string().optional(),
        'id.value': z.string().optional(),
        /** hawser's own: `known` tells what was found of late, and asks no cluster, for a page that asks about each of them then. */
        connection: z.enum(['tried', 'known']).optional(),
      }),
      answer: z.object({ metadata: z.object({}), items: z.array(clusterSchema) }),
      handle: async ({ query: { server, name, connection, ...id }, rights }) => {
        const byId = id['id.value'];
        const idName = id['id.type'] === 'name' ? byId : unescapeQuery(byId ?? '');
        const isNamed = id['id.type'] === 'name' || id['id.type'] === 'name_escaped';
        const permitted = (await book.list()).filter(
          ({ data }) =>
            (!server || isAt(data, server)) &&
            (!name || data.name === name) &&
            (!byId || (isNamed ? data.name === idName : isAt(data, byId))) &&
            rights.may('clusters', 'get', clusterObject(data)),
        );
        const infos = await book.info(permitted, { isKnownOnly: connection === 'known' });
        return { metadata: {}, items: permitted.map((cluster, index) => presentWith(cluster, infos[index])) };
      },
    }),
    route({
      method: 'POST',
      path: PATH,
      summary: 'Makes a cluster known, after it was reached with what is given.',
      need: {
        kind: 'object',
        resource: 'clusters',
        action: 'create',
        object: ({ body }) => clusterObject(toData(clusterBodySchema.parse(body))),
      },
      query: z.looseObject({ upsert: flag.optional() }),
      body: clusterBodySchema,
      answer: clusterSchema,
      handle: async (call) => {
        const data = toData(call.body);
        if (data.server === '')
          throw new HawserError('InvalidInput', 'server is missing: the address of the API server');
        const made = await book.create(data, {
          isUpsert: call.query.upsert === true,
          beforeUpdate: (known) => {
            call.require('clusters', 'update', clusterObject(known.data));
            call.require('clusters', 'update', clusterObject(data));
          },
        });
        return present(made);
      },
    }),
    route({
      method: 'GET',
      path: ONE,
      summary: 'A cluster, and whether it can be reached.',
      need: { kind: 'session' },
      query,
      answer: clusterSchema,
      handle: async (call) => present(await findPermitted(call, 'get')),
    }),
    route({
      method: 'PUT',
      path: ONE,
      summary: 'Changes a cluster, or those of its fields that updatedFields names, after it was reached with them.',
      need: { kind: 'session' },
      query: query.extend({ updatedFields: texts.optional() }),
      body: clusterBodySchema,
      answer: clusterSchema,
      handle: async (call) => {
        const known = await findPermitted(call, 'update');
        const { updatedFields = [] } = call.query;
        const given = toData({ ...call.body, server: call.body.server ?? known.data.server });
        if (given.server !== known.data.server) {
          throw new HawserError('InvalidInput', 'the address of a cluster cannot be changed', {
            hint: 'make another cluster known, and delete this one',
          });
        }
        const data = updatedFields.length === 0 ? given : withFields(known.data, given, updatedFields);
        if (data.project !== known.data.project) call.require('clusters', 'update', clusterObject(data));
        return present(await book.update(known, data));
      },
    }),
    route({
      method: 'DELETE',
      path: ONE,
      summary: 'Forgets a cluster, and what it is reached with; all clusters of a name.',
      need: { kind: 'session' },
      query,
      handle: async (call) => {
        const clusters = await find(call);
        for (const { data } of clusters) call.require('clusters', 'delete', clusterObject(data));
        for (const cluster of clusters) await book.remove(cluster);
        return {};
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/invalidate-cache`,
      summary: 'Forgets what is remembered of a cluster: its kinds, and whether it can be reached.',
      need: { kind: 'session' },
      query,
      answer: clusterSchema,
      handle: async (call) => {
        const cluster = await findPermitted(call, 'update');
        await book.invalidate(cluster);
        return present(cluster);
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/rotate-auth`,
      summary: 'Another token of the service account by which a cluster is reached; the one before ends.',
      need: { kind: 'session' },
      query,
      handle: async (call) => {
        const clusters = await find(call);
        for (const { data } of clusters) call.require('clusters', 'update', clusterObject(data));
        for (const cluster of clusters) await book.rotate(cluster);
        return {};
      },
    }),
  ];
}

/** The name of a cluster in a policy. */
function clusterObject({ project, server }: ClusterData): string {
  const shown = withoutUserinfo(server);
  return project ? `${project}/${shown}` : shown;
}

function presentWith({ data }: KnownCluster, info: ClusterInfo | undefined) {
  // Those beside `info` are what older clients read.
  const older = info && {
    connectionState: info.connectionState,
    ...(info.serverVersion && { serverVersion: info.serverVersion }),
  };
  return { ...presentCluster(data), ...older, ...(info && { info }) };
}

function isAt({ server }: ClusterData, address: string): boolean {
  const text = address.replace(/\/+$/, '');
  return server === text || withoutUserinfo(server) === text;
}

function toData(body: ClusterBody): ClusterData {
  const { server = '', name, config, namespaces, clusterResources, project, shard, labels, annotations } = body;
  const address = server.trim().replace(/\/+$/, '');
  return {
    server: address,
    name: name || address,
    config: config ?? {},
    namespaces: namespaces ?? [],
    clusterResources: clusterResources ?? false,
    project: project ?? '',
    ...(typeof shard === 'number' && { shard }),
    labels: labels ?? {},
    annotations: annotations ?? {},
  };
}

const FIELDS = [
  'name',
  'namespaces',
  'config',
  'shard',
  'clusterResources',
  'labels',
  'annotations',
  'project',
] as const;

/** Unknown names change nothing, as in Argo CD. */
function withFields(known: ClusterData, given: ClusterData, names: readonly string[]): ClusterData {
  const chosen = FIELDS.filter((field) => names.includes(field));
  return { ...known, ...Object.fromEntries(chosen.map((field) => [field, given[field]])) };
}

/** Go: url.QueryUnescape. */
function unescapeQuery(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text; // Such a name no cluster has.
  }
}
