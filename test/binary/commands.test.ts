// The built commands: which of them start from the small script, and what each says to wrong use.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverCommands } from '../../src/cli/server-commands.ts';
import { startBuilt } from '../support/built-demo.ts';
import { createHome, type Home } from '../support/hawser-process.ts';

let home: Home;
beforeAll(() => {
  home = createHome();
});
afterAll(() => home.remove());

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  startBuilt(args, { cwd: home.folder, env: { ...home.env, ...env } }).ended;

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1';

describe('the launcher', () => {
  it('knows the commands that talk to a server, which start from a script of their own', () => {
    const unused = async () => {
      throw new Error('not called');
    };
    const table = serverCommands({ readDemo: unused, openCore: unused, openFolder: unused, renderLocal: unused });
    const launcher = readFileSync(resolve(import.meta.dirname, '../../bin/hawser.js'), 'utf8');
    const [, list = ''] = /OF_SERVERS = \[(.*?)\n\];/s.exec(launcher) ?? [];
    // What these do besides, only the whole program can.
    const names = Object.keys(table).filter((name) => !['version', 'repo'].includes(name));
    expect([...list.matchAll(/'(\w+)'/g)].map(([, name]) => name).sort()).toEqual(names.sort());
  });

  it.each(['app', 'sync', 'login', 'logout', 'relogin', 'context', 'render', 'diff', 'deliveries', 'replay'])(
    'has help for %s',
    async (command) => {
      const { code, stdout, stderr } = await run([command, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: hawser /);
    },
  );

  it('lists exit codes and the flags of servers in the help of verbs, without those that mean nothing', async () => {
    const { stdout } = await run(['app', 'sync', '--help']);
    expect(stdout).toMatch(/--prune .*--server <url> .*Exit codes:\n {2}0 /s);
    expect(stdout).not.toMatch(/grpc-web|redis|loglevel/);
  });
});

describe('hawser app', () => {
  it('has each verb that its help lists', async () => {
    const { stdout } = await run(['app', '--help']);
    const [, list = ''] = /Commands:\n(.*?)\n\n/s.exec(stdout) ?? [];
    const verbs = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, verb = '']) => verb).filter((verb) => verb !== 'help');
    expect(verbs.length).toBeGreaterThan(25);
    for (const verb of verbs)
      expect((await run(['app', verb, '--help'])).stdout).toContain(`Usage: hawser app ${verb} `);
  });
});

describe('wrong use', () => {
  it.each([
    { args: ['app', 'bogus'], code: 2, told: "unknown command 'bogus'" },
    { args: ['app', 'get'], code: 2, told: "missing required argument 'name'" },
    { args: ['app', 'list', '--bogus'], code: 2, told: "unknown option '--bogus'" },
    { args: ['app', 'list', '-o', 'xml'], code: 2, told: 'Allowed choices are' },
    { args: ['app', 'sync'], code: 2, told: 'no Application is named' },
    { args: ['app', 'sync', 'a', '-l', 'b=c'], code: 2, told: 'exclude one another' },
    { args: ['app', 'sync', 'a', '--timeout', 'soon'], code: 2, told: '--timeout soon is no number of seconds' },
    { args: ['app', 'sync', 'a/b/c'], code: 2, told: 'a/b/c is no name of an Application' },
    { args: ['app', 'list', '--server', 'ftp://x'], code: 2, told: 'ftp://x is no address of a server' },
    { args: ['app', 'list', '--server', NOWHERE], code: 1, told: `no hawser server answers at ${NOWHERE}` },
    { args: ['app', 'list', '--port-forward'], code: 1, told: '--port-forward is not there (kubectl port-forward' },
    { args: ['app', 'list', '--server-crt', 'nope.pem', '--server', 'x'], code: 2, told: 'nope.pem cannot be read' },
    { args: ['app', 'list', '--argocd-context', 'nope'], code: 2, told: "Context 'nope' undefined" },
    { args: ['app', 'list', '--core'], code: 2, told: 'no cluster is configured' },
    { args: ['app', 'diff', 'a', '--server', NOWHERE], code: 2, told: 'no hawser server answers' },
    { args: ['render'], code: 2, told: "required option '-f, --file <file>' not specified" },
    { args: ['render', '-f', 'nope.yaml'], code: 2, told: 'nope.yaml cannot be read' },
    { args: ['diff', '-f', 'nope.yaml'], code: 2, told: 'nope.yaml cannot be read' },
    { args: ['login'], code: 2, told: 'no server is named' },
    { args: ['login', '127.0.0.1:1', '--username', 'a', '--password', 'b'], code: 1, told: 'no hawser server answers' },
    { args: ['context'], code: 2, told: 'No contexts defined in' },
    { args: ['logout'], code: 2, told: 'there is no current context' },
    { args: ['--server', NOWHERE, 'app', 'list'], code: 1, told: `no hawser server answers at ${NOWHERE}` },
  ])('$args', async ({ args, code, told }) => {
    const outcome = await run(args);
    expect({ code: outcome.code, stdout: outcome.stdout }).toEqual({ code, stdout: '' });
    expect(outcome.stderr).toMatch(/^Error: .*\n$/);
    expect(outcome.stderr).toContain(told);
  });
});

describe('where the server is', () => {
  it.each([
    { env: { HAWSER_SERVER: 'h.invalid', ARGOCD_SERVER: 'a.invalid' }, url: 'http://h.invalid' },
    { env: { ARGOCD_SERVER: 'a.invalid' }, url: 'https://a.invalid' },
    { env: { ARGOCD_SERVER: 'a.invalid', ARGOCD_OPTS: '--plaintext --grpc-web' }, url: 'http://a.invalid' },
    { env: { ARGOCD_OPTS: '--server o.invalid --header "A: b"' }, url: 'http://o.invalid' },
    { env: {}, url: 'http://127.0.0.1:8080' },
  ])('is $url by $env', async ({ env, url }) => {
    const { stderr } = await run(['app', 'list'], env as unknown as Record<string, string>);
    // Somebody else may listen at the usual address.
    expect(stderr).toContain(url);
  });
});
