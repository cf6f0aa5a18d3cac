// manifest-generate-paths on the whole road: the annotation decides which pushes concern an Application, by what Git says has changed.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GENERATE_PATHS } from '../../src/application/generate-paths.ts';
import type { Source } from '../../src/application/types.ts';
import type { FileChange, SandboxRepository } from '../../src/sandbox/git/repository.ts';
import { createGround, type Ground, NAMESPACE } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

let ground: Ground;
let repository: SandboxRepository;
beforeEach(async () => {
  ground = await createGround(connectSandbox());
  repository = await ground.createRepository('devops/shop', FILES);
});
afterEach(() => ground.close());

const configMap = (name: string, value = 'one') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  of: ${value}\n`;

const FILES = {
  'base/kustomization.yaml': 'resources: [a.yaml]\n',
  'base/a.yaml': configMap('a'),
  'overlay/kustomization.yaml': 'resources: [../base, b.yaml]\n',
  'overlay/b.yaml': configMap('b'),
  'overlay/README.md': 'one',
  'docs/index.md': 'one',
};

async function deploy(annotation: string | undefined, ...paths: readonly string[]): Promise<void> {
  const sources = paths.map(
    (path): Source => ({ repoURL: `${ground.gitUrl}/${repository.path}`, path, targetRevision: 'main' }),
  );
  await ground.client.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: 'app',
      namespace: NAMESPACE,
      ...(annotation !== undefined && { annotations: { [GENERATE_PATHS]: annotation } }),
    },
    spec: {
      project: 'default',
      ...(sources.length > 1 ? { sources } : { source: sources[0] }),
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['CreateNamespace=true'] },
    },
  });
  await ground.refresh('app');
  expect((await ground.application('app')).status.sync?.status).toBe('Synced');
}

async function verdictOf(files: Readonly<Record<string, FileChange>>) {
  await ground.hawser.idle();
  const { applications } = await ground.push(repository, files);
  return applications.map(({ verdict, paths = [] }) => `${verdict} ${paths.join(' ')}`.trim()).join();
}

const BASE = { 'base/a.yaml': configMap('a', 'two') };
const README = { 'overlay/README.md': 'two' };

describe('manifest-generate-paths', () => {
  it.each<[annotation: string | undefined, change: Readonly<Record<string, FileChange>>, verdict: string]>([
    // Without it, what was read decides.
    [undefined, BASE, 'sync base/a.yaml'],
    [undefined, README, 'unaffected'],
    [';', README, 'unaffected'],
    // With it, what it names decides: more than is read, or less.
    ['.', README, 'sync overlay/README.md'],
    ['.', BASE, 'unaffected'],
    ['.;../base', BASE, 'sync base/a.yaml'],
    ['/base/*.yaml', BASE, 'sync base/a.yaml'],
    ['/base/*.yaml', { 'base/a.md': 'new' }, 'unaffected'],
    ['/*/*.md', { ...README, 'docs/index.md': 'two', 'docs/more/x.md': 'new' }, 'sync docs/index.md overlay/README.md'],
    ['/docs', { 'docs/new/page.md': 'new' }, 'sync docs/new/page.md'],
    ['/docs', { 'docs/index.md': null }, 'sync docs/index.md'],
    ['/gone', BASE, 'unaffected'],
    ['/', { 'new.txt': 'new' }, 'sync new.txt'],
  ])('%j: a push of %j is %s', async (annotation, change, verdict) => {
    await deploy(annotation, 'overlay');
    expect(await verdictOf(change)).toBe(verdict);
  });

  it('counts all that was pushed since the last comparison, not the last push alone', async () => {
    await deploy('.', 'overlay');
    await ground.commit(repository, { 'overlay/b.yaml': configMap('b', 'two') });
    expect(await verdictOf({ 'docs/index.md': 'two' })).toBe('sync overlay/b.yaml');
    expect(await verdictOf({ 'docs/index.md': 'three' })).toBe('unaffected');
  });

  it('is below the path of each source, and the verdict names the source', async () => {
    await deploy('.', 'base', 'docs');
    expect(await verdictOf(README)).toBe('unaffected');
    expect(await verdictOf({ 'docs/index.md': 'two' })).toBe('sync sources[1]: docs/index.md');
  });

  it('leaves to a refresh what it hides', async () => {
    await deploy('/docs', 'overlay');
    expect(await verdictOf(BASE)).toBe('unaffected');
    await ground.refresh('app');
    const found = await ground.get('v1', 'ConfigMap', 'shop', 'a');
    expect(found?.data).toEqual({ of: 'two' });
  });

  it('decides nothing where what was compared last is not known any more', async () => {
    await deploy('.', 'overlay');
    await ground.restart();
    expect(await verdictOf(BASE)).toBe('sync');
    expect(await verdictOf({ 'base/a.yaml': configMap('a', 'three') })).toBe('unaffected');
  });
});
