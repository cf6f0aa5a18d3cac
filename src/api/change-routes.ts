// Trying a change of an Application's files: what a page needs to render it by itself, and the change as a commit.
//
// Who may change what an Application takes from Git could have any file of its repository rendered where it can be read; so `applications,
// update` is what reading its files is worth, and `get` is not: manifests are shown with their Secrets masked, files cannot be. Whoever may
// not see the repository itself (`repositories, get`) is not shown them either, as with Argo CD's appdetails. A commit is written with the
// installation's credentials for writing: whoever may change those (`write-repositories, update`) may use them.

import * as z from 'zod';
import type { Principal } from '../account/principal.ts';
import { sourcesOf } from '../application/parse.ts';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { repositoryObject, writerObject } from './find-repository.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';
import { applicationSource } from './schema/application.ts';
import { applicationQuery } from './schema/values.ts';

const ONE = '/api/v1/applications/:name';

const texts = z.record(z.string(), z.string());

const inputTree = z.object({
  texts,
  binaries: texts,
  noFiles: z.array(z.string()),
  folders: z.record(
    z.string(),
    z.array(z.object({ name: z.string(), kind: z.enum(['file', 'directory', 'symlink', 'submodule']) })).nullable(),
  ),
  links: z.record(z.string(), z.string().nullable()),
  hasLinks: z.boolean(),
});

const changeableSource = z.object({
  source: applicationSource,
  revision: z.string(),
  path: z.string(),
  field: z.string(),
  type: z.enum(['Helm', 'Kustomize', 'Directory', 'Plugin', '']),
  tree: inputTree,
  charts: z.array(z.object({ repository: z.string(), name: z.string(), version: z.string(), archive: z.string() })),
  urls: z.array(z.object({ url: z.string(), content: z.string() })),
  remoteFiles: z.array(z.object({ url: z.string(), content: z.string().optional(), status: z.int().optional() })),
  remoteTrees: z.array(z.object({ key: z.string(), tree: inputTree })),
  editable: z.array(z.string()),
  folder: z.string().optional(),
  branch: z.string().optional(),
  isWritable: z.boolean(),
});

const renderInput = z.object({
  context: z.looseObject({
    appName: z.string(),
    appNamespace: z.string(),
    project: z.string(),
    namespace: z.string(),
    kubeVersion: z.string(),
    apiVersions: z.array(z.string()),
  }),
  nowMs: z.number(),
  sources: z.array(changeableSource),
  lookups: z.array(z.object({ apiVersion: z.string(), kind: z.string(), namespace: z.string(), name: z.string() })),
  generates: z.boolean(),
});

export function changeRoutes({ hawser }: ApiParts): readonly Route[] {
  /** Every source is read from a repository that one may see. */
  async function requireRepositories(call: Call, app: Application): Promise<void> {
    for (const { repoURL } of sourcesOf(app.spec)) {
      const { url, project } = await hawser.repositories.find(repoURL, app.spec.project);
      call.require('repositories', 'get', repositoryObject({ url, project }));
    }
  }

  return [
    route({
      method: 'GET',
      path: `${ONE}/render-input`,
      summary: 'Everything that the manifests are rendered from, to render them again with changes (hawser’s own)',
      need: { kind: 'application', action: 'update' },
      query: z.object(applicationQuery),
      answer: renderInput,
      handle: async (call) => {
        const app = call.application();
        await requireRepositories(call, app);
        return hawser.changes.input(app);
      },
    }),
    route({
      method: 'POST',
      path: `${ONE}/commits`,
      summary:
        'Changed files of a source as a commit, pushed to a branch with the credentials for writing (hawser’s own)',
      need: { kind: 'application', action: 'update' },
      body: z.looseObject({
        appNamespace: z.string().nullish(),
        project: z.string().nullish(),
        source: z.int().min(0).default(0),
        branch: z.string(),
        createBranch: z.boolean().default(false),
        message: z.string(),
        files: z.record(z.string(), z.string(), 'must be a map from paths in the repository to texts'),
        baseRevision: z.string(),
      }),
      answer: z.object({ commit: z.string(), branch: z.string(), url: z.string().optional() }),
      handle: async (call) => {
        const app = call.application();
        const { source, branch, createBranch, message, files, baseRevision } = call.body;
        const { repoURL } = sourcesOf(app.spec)[source] ?? {};
        if (repoURL === undefined) throw new HawserError('InvalidInput', `body: source: there is no source ${source}`);
        const { url, project } = await hawser.repositories.find(repoURL, app.spec.project);
        call.require('repositories', 'get', repositoryObject({ url, project }));
        const writer = await writerObject(hawser.repositories, { url, project }, app.spec.project);
        call.require('write-repositories', 'update', writer);
        const author = authorOf(call.principal);
        return hawser.changes.commit(app, { source, branch, createBranch, message, files, baseRevision, author });
      },
    }),
  ];
}

/** Whom the history names: an address where the name is one, and otherwise one that can reach nobody. */
function authorOf({ name, subject }: Principal): { readonly name: string; readonly email: string } {
  const shown = name || subject || 'anonymous';
  if (/^[^\s@]+@[^\s@]+$/.test(shown)) return { name: shown.split('@')[0] ?? shown, email: shown };
  return { name: shown, email: `${shown.replace(/[^A-Za-z0-9._-]+/g, '-')}@noreply.invalid` };
}
