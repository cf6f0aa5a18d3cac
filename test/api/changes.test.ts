// Trying a change by the API: what a page renders from, that it renders the same as the server, and the change as a commit.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatGoJson } from '../../src/base/go-json.ts';
import { at } from '../../src/base/json.ts';
import { isSecret, maskSecrets } from '../../src/compare/mask-secret.ts';
import { withTracking } from '../../src/compare/tracking.ts';
import type { ChangeInput } from '../../src/operation/application-changes.ts';
import { renderInput, type SourceEdits } from '../../src/source/render-input.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const CHART = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'replicas: 1\nimage: nginx:1.29\n',
  'charts/web/templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations: {kube: {{ .Capabilities.KubeVersion }}}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: {{ .Values.image }}}]}
`,
  'charts/web/templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {key: {{ .Values.key | default "none" | quote }}}\n',
  'charts/web/files/logo.bin': new Uint8Array([0, 159, 146, 150]),
  'env/dev/values.yaml': 'replicas: 2\nkey: s3cr3t-in-git\n',
  'env/prod/values.yaml': 'replicas: 9\n',
};

const KUSTOMIZE = {
  'base/kustomization.yaml': 'resources: [map.yaml]\n',
  'base/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "1"}\n',
  'overlays/dev/kustomization.yaml':
    'resources: [../../base]\nnamePrefix: dev-\nconfigMapGenerator: [{name: env, envs: [.env]}]\n',
  'overlays/dev/.env': 'LEVEL=debug\n',
  'overlays/dev/unused.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: unused}\n',
};

const DIRECTORY = {
  'plain/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "1"}\n',
  'plain/more/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n',
};

const GENERATING = {
  'gen/Chart.yaml': 'apiVersion: v2\nname: gen\nversion: 1.0.0\n',
  'gen/values.yaml': 'color: red\n',
  'gen/templates/secret.yaml':
    'apiVersion: v1\nkind: Secret\nmetadata: {name: made}\ndata: {password: {{ randAlphaNum 20 | b64enc }}}\n',
  'gen/templates/map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata: {color: {{ .Values.color }}, found: {{ lookup "v1" "Namespace" "" "default" | empty | quote }}}\n',
};

let ground: Ground;
let as: Record<'machine' | 'viewer' | 'changer' | 'team' | 'committer', Ask>;

beforeAll(async () => {
  ground = await createGround(connectSandbox());
  const files = { ...CHART, ...KUSTOMIZE, ...DIRECTORY, ...GENERATING, 'outside.yaml': 'x: 1\n' };
  await ground.createRepository('devops/app', files);
  const repoURL = `${ground.gitUrl}/devops/app`;
  const make = async (name: string, source: object) =>
    ground.client.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: ground.namespace },
      spec: {
        project: 'default',
        syncPolicy: { syncOptions: ['CreateNamespace=true'] },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'web' },
        ...source,
      },
    });
  await make('helm', {
    source: { repoURL, path: 'charts/web', targetRevision: 'main', helm: { valueFiles: ['/env/dev/values.yaml'] } },
  });
  await make('refs', {
    sources: [
      {
        repoURL,
        path: 'charts/web',
        helm: { releaseName: 'two', valueFiles: ['values.yaml', '$values/env/prod/values.yaml'] },
      },
      { repoURL, ref: 'values', targetRevision: 'HEAD' },
    ],
  });
  await make('kustomize', { source: { repoURL, path: 'overlays/dev', targetRevision: 'main' } });
  await make('directory', { source: { repoURL, path: 'plain', targetRevision: 'main', directory: { recurse: true } } });
  await make('generating', { source: { repoURL, path: 'gen', targetRevision: 'main' } });
  as = await openApi(ground, {
    viewer: [
      'applications, get, default/*, allow',
      'applications, sync, default/*, allow',
      'repositories, get, *, allow',
    ],
    changer: [
      'applications, get, default/*, allow',
      'applications, update, default/*, allow',
      'repositories, get, *, allow',
    ],
    team: [
      'applications, get, default/*, allow',
      'applications, update, default/*, allow',
      'repositories, get, *, allow',
      'write-repositories, update, default/*, allow',
    ],
    committer: [
      'applications, get, default/*, allow',
      'applications, update, default/*, allow',
      'repositories, get, *, allow',
      'write-repositories, update, *, allow',
    ],
  });
});
afterAll(() => ground.close());

async function inputOf(name: string): Promise<ChangeInput> {
  const { status, body } = await as.machine('GET', `/api/v1/applications/${name}/render-input`);
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body as ChangeInput;
}

function stand() {
  const kept = new Map<string, string>();
  return {
    generated: {
      recall: (key: string) => kept.get(key),
      keep: (key: string, value: string) => void kept.set(key, value),
    },
    random: (length: number) => new Uint8Array(length).fill(7),
  };
}

/** As the server shows manifests. */
function manifestsOf(name: string, input: ChangeInput, edits: SourceEdits = {}): readonly string[] {
  return renderInput(input, edits, stand()).map((object) => {
    const tracked = withTracking(object, name, 'web');
    return formatGoJson(isSecret(tracked) ? (maskSecrets([tracked], new Set())[0] ?? tracked) : tracked);
  });
}

const edit = (path: string, text: string): SourceEdits => ({ 0: { [path]: new TextEncoder().encode(text) } });

describe('what a page renders from', () => {
  it.each(['helm', 'refs', 'kustomize', 'directory'])('gives the same bytes as the server: %s', async (name) => {
    const input = await inputOf(name);
    const { body } = await as.machine('GET', `/api/v1/applications/${name}/manifests`);
    const wanted = at(body, 'manifests');
    expect(wanted).toHaveLength(2);
    expect(manifestsOf(name, input)).toEqual(wanted);
  });

  it('names the files that may be changed, values files first, and no base that others use', async () => {
    expect((await inputOf('helm')).sources).toMatchObject([
      {
        type: 'Helm',
        folder: 'charts/web',
        branch: 'main',
        isWritable: false,
        editable: [
          'env/dev/values.yaml',
          'charts/web/Chart.yaml',
          'charts/web/templates/deployment.yaml',
          'charts/web/templates/secret.yaml',
          'charts/web/values.yaml',
        ],
      },
    ]);
    const [, values] = (await inputOf('refs')).sources;
    expect(values).toMatchObject({ type: '', branch: 'main', editable: ['env/prod/values.yaml'] });
    const [kustomize] = (await inputOf('kustomize')).sources;
    expect(kustomize).toMatchObject({
      type: 'Kustomize',
      editable: ['overlays/dev/.env', 'overlays/dev/kustomization.yaml', 'overlays/dev/unused.yaml'],
    });
    expect(Object.keys(kustomize?.tree.texts ?? {})).toContain('base/map.yaml');
    expect(Object.keys(kustomize?.tree.texts ?? {})).not.toContain('outside.yaml');
  });

  it('renders what was changed', async () => {
    const input = await inputOf('helm');
    const all = manifestsOf('helm', input, edit('env/dev/values.yaml', 'replicas: 5\n'));
    expect(all.some((text) => at(JSON.parse(text), 'spec', 'replicas') === 5)).toBe(true);
  });

  it('renders a file that is new, and one that nothing has read yet', async () => {
    const input = await inputOf('kustomize');
    const changed = manifestsOf(
      'kustomize',
      input,
      edit('overlays/dev/kustomization.yaml', 'resources: [../../base, unused.yaml]\n'),
    );
    expect(changed.map((text) => at(JSON.parse(text), 'metadata', 'name'))).toEqual(['settings', 'unused']);
    const added = manifestsOf('directory', await inputOf('directory'), {
      0: { 'plain/new/c.yaml': new TextEncoder().encode('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n') },
    });
    expect(added.map((text) => at(JSON.parse(text), 'metadata', 'name'))).toEqual(['a', 'b', 'c']);
  });

  it('says that it does not know a file that the source never read', async () => {
    const input = await inputOf('kustomize');
    const edits = edit('overlays/dev/kustomization.yaml', 'resources: [../../plain/a.yaml]\n');
    expect(() => manifestsOf('kustomize', input, edits)).toThrow(/plain.* is not among what was read/);
  });

  it('holds neither what the cluster has nor what is generated', async () => {
    await ground.sync('generating');
    const kept = await ground.get('v1', 'Secret', 'web', 'made');
    const password = String(at(kept, 'data', 'password'));
    expect(password).toMatch(/^[A-Za-z0-9+/=]{28}$/);
    const input = await inputOf('generating');
    expect(input).toMatchObject({
      generates: true,
      lookups: [{ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: 'default' }],
    });
    expect(JSON.stringify(input)).not.toContain(password);
    expect(JSON.stringify(input)).not.toContain(atob(password));
    expect(manifestsOf('generating', input)).toEqual(manifestsOf('generating', input));
  });

  it('is not for those who may not change the Application', async () => {
    expect((await as.viewer('GET', '/api/v1/applications/helm/render-input')).status).toBe(403);
    expect((await as.changer('GET', '/api/v1/applications/helm/render-input')).status).toBe(200);
  });
});

describe('what of a change touches the cluster', () => {
  it('is compared by dry runs with the changed files over those of the revision', async () => {
    const { revision } = (await inputOf('helm')).sources[0] ?? {};
    const { status, body } = await as.machine('POST', '/api/v1/applications/helm/server-side-diff', {
      revision,
      edits: { 0: { 'env/dev/values.yaml': 'replicas: 4\n' } },
    });
    expect(status).toBe(200);
    const states = (at(body, 'items') as unknown[]).map((item) => JSON.parse(String(at(item, 'targetState'))));
    expect(states.find(({ kind }) => kind === 'Deployment')).toMatchObject({ spec: { replicas: 4 } });
  });

  it('is not told to those who may sync the Application, and not change it', async () => {
    const body = { edits: { 0: { 'charts/web/templates/all.yaml': 'text: {{ .Files.Get "values.yaml" }}\n' } } };
    expect((await as.viewer('POST', '/api/v1/applications/helm/server-side-diff', body)).status).toBe(403);
    expect((await as.viewer('POST', '/api/v1/applications/helm/server-side-diff', {})).status).toBe(200);
  });

  it('refuses paths that lead out', async () => {
    const body = { edits: { 0: { '../x': '' } } };
    const answer = await as.machine('POST', '/api/v1/applications/helm/server-side-diff', body);
    expect(answer).toMatchObject({ status: 422 });
  });
});

describe('a change as a commit', () => {
  const commit = (who: Ask, more: object, name = 'helm') =>
    who('POST', `/api/v1/applications/${name}/commits`, {
      branch: 'hawser/try',
      createBranch: true,
      message: 'Raise the replicas',
      files: { 'env/dev/values.yaml': 'replicas: 3\n' },
      ...more,
    });
  const base = async () => (await inputOf('helm')).sources[0]?.revision ?? '';

  it('needs credentials for writing, and says how to add them', async () => {
    expect(await commit(as.committer, { baseRevision: await base() })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('nobody gave credentials for writing to it') },
    });
  });

  describe('with credentials', () => {
    beforeAll(async () => {
      await ground.client.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: 'writer',
          namespace: ground.namespace,
          labels: { 'argocd.argoproj.io/secret-type': 'repo-write-creds' },
        },
        data: { url: btoa(ground.gitUrl), username: btoa('devops'), password: btoa('git-password') },
      });
    });

    it('is pushed to a new branch in the name of whoever asks', async () => {
      const revision = await base();
      const { status, body } = await commit(as.committer, { baseRevision: revision });
      expect(status).toBe(200);
      const repository = ground.git.get('devops/app');
      const id = repository?.refs.get('refs/heads/hawser/try');
      expect(body).toEqual({ commit: id, branch: 'hawser/try' });
      const text = new TextDecoder().decode(repository?.objects.get(id ?? '')?.content);
      expect(text).toMatch(/^author committer <committer@noreply\.invalid> \d+ \+0000$/m);
      expect(text).toMatch(/^committer hawser <hawser@noreply\.invalid> \d+ \+0000$/m);
      expect(text).toContain(`parent ${revision}\n`);
      expect(JSON.stringify([body, ground.logs])).not.toContain('git-password');
    });

    it('is in the input from then on, which says that it may be written', async () => {
      expect((await inputOf('helm')).sources[0]?.isWritable).toBe(true);
    });

    it('to the branch itself is what the next sync has', async () => {
      const { status, body } = await commit(as.machine, {
        baseRevision: await base(),
        branch: 'main',
        createBranch: false,
      });
      expect(status).toBe(200);
      expect((await inputOf('helm')).sources[0]?.revision).toBe(at(body, 'commit'));
    });

    it.each([
      ['a branch that is there', { branch: 'hawser/try' }, 409, 'there is a branch hawser/try already'],
      ['a branch that has moved on', { branch: 'hawser/try', createBranch: false }, 409, 'has moved on'],
      ['a branch that is not there', { branch: 'nowhere', createBranch: false }, 404, 'there is no branch nowhere'],
      ['no name of a branch', { branch: 'a..b' }, 400, "'a..b' is no name for a branch"],
      ['no message', { message: ' ' }, 400, 'a commit needs one'],
      ['no commit as its base', { baseRevision: 'main' }, 400, 'not the id of a commit'],
      ['a commit that is not there as its base', { baseRevision: 'a'.repeat(40) }, 422, ''],
      ['no files', { files: {} }, 400, 'nothing is changed'],
      [
        'a file of somebody else',
        { files: { 'env/prod/values.yaml': '' } },
        400,
        'env/prod/values.yaml is not of this source',
      ],
      [
        'a path that leads out',
        { files: { 'charts/web/../../outside.yaml': '' } },
        422,
        'is no path in the repository',
      ],
      ['Git’s own folder', { files: { 'charts/web/.git/config': '' } }, 422, 'is no path in the repository'],
      ['another source', { source: 1 }, 400, 'there is no source 1'],
    ])('is refused for %s', async (_, more, status, message) => {
      const files = { 'env/dev/values.yaml': 'replicas: 30\n' };
      const answer = await commit(as.machine, { baseRevision: await base(), branch: `new-${status}`, files, ...more });
      expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
    });

    it('takes the values files of another source’s repository', async () => {
      const { sources } = await inputOf('refs');
      const answer = await commit(
        as.machine,
        {
          source: 1,
          branch: 'prod',
          files: { 'env/prod/values.yaml': 'replicas: 8\n' },
          baseRevision: sources[1]?.revision,
        },
        'refs',
      );
      expect(answer).toMatchObject({ status: 200 });
    });

    it('is not for those who may not use the credentials', async () => {
      expect((await commit(as.changer, { baseRevision: await base(), branch: 'x' })).status).toBe(403);
      expect((await commit(as.viewer, { baseRevision: await base(), branch: 'x' })).status).toBe(403);
    });

    it('is not for those who may use those of a project, where they are everybody’s', async () => {
      const url = `${ground.gitUrl}/devops/app`;
      const secret = (name: string, type: string, data: Record<string, string>) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: ground.namespace, labels: { 'argocd.argoproj.io/secret-type': type } },
        stringData: { url, username: 'devops', password: 'git-password', ...data },
      });
      const read = await ground.client.create(secret('read-of-team', 'repository', { project: 'default' }));
      const written = await ground.client.create(secret('of-all', 'repository-write', {}));
      const wanted = { baseRevision: await base(), files: { 'env/dev/values.yaml': 'replicas: 9\n' } };
      expect((await commit(as.team, { ...wanted, branch: 'of-team' })).status).toBe(403);
      expect((await commit(as.committer, { ...wanted, branch: 'of-all' })).status).toBe(200);
      for (const { apiVersion, kind, metadata } of [read, written]) {
        await ground.client.remove({ apiVersion, kind, namespace: ground.namespace, name: metadata.name ?? '' });
      }
    });

    it('is told of, whatever is wrong with the server’s page for it', async () => {
      ground.answerGit(async (request) => {
        if (new URL(request.url).pathname === '/api/v1/version') throw new Error('Network connection lost.');
        return undefined;
      });
      const files = { 'env/dev/values.yaml': 'replicas: 6\n' };
      const answer = await commit(as.machine, { baseRevision: await base(), branch: 'without-page', files });
      expect(answer).toMatchObject({ status: 200, body: { branch: 'without-page' } });
      expect(answer.body).not.toHaveProperty('url');
    });

    it('leads to the Git server’s page where that is known', async () => {
      ground.answerGit(async (request) =>
        new URL(request.url).pathname === '/api/v1/version' ? Response.json({ version: '1.26.0' }) : undefined,
      );
      const { body } = await commit(as.machine, {
        baseRevision: await base(),
        branch: 'with-page',
        files: { 'env/dev/values.yaml': 'replicas: 7\n' },
      });
      expect(at(body, 'url')).toBe(`${ground.gitUrl}/devops/app/compare/main...with-page`);
    });
  });
});
