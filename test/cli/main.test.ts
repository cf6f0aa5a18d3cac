// The command line itself: what it lists, what it does not know, and what it loads.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { createHome, type Home, runHawser, runProcess } from '../support/hawser-process.ts';

let home: Home;

beforeAll(() => {
  home = createHome();
  const chart = join(home.folder, 'chart');
  mkdirSync(join(chart, 'templates'), { recursive: true });
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: chart\nversion: 1.0.0\n');
  const template =
    '# {{ repeat 100000 "wide load " }}\nkind: ConfigMap\napiVersion: v1\nmetadata:\n  name: {{ .Release.Name }}\n';
  writeFileSync(join(chart, 'templates', 'large.yaml'), template);
});

afterAll(() => home.remove());

describe('hawser', () => {
  it.each([[[]], [['help']], [['--help']], [['-h']]])('lists its commands for %j', async (args) => {
    const { code, stdout, stderr } = await runHawser(args, { env: home.env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of ['demo', 'serve', 'app', 'template', 'build', 'install', 'version']) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  it.each([['version'], ['--version']])(
    'tells with %s which version it is and which Node runs it',
    async (argument) => {
      const { stdout } = await runHawser([argument], { env: home.env });
      expect(stdout).toBe(`hawser ${packageJson.version} (Node ${process.versions.node})\n`);
    },
  );

  it.each(['demo', 'serve', 'app', 'template', 'build', 'install'])('has help for %s', async (command) => {
    const { code, stdout, stderr } = await runHawser([command, '--help'], { env: home.env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Usage:/);
  });

  it.each(['bogus', 'constructor', '--bogus'])('says of %s that there is no such command', async (command) => {
    const outcome = await runHawser([command], { env: home.env });
    const stderr = `Error: there is no command ${command} (hawser help lists them)\n`;
    expect(outcome).toEqual({ code: 2, stdout: '', stderr });
  });

  it('ends without a word when the reader of its output goes', async () => {
    const launcher = resolve(import.meta.dirname, '../../bin/hawser.js');
    const command = `"${process.execPath}" "${launcher}" template x "${home.folder}/chart" | head -c 10; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runProcess('bash', ['-c', command], { env: home.env });
    expect({ stdout, stderr }).toEqual({ stdout: '---\n# Sour0\n', stderr: '' });
  });

  it.each([
    { command: ['version'], unwanted: /hono|client-node|commander|isomorphic-git|\/src\/(render|sandbox|operation)\// },
    {
      command: ['template', 'x', 'chart'],
      unwanted: /hono|client-node|commander|isomorphic-git|\/src\/(sandbox|operation)\//,
    },
    { command: ['app', 'list'], unwanted: /hono|client-node|isomorphic-git|\/src\/(sandbox|render\/helm)\// },
  ])('loads for $command only what it needs', async ({ command, unwanted }) => {
    const listLoads = join(home.folder, 'list-loads.mjs');
    writeFileSync(
      listLoads,
      `import { registerHooks } from 'node:module';
import { writeSync } from 'node:fs';
registerHooks({ load: (url, context, next) => { writeSync(2, 'LOADED ' + url + '\\n'); return next(url, context); } });`,
    );
    const env = { ...home.env, NODE_OPTIONS: `--import=file://${listLoads}` };
    const { stderr } = await runHawser(command, { env, cwd: home.folder });
    const loaded = stderr.split('\n').filter((line) => line.startsWith('LOADED file:'));
    expect(loaded.some((line) => line.endsWith('/src/main-cli.ts'))).toBe(true);
    expect(loaded.filter((line) => unwanted.test(line))).toEqual([]);
  });
});
