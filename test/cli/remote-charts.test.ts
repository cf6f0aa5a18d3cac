// hawser template with charts of repositories and registries.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { templateCommand } from '../../src/cli/template.ts';
import { createConnectedFetch } from '../../src/node/connected-fetch.ts';
import { diskTree } from '../../src/node/disk-tree.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { captureIo } from '../support/captured-io.ts';
import {
  configMapChart,
  createChartRepository,
  createRegistry,
  PASSWORD,
  packChart,
} from '../support/chart-servers.ts';

const CHARTS = ['1.0.0', '1.2.0', '2.0.0', '2.1.0-rc.1'].map((version) =>
  packChart('web', version, configMapChart('web')),
);

let servers: Listening[] = [];
let places: Readonly<Record<string, string>> = {};
let folder = '';
beforeAll(async () => {
  const handlers = [
    createChartRepository([...CHARTS]),
    createChartRepository([...CHARTS], { isPrivate: true }),
    createRegistry(CHARTS),
  ];
  servers = await Promise.all(handlers.map(({ handle }) => listen(handle, { host: '127.0.0.1', port: 0 })));
  const [open = '', closed = '', registry = ''] = servers.map(({ url }) => url);
  places = { OPEN: `${open}/charts`, CLOSED: `${closed}/charts`, OCI: `oci://${new URL(registry).host}/charts` };
  folder = mkdtempSync(join(tmpdir(), 'hawser-remote-charts-'));
  const chart = `apiVersion: v2\nname: parent\nversion: 0.1.0\ndependencies: [{name: web, version: ^1, repository: "${open}/charts"}]\n`;
  writeFileSync(join(folder, 'Chart.yaml'), chart);
});
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(args: readonly string[]) {
  const { io, output } = captureIo(folder);
  const expanded = args.map((arg) => arg.replace(/^(OPEN|CLOSED|OCI)/, (name) => places[name] ?? ''));
  const exit = await templateCommand(['rel', ...expanded], io, diskTree, async () => createConnectedFetch({}));
  return { exit, ...output() };
}

describe('hawser template', () => {
  // The same versions as helm v3.22.0 renders.
  it.each<[args: string[], version: string]>([
    [['web', '--repo', 'OPEN'], '2.0.0'],
    [['web', '--repo', 'OPEN', '--version', '^1.0.0'], '1.2.0'],
    [['web', '--repo', 'OPEN', '--version', '1.0'], '1.0.0'],
    [['web', '--repo', 'OPEN', '--devel'], '2.1.0-rc.1'],
    [['web', '--repo', 'CLOSED', '--username', 'reader', '--password', PASSWORD], '2.0.0'],
    [['OPEN/web-1.0.0.tgz'], '1.0.0'],
    [['OCI/web', '--plain-http'], '2.0.0'],
    [['OCI/web', '--plain-http', '--version', '~1.0'], '1.0.0'],
    [['OCI/web:1.2.0', '--plain-http'], '1.2.0'],
    [['.', '--dependency-update'], '1.2.0'],
  ])('%j renders %s', async (args, version) => {
    const { exit, stdout, stderr } = await run(args);
    expect(exit).toBe(0);
    if (args[0]?.startsWith('OCI'))
      expect(stderr).toMatch(/^Pulled: .*\/charts\/web:.*\nDigest: sha256:[0-9a-f]{64}\n$/);
    else expect(stderr).toBe('');
    expect(stdout).toContain(`chart: "${version}"`);
  });

  it.each<[args: string[], stderr: string]>([
    [['none', '--repo', 'OPEN'], 'chart "none" not found in'],
    [['web', '--repo', 'OPEN', '--version', '9'], 'chart "web" version "9" not found in'],
    [['web', '--repo', 'CLOSED'], 'refused'],
    [['OCI/web:1.2.0', '--plain-http', '--version', '1.0.0'], 'version mismatch: 1.0.0 is not 1.2.0'],
    [['OCI/web', '--plain-http', '--version', '9.9.9'], 'not found'],
    [['.'], 'missing in charts/ directory: web'],
  ])('%j is refused', async (args, stderr) => {
    expect(await run(args)).toMatchObject({ exit: 1, stdout: '', stderr: expect.stringContaining(stderr) });
  });
});
