// The routes that look into a repository for whoever is about to make an Application of it: refs, charts, tags, folders.

import * as z from 'zod';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { isSourceOf } from '../operation/describe-source.ts';
import type { RepositoryContents } from '../operation/repository-contents.ts';
import { parseSource } from '../source/source-fields.ts';
import { repositoryObject } from './find-repository.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { int64 } from './schema/values.ts';

const query = z.looseObject({ appProject: z.string().optional() });
const names = z.array(z.string());

export function repositoryContentRoutes({ hawser }: ApiParts): readonly Route[] {
  /** One that is not known is read without credentials, by whoever may get any of its address. */
  async function find(call: Call<{ appProject?: string | undefined }>): Promise<RepositoryContents> {
    const found = await hawser.repositories.find(call.param('repo'), call.query.appProject ?? '');
    call.require('repositories', 'get', repositoryObject({ url: found.url, project: found.project }));
    return found;
  }

  /** `name`, or `namespace/name`. */
  async function findApp(qualified: string): Promise<Application | undefined> {
    const slash = qualified.indexOf('/');
    const [namespace, name] =
      slash < 0 ? [undefined, qualified] : [qualified.slice(0, slash), qualified.slice(slash + 1)];
    try {
      return name === '' ? undefined : await hawser.getApplication(name, namespace);
    } catch (error) {
      if (isHawserError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  return [
    route({
      method: 'GET',
      path: '/api/v1/repositories/:repo/refs',
      summary: 'The branches and tags of a Git repository.',
      need: { kind: 'session' },
      query,
      answer: z.object({ branches: names, tags: names }),
      handle: async (call) => (await find(call)).refs(call.request.signal),
    }),
    route({
      method: 'GET',
      path: '/api/v1/repositories/:repo/oci-tags',
      summary: 'The versions among the tags of an OCI repository.',
      need: { kind: 'session' },
      query,
      answer: z.object({ tags: names }),
      handle: async (call) => ({ tags: await (await find(call)).tags(call.request.signal) }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/repositories/:repo/helmcharts',
      summary: 'The charts of a Helm repository with their versions.',
      need: { kind: 'session' },
      query,
      answer: z.object({ items: z.array(z.object({ name: z.string(), versions: names })) }),
      handle: async (call) => ({ items: await (await find(call)).charts(call.request.signal) }),
    }),
    route({
      method: 'GET',
      path: '/api/v1/repositories/:repo/apps',
      summary: 'The folders of a Git repository that hold a chart or a kustomization.',
      need: { kind: 'session' },
      query: query.extend({ revision: z.string().optional(), appName: z.string().optional() }),
      answer: z.object({ items: z.array(z.object({ path: z.string(), type: z.string() })) }),
      handle: async (call) => {
        const { revision = '', appName = '', appProject = '' } = call.query;
        const found = await find(call);
        const object = `${appProject}/${appName}`;
        // It has a repository fetched: only for somebody who may make an Application of it.
        if (!['create', 'update'].some((action) => call.rights.may('applications', action, object))) {
          throw new HawserError('Forbidden', 'permission denied');
        }
        await hawser.projects.requireSourcePermitted(appProject, found.url);
        return { items: await found.apps(revision, call.request.signal) };
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/repositories/:repo/appdetails',
      summary: 'What can be set of a source: parameters of a chart, images of a kustomization.',
      need: { kind: 'session' },
      body: z.looseObject({
        source: z.looseObject({ repoURL: z.string().optional() }).nullish(),
        appName: z.string().nullish(),
        appProject: z.string().nullish(),
        sourceIndex: int64.nullish(),
        versionId: int64.nullish(),
      }),
      answer: z.looseObject({
        type: z.string(),
        helm: z
          .looseObject({
            valueFiles: names,
            values: z.string(),
            parameters: z.array(z.object({ name: z.string(), value: z.string() })),
          })
          .optional(),
        kustomize: z.looseObject({ images: names }).optional(),
      }),
      handle: async (call) => {
        const { source: given, appName, appProject, sourceIndex, versionId } = call.body;
        const [name, project] = [appName ?? '', appProject ?? ''];
        const found = await hawser.repositories.find(call.param('repo'), project);
        call.require('repositories', 'get', repositoryObject({ url: found.url, project: found.project }));
        const object = `${project}/${name}`;
        call.require('applications', 'get', object);
        const app = await findApp(name);
        if (!app) call.require('applications', 'create', object);
        if (!given) throw new HawserError('InvalidInput', 'missing payload in request');
        const source = parseSource({ ...given, repoURL: call.param('repo') }, 'source');
        // Of one that is there, nobody looks at what it never was.
        const isKnown = app?.spec.project === project && isSourceOf(app, source, sourceIndex ?? 0, versionId ?? 0);
        if (app && !isKnown) throw new HawserError('Forbidden', 'permission denied');
        await hawser.projects.requireSourcePermitted(project, found.url);
        return found.describe(source, call.request.signal);
      },
    }),
  ];
}
