// What another spec would change, before it is saved: by whoever might save it, and not written anywhere.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import { type Ask, openApi } from '../support/api-accounts.ts';
import { createGround, type Ground } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
let as: Record<'machine' | 'syncer' | 'editor', Ask>;
let spec: Record<string, unknown>;

beforeAll(async () => {
  ground = await createGround(connectSandbox());
  await ground.createRepository('devops/app', {
    'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
    'base/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.29"}]}
`,
  });
  spec = {
    project: 'default',
    source: { repoURL: `${ground.gitUrl}/devops/app`, path: 'base', targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
  };
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: ground.namespace },
    spec,
  });
  const basic = ['applications, get, default/*, allow', 'applications, sync, default/*, allow'];
  as = await openApi(ground, { syncer: basic, editor: [...basic, 'applications, update, default/*, allow'] });
});
afterAll(() => ground.close());

const ask = (who: Ask, changed: object) =>
  who('POST', '/api/v1/applications/app/server-side-diff', { spec: { ...spec, ...changed } });

const withImage = (image: string) => ({ source: { ...(spec.source as object), kustomize: { images: [image] } } });

it('tells what another image would change, and saves nothing', async () => {
  const { status, body } = await ask(as.editor, withImage('nginx:1.30'));
  expect(status).toBe(200);
  expect(at(body, 'items', 0, 'predictedLiveState')).toContain('"image":"nginx:1.30"');
  expect((await ground.application('app')).spec).toEqual(spec);
});

it.each([
  ['a project that there is not', { project: 'other' }, 403],
  ['a folder that there is not', { source: { path: 'nowhere' } }, 422],
  ['a destination that is none', { destination: {} }, 400],
])('refuses %s', async (_, changed, wanted) => {
  const source = { ...(spec.source as object), ...('source' in changed ? changed.source : {}) };
  expect((await ask(as.editor, { ...changed, source })).status).toBe(wanted);
});

it('is not told to those who may not make it so', async () => {
  expect((await ask(as.syncer, {})).status).toBe(403);
});
