// hawser build with what is not in the folder: repositories over HTTP and of this machine, charts, and a URL in place of the folder.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCommand } from '../../src/cli/build.ts';
import { buildWithNetwork } from '../../src/cli/remote-bases.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { diskTree } from '../../src/node/disk-tree.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { captureIo } from '../support/captured-io.ts';
import { configMapChart, createChartRepository, packChart } from '../support/chart-servers.ts';
import { git, hasGit } from '../support/git-cli.ts';
import { type HttpBackend, startHttpBackend } from '../support/git-http-backend.ts';
import { createKustomizeRepositories, createRepository, POD } from '../support/kustomize-repositories.ts';

const configMap = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const NAMES = Array.from({ length: 60 }, (_, index) => `c${index}`);
const CHARTS = ['1.0.0', '1.2.0', '2.0.0-rc.1'].map((version) => packChart('web', version, configMapChart('web')));

describe.skipIf(!hasGit())('hawser build', () => {
  let folder = '';
  let repositories: HttpBackend;
  let closed: HttpBackend;
  let charts: Listening;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-build-remote-'));
    repositories = await startHttpBackend(folder);
    closed = await startHttpBackend(folder, { auth: { user: 'reader', password: 'hunter2' } });
    charts = await listen(createChartRepository(CHARTS).handle, { host: '127.0.0.1', port: 0 });
    await createKustomizeRepositories(join(folder, 'org'), `${repositories.url}/org`);
    await createRepository(join(folder, 'org/many files'), {
      'kustomization.yaml': `resources: [own.yaml]\ncomponents: [${NAMES.map((name) => `components/${name}`).join(', ')}]
patches: [${NAMES.map((name) => `{path: patches/${name}/a.yaml}`).join(', ')}]\n`,
      'own.yaml': configMap('own'),
      ...Object.fromEntries(
        NAMES.flatMap((name) => [
          [
            `components/${name}/kustomization.yaml`,
            'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [cm.yaml]\n',
          ],
          [`components/${name}/cm.yaml`, configMap(name)],
          [`patches/${name}/a.yaml`, `${configMap('own')}data: {${name}: x}\n`],
        ]),
      ),
    });
    await git(join(folder, 'org/multibase'), 'tag', '-a', 'v1', '-m', 'one');
    await git(join(folder, 'org/multibase'), 'gc', '--quiet');
  });
  afterAll(async () => {
    await Promise.all([repositories.close(), closed.close(), charts.close()]);
    rmSync(folder, { recursive: true });
  });

  async function run(args: readonly string[], kustomization = '') {
    const app = join(folder, 'app');
    mkdirSync(app, { recursive: true });
    writeFileSync(join(app, 'kustomization.yaml'), place(kustomization));
    const { io, output } = captureIo(app);
    const placed = args.map(place);
    const code = await buildCommand(placed, io, diskTree, () =>
      buildWithNetwork(placed, io, diskTree, async () => createConnectedFetch({})),
    );
    return { code, ...output() };
  }

  function place(text: string): string {
    return text
      .replaceAll('GIT', `${repositories.url}/org`)
      .replaceAll('CLOSED', `${closed.url}/org`)
      .replaceAll('LOCAL', `file://${join(folder, 'org')}`)
      .replaceAll('CHARTS', `${charts.url}/charts`);
  }

  const DEV = POD.replace('myapp-pod', 'dev-myapp-pod');

  it.each<[title: string, args: string[], kustomization: string, output: string]>([
    ['builds the URL of a repository', ['GIT/multibase//dev'], '', DEV],
    ['builds a repository of this machine', ['LOCAL/multibase//dev?ref=main'], '', DEV],
    ['builds one at an annotated tag and from its packs', ['LOCAL/multibase.git/dev'], '', DEV],
    ['builds one at a tag', ['LOCAL/multibase//dev?ref=v1'], '', DEV],
    ['follows the submodules of one', ['LOCAL/with-submodule.git/submodule?ref=relative-submodule'], '', POD],
    ['follows submodules over the network', ['LOCAL/with-submodule.git/submodule'], '', POD],
    ['has remote bases', [], 'resources: ["GIT/multibase//base"]\nnamePrefix: dev-\n', DEV],
    ['has bases of this machine', [], 'resources: ["LOCAL/simple.git"]\nnamePrefix: dev-\n', DEV],
    [
      'has bases of this machine on a branch',
      [],
      'resources: ["LOCAL/simple.git?ref=change-image"]\n',
      POD.replace('1.7.9', '2'),
    ],
  ])('%s', async (_, args, kustomization, output) => {
    expect(await run(args, kustomization)).toEqual({ code: 0, stdout: output, stderr: '' });
  });

  it.each(['LOCAL', 'GIT'])('reads a repository with many folders and an odd name at %s', async (place) => {
    const { code, stdout, stderr } = await run([`${place}/many%20files`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/name: c/g)).toHaveLength(60);
    expect(stdout.match(/c\d+: x/g)).toHaveLength(60);
  });

  it.each<[version: string, extra: string, rendered: string]>([
    ['^1.0.0', '', '1.2.0'],
    ['', '', '1.2.0'],
    ['', ', devel: true', '2.0.0-rc.1'],
    ['1.0.0', '', '1.0.0'],
  ])('pulls a chart of version "%s"%s', async (version, extra, rendered) => {
    const { code, stdout, stderr } = await run(
      ['--enable-helm'],
      `helmCharts: [{name: web, repo: "CHARTS", version: "${version}", releaseName: r${extra}}]\n`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(rendered);
  });

  it('tells warnings and what is deprecated once', async () => {
    const { stderr } = await run(['--reorder', 'none'], 'bases: ["GIT/multibase//base"]\n');
    expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringContaining('--reorder has been deprecated'),
      expect.stringContaining("'bases'"),
    ]);
  });

  it('writes into a folder', async () => {
    const target = mkdtempSync(join(folder, 'out-'));
    const { code, stdout } = await run(['GIT/multibase//dev', '-o', target]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(diskTree(target).list('')).toEqual([expect.objectContaining({ name: 'v1_pod_dev-myapp-pod.yaml' })]);
  });

  it.each<[title: string, args: string[], kustomization: string, error: RegExp]>([
    ['a repository that is not there', ['LOCAL/none'], '', /^Error: '.*none' does not appear to be a Git repository/],
    ['a ref that is not there', ['LOCAL/multibase//dev?ref=gone'], '', /'gone' is no branch, tag or commit/],
    ['a submodule that is left out', ['LOCAL/with-submodule.git/submodule?submodules=0'], '', /submodule/],
    ['a folder that is not there', ['LOCAL/multibase//gone'], '', /'gone' does not exist/],
    ['a chart without --enable-helm', [], 'helmCharts: [{name: web, repo: "CHARTS"}]\n', /--enable-helm/],
    ['a chart that is not there', ['--enable-helm'], 'helmCharts: [{name: none, repo: "CHARTS"}]\n', /none/],
    ['a private repository', ['CLOSED/multibase//dev'], '', /user and token into the URL/],
  ])('fails for %s', async (_, args, kustomization, error) => {
    const { code, stdout, stderr } = await run(args, kustomization);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(error);
  });

  it('reads a private repository with the user and password of its URL', async () => {
    const [url = ''] = ['CLOSED/multibase//dev'].map(place);
    expect(await run([url.replace('://', '://reader:hunter2@')])).toEqual({ code: 0, stdout: DEV, stderr: '' });
  });
});
