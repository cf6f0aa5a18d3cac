// The routes of AppProjects (Argo CD: server/project). Tokens of their roles are in account-routes.ts, Events in event-routes.ts.

import * as z from 'zod';
import { presentCluster } from '../application/cluster-shape.ts';
import { presentRepository } from '../application/repository-shape.ts';
import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import type { ProjectReach } from '../operation/project-book.ts';
import { presentObject } from './present-object.ts';
import { type ApiParts, type Call, type Need, type Route, route } from './route.ts';
import { clusterSchema } from './schema/cluster.ts';
import { type ProjectBody, projectSchema, syncWindowSchema } from './schema/project.ts';
import { repositorySchema } from './schema/repository.ts';
import { flag } from './schema/values.ts';

const PATH = '/api/v1/projects';
const ONE = `${PATH}/:name`;

const list = z.object({ metadata: z.object({}), items: z.array(projectSchema) });

export function projectRoutes({ hawser }: ApiParts): readonly Route[] {
  const { projects, repositories, clusters } = hawser;
  return [
    route({
      method: 'GET',
      path: PATH,
      summary: 'All projects that one may see.',
      need: { kind: 'session' },
      answer: list,
      handle: async ({ rights }) => {
        const all = await projects.list();
        const items = all.filter(({ metadata }) => rights.may('projects', 'get', metadata.name ?? ''));
        return { metadata: {}, items: items.map(presentObject) };
      },
    }),
    route({
      method: 'POST',
      path: PATH,
      summary: 'Makes a project.',
      need: { kind: 'object', resource: 'projects', action: 'create', object: nameInBody },
      body: z.looseObject({ project: projectSchema.nullish(), upsert: z.boolean().nullish() }),
      query: z.looseObject({ upsert: flag.optional() }),
      answer: projectSchema,
      handle: async (call) => {
        const { project, upsert } = call.body;
        const made = await projects.create(toObject(project), call.principal.name, {
          isUpsert: upsert === true || call.query.upsert === true,
          beforeUpdate: (reach) => {
            call.require('projects', 'update', project?.metadata.name ?? '');
            requireReach(call, reach);
          },
        });
        return presentObject(made);
      },
    }),
    route({
      method: 'GET',
      path: ONE,
      summary: 'A project.',
      need: projectNeed('get'),
      answer: projectSchema,
      handle: async (call) => presentObject(await projects.get(call.param('name'))),
    }),
    route({
      method: 'PUT',
      path: ONE,
      summary: 'Changes a project: all of its spec.',
      need: projectNeed('update'),
      body: z.looseObject({ project: projectSchema.nullish() }),
      answer: projectSchema,
      handle: async (call) => {
        const project = toObject(call.body.project);
        const named = { ...project, metadata: { ...project.metadata, name: call.param('name') } };
        return presentObject(await projects.update(named, call.principal.name, (reach) => requireReach(call, reach)));
      },
    }),
    route({
      method: 'DELETE',
      path: ONE,
      summary: 'Deletes a project that no Application names.',
      need: projectNeed('delete'),
      handle: async (call) => {
        await projects.remove(call.param('name'), call.principal.name);
        return {};
      },
    }),
    route({
      method: 'GET',
      path: `${ONE}/detailed`,
      summary: 'A project with what is registered for it alone, and the global projects whose rules it has.',
      need: projectNeed('get'),
      answer: z.object({
        globalProjects: z.array(projectSchema),
        project: projectSchema,
        repositories: z.array(repositorySchema.omit({ connectionState: true })),
        clusters: z.array(clusterSchema),
      }),
      handle: async (call) => {
        const name = call.param('name');
        const project = await projects.get(name);
        const [globalProjects, knownRepositories, knownClusters] = await Promise.all([
          projects.globalProjects(project),
          repositories.list('read'),
          clusters.list(),
        ]);
        return {
          globalProjects: globalProjects.map(presentObject),
          project: presentObject(project),
          repositories: knownRepositories
            .filter(({ data }) => data.project === name)
            .map(({ data }) => presentRepository(data)),
          clusters: knownClusters.filter(({ data }) => data.project === name).map(({ data }) => presentCluster(data)),
        };
      },
    }),
    route({
      method: 'GET',
      path: `${ONE}/globalprojects`,
      summary: 'The global projects whose rules are added to those of a project.',
      need: projectNeed('get'),
      answer: z.object({ items: z.array(projectSchema) }),
      handle: async (call) => {
        const found = await projects.globalProjects(await projects.get(call.param('name')));
        return { items: found.map(presentObject) };
      },
    }),
    route({
      method: 'GET',
      path: `${ONE}/syncwindows`,
      summary: 'Those of a project’s sync windows that are open now.',
      need: projectNeed('get'),
      answer: z.object({ windows: z.array(syncWindowSchema) }),
      handle: async (call) => ({ windows: await projects.activeWindows(call.param('name')) }),
    }),
    route({
      method: 'GET',
      path: `${ONE}/links`,
      summary: 'Links that argocd-cm has for a project (project.links).',
      need: projectNeed('get'),
      answer: z.object({ items: z.array(z.looseObject({ title: z.string(), url: z.string() })) }),
      handle: async (call) => ({ items: await projects.links(call.param('name')) }),
    }),
  ];
}

function projectNeed(action: string): Need {
  return { kind: 'object', resource: 'projects', action, object: (call) => call.param('name') };
}

function nameInBody({ body }: Call): string {
  const project = isObject(body) && isObject(body.project) ? body.project : {};
  const { name } = isObject(project.metadata) ? project.metadata : {};
  return typeof name === 'string' ? name : '';
}

function toObject(project: ProjectBody | null | undefined): KubeObject {
  if (!project) throw new HawserError('InvalidInput', "missing payload 'project' in request");
  const { name, namespace, resourceVersion, labels, annotations, finalizers } = project.metadata;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(resourceVersion && { resourceVersion }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
    },
    spec: withoutNulls(project.spec),
    ...(project.status && { status: project.status }),
  };
}

/** Go's clients write null for a list that is absent. */
function withoutNulls(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== null));
}

function requireReach(call: Pick<Call, 'require'>, { clusters, repositories }: ProjectReach): void {
  for (const cluster of clusters) call.require('clusters', 'update', cluster);
  for (const repository of repositories) call.require('repositories', 'update', repository);
}
