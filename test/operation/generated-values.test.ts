// Passwords that a chart generates stay the same while the call that made them does.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../../src/base/json.ts';
import type { SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox, type SandboxTransport } from '../support/sandbox-transport.ts';

const secretTemplate = (data: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  password: {{ ${data} }}\n`;
const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'chart/values.yaml': 'length: 16\n',
  'chart/templates/secret.yaml': secretTemplate('randAlphaNum (int .Values.length) | b64enc'),
};

let cluster: SandboxTransport;
let ground: Ground;
beforeEach(async () => {
  cluster = connectSandbox();
  ground = await createGround(cluster);
});
afterEach(() => ground.close());

async function deploy(files: Record<string, string> = {}, automated = true): Promise<SandboxRepository> {
  const repository = await ground.createRepository('devops/app', { ...CHART, ...files });
  const settings = { name: 'app', repository, path: 'chart', destinationNamespace: 'app' };
  await ground.createApplication({ ...settings, ...(automated && { automated: { prune: true } }) });
  await ground.refresh('app');
  return repository;
}

async function status() {
  const app = await ground.application('app');
  return { sync: app.status.sync?.status, syncs: app.status.history?.length ?? 0 };
}

async function password(key = 'password', name = 'app'): Promise<string> {
  return atob(String(at(await ground.get('v1', 'Secret', 'app', name), 'data', key)));
}

const keptSecret = () => ground.get('v1', 'Secret', NAMESPACE, 'hawser-generated-app');

describe('a generated password', () => {
  it('stays from refresh to refresh, and causes no sync', async () => {
    await deploy();
    const first = await password();
    expect(first).toMatch(/^[A-Za-z0-9]{16}$/);
    await ground.refresh('app');
    await ground.refresh('app');
    expect(await password()).toBe(first);
    expect(await status()).toEqual({ sync: 'Synced', syncs: 1 });
  });

  it('stays when every cache is lost and another process takes over', async () => {
    const repository = await deploy();
    const first = await password();
    const files = {
      ...CHART,
      'chart/templates/more.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: more\n',
    };
    const { gitUrl } = ground;
    await ground.commit(repository, files);
    const other = await createGround(cluster);
    await other.refresh('app');
    expect(await password()).toBe(first);
    expect(await ground.get('v1', 'ConfigMap', 'app', 'more')).toBeDefined();
    expect((await other.application('app')).spec.source?.repoURL).toContain(gitUrl);
    await other.close();
  });

  it('stays when the chart changes elsewhere, and is another when its length changes', async () => {
    const repository = await deploy();
    const first = await password();
    await ground.push(repository, {
      'chart/templates/other.yaml': secretTemplate('randNumeric 4 | b64enc').replace('name: app', 'name: other'),
    });
    await ground.application('app');
    expect(await password()).toBe(first);
    expect(await password('password', 'other')).toMatch(/^[0-9]{4}$/);
    await ground.push(repository, { 'chart/values.yaml': 'length: 24\n' });
    await ground.application('app');
    expect(await password()).toMatch(/^[A-Za-z0-9]{24}$/);
    expect((await status()).sync).toBe('Synced');
  });

  it('is one of many that do not mix', async () => {
    const template = [0, 1, 2].map((index) => `  k${index}: {{ randAlphaNum 12 | b64enc }}\n`).join('');
    await deploy({
      'chart/templates/secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n${template}`,
    });
    const read = () => Promise.all(['k0', 'k1', 'k2'].map((key) => password(key)));
    const first = await read();
    expect(new Set(first).size).toBe(3);
    await ground.refresh('app');
    expect(await read()).toEqual(first);
    expect(await status()).toEqual({ sync: 'Synced', syncs: 1 });
  });

  it('is kept in one labelled Secret, and nowhere in the log', async () => {
    await deploy();
    const kept = await keptSecret();
    expect(kept?.metadata.labels).toEqual({ 'app.kubernetes.io/part-of': 'hawser' });
    const first = await password();
    expect(atob(String(at(kept, 'data', 'generated.json')))).toContain(first);
    expect(ground.logs.join('\n')).not.toContain(first);
    expect(JSON.stringify((await ground.application('app')).status)).not.toContain(first);
  });

  it('is not kept before it is deployed', async () => {
    await deploy({}, false);
    expect(await keptSecret()).toBeUndefined();
    await ground.sync('app', { dryRun: true });
    expect(await keptSecret()).toBeUndefined();
    await ground.sync('app');
    expect(await keptSecret()).toBeDefined();
    const first = await password();
    await ground.refresh('app');
    expect(await password()).toBe(first);
    expect((await status()).sync).toBe('Synced');
  });

  it('whose Secret was damaged stops the sync instead of changing', async () => {
    const repository = await deploy();
    const first = await password();
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 'hawser-generated-app' };
    await ground.client.patch(ref, { data: { 'generated.json': btoa('not json') } }, { type: 'merge' });
    await ground.push(repository, { 'chart/values.yaml': 'length: 16\nmore: true\n' });
    const app = await ground.application('app');
    expect(app.status.conditions?.[0]?.message).toContain('does not hold what hawser wrote');
    expect(await password()).toBe(first);
  });
});

describe('a password that a chart of a kustomization generates', () => {
  const files = {
    'web/kustomization.yaml': 'namePrefix: web-\nhelmCharts:\n- {name: app, releaseName: shop}\n',
    'web/charts/app/Chart.yaml': CHART['chart/Chart.yaml'],
    'web/charts/app/values.yaml': CHART['chart/values.yaml'],
    'web/charts/app/templates/secret.yaml': CHART['chart/templates/secret.yaml'],
  };

  it('stays from refresh to refresh and when every cache is lost, and causes no sync', async () => {
    const repository = await ground.createRepository('devops/app', files);
    const settings = { name: 'app', repository, path: 'web', destinationNamespace: 'app' };
    await ground.createApplication({ ...settings, automated: { prune: true } });
    await ground.refresh('app');
    const first = await password('password', 'web-app');
    expect(first).toMatch(/^[A-Za-z0-9]{16}$/);
    await ground.refresh('app');
    expect(await status()).toEqual({ sync: 'Synced', syncs: 1 });
    await ground.commit(repository, { 'web/charts/app/templates/more.yaml': '' });
    const other = await createGround(cluster);
    await other.refresh('app');
    await other.close();
    expect(await password('password', 'web-app')).toBe(first);
    expect(atob(String(at(await keptSecret(), 'data', 'generated.json')))).toContain(first);
  });
});

describe('a generated certificate', () => {
  it('stays, with the one that it signed', async () => {
    const template = `{{- $ca := genCAWithKey "ca" 365 (genPrivateKey "ecdsa") }}
{{- $leaf := genSignedCertWithKey "web" nil (list "web.example.com") 365 $ca (genPrivateKey "ecdsa") }}
apiVersion: v1
kind: Secret
metadata:
  name: app
data:
  ca: {{ $ca.Cert | b64enc }}
  leaf: {{ $leaf.Cert | b64enc }}
  key: {{ $leaf.Key | b64enc }}
  hash: {{ htpasswd "user" "secret" | b64enc }}
  id: {{ uuidv4 | b64enc }}
  number: {{ randInt 0 1000000 | toString | b64enc }}
`;
    await deploy({ 'chart/templates/secret.yaml': template });
    const data = async () => at(await ground.get('v1', 'Secret', 'app', 'app'), 'data');
    const first = await data();
    expect(await status()).toEqual({ sync: 'Synced', syncs: 1 });
    await ground.refresh('app');
    expect(await data()).toEqual(first);
    expect(await status()).toEqual({ sync: 'Synced', syncs: 1 });
  });
});

describe('a chart that generates nothing', () => {
  it('has no such Secret, and asks for none', async () => {
    await deploy({ 'chart/templates/secret.yaml': secretTemplate('"fixed" | b64enc') });
    expect(cluster.requests.filter((line) => line.includes('hawser-generated'))).toEqual([]);
  });
});
