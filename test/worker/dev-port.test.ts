// What the port of npm run dev gives to whoever on this machine reaches it, beside hawser's own routes.

import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHome, type Home, type RunningProcess, startProcess } from '../support/hawser-process.ts';

const MAIN = join(resolve(import.meta.dirname, '../..'), 'src/main-dev.ts');
const READY = /hawser in workerd: (http:\/\/127\.0\.0\.1:\d+)[\s\S]*Ctrl-C ends it/;

let home: Home;
let dev: RunningProcess;
let url: string;

beforeAll(async () => {
  home = createHome();
  dev = startProcess(process.execPath, [MAIN, '--sandbox', '--port', '0'], { env: home.env });
  [, url = ''] = await dev.waitFor(READY);
});
afterAll(async () => {
  await dev?.end('SIGTERM');
  home?.remove();
});

it('keeps the cache where nobody reads it past hawser', async () => {
  expect(dev.output().stderr).toContain('"cache":"Cache API"');
  const unknown = await fetch(`${url}/cdn-cgi/nothing/hawser-cache/x`);
  const past = await fetch(`${url}/cdn-cgi/local/r2/public/CACHE/hawser-cache/x`);
  // The same answer, of hawser's: there is no such bucket.
  expect([past.status, await past.text()]).toEqual([unknown.status, await unknown.text()]);
});
