// npm run dev as a process: hawser in workerd for whoever works on it.

import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHome, type Home, startProcess } from '../support/hawser-process.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main-dev.ts');

let home: Home;

beforeAll(() => {
  home = createHome();
});

afterAll(() => home.remove());

function start(...args: string[]) {
  return startProcess(process.execPath, [MAIN, ...args], { env: home.env });
}

describe('npm run dev', () => {
  it('takes a sandbox where no cluster is configured, answers, and ends with Ctrl-C', async () => {
    const dev = start('--port', '0');
    const [, url = ''] = await dev.waitFor(/hawser in workerd: (http:\/\/127\.0\.0\.1:\d+)/);
    const response = await fetch(`${url}/api/v1/applications`);
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { metadata: { resourceVersion: expect.any(String) }, items: [] },
    });
    const taken = await start('--port', new URL(url).port).ended;
    expect(taken).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: port \d+ of 127\.0\.0\.1 is taken/m),
    });
    await dev.end('SIGINT');
    await expect(fetch(url)).rejects.toThrow();
  });

  it.each([
    { args: ['--bogus'], message: "Unknown option '--bogus'" },
    { args: ['--port', 'x'], message: '--port x is no port number' },
    { args: ['--kubeconfig', '/no/such/file'], message: 'the kubeconfig /no/such/file does not exist' },
  ])('refuses $args in one line', async ({ args, message }) => {
    const { code, stdout, stderr } = await start(...args).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Error: .*\n$/);
    expect(stderr).toContain(message);
  });
});
