// The harness of these tests itself: what goes wrong on a page is seen, and so is what a look or a reader cannot use.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { type Listening, listen } from '../../src/node/listen.ts';
import { checkAccessibility } from '../support/accessibility.ts';
import { describeInBrowser } from '../support/browser.ts';
import { everyLook } from '../support/looks.ts';
import { type PageProblems, watchProblems } from '../support/page-problems.ts';

const PAGES: Readonly<Record<string, string>> = {
  '/': '<p>nothing wrong</p>',
  '/console': '<script src="/console.js"></script>',
  '/uncaught': '<script src="/uncaught.js"></script>',
  '/inline': '<script>document.title = "inline"</script>',
  '/missing': '<img src="/no-such-file.png" alt="">',
  '/other-host': '<img src="http://localhost:9/pixel.png" alt="">',
  '/console.js': 'console.error("said on the console")',
  '/uncaught.js': 'setTimeout(() => { throw new Error("thrown later") })',
  '/wide': '<div class="wide" style="width: 1200px">wider than a phone</div>',
  '/nameless': '<main><h1>A form</h1><input></main>',
};

function answer(request: Request): Response {
  const { pathname } = new URL(request.url);
  const body = PAGES[pathname];
  if (body === undefined) return new Response(null, { status: 404 });
  const isScript = pathname.endsWith('.js');
  const policy = `default-src 'self'; img-src * data:; style-src 'unsafe-inline'`;
  const page = `<!doctype html><html lang="en"><title>page</title><link rel="icon" href="data:,">${body}</html>`;
  const type = isScript ? 'text/javascript' : 'text/html';
  return new Response(isScript ? body : page, {
    headers: { 'content-type': type, 'content-security-policy': policy },
  });
}

describeInBrowser('a test in a browser', (browser) => {
  let server: Listening;
  beforeAll(async () => {
    server = await listen(answer, { host: '127.0.0.1', port: 0 });
  });
  afterAll(() => server.close());

  /** Beside the harness, which would fail this test for them. */
  async function watchPage(path: string, expected: RegExp): Promise<PageProblems['found']> {
    const context = await browser.browser.newContext();
    onTestFinished(() => context.close());
    const problems = await watchProblems(context, [server.url]);
    problems.expect(expected);
    const page = await context.newPage();
    await page.goto(`${server.url}${path}`);
    return problems.found;
  }
  const NOTHING = /(?!)/;

  it.each([
    ['an error on the console', '/console', /^console: said on the console/],
    ['an error that nobody caught', '/uncaught', /^uncaught: Error: thrown later/],
    ['what the policy forbids', '/inline', /^the policy's script-src(-elem)? forbids inline/],
    ['an answer that is an error', '/missing', /^answered 404: GET http:\/\/127\.0\.0\.1:\d+\/no-such-file\.png$/],
    ['a request to another host', '/other-host', /^asks another host: GET http:\/\/localhost:9\/pixel\.png$/],
  ])('fails for %s', async (_, path, line) => {
    const found = await watchPage(path, NOTHING);
    await expect.poll(() => found).toContainEqual(expect.stringMatching(line));
  });

  it('has nothing to say of a page without problems, and of those that are expected', async () => {
    expect(await watchPage('/', NOTHING)).toEqual([]);
    expect(await watchPage('/missing', /no-such-file/)).toEqual([]);
  });

  it('names what scrolls sideways in a look', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-looks-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    vi.stubEnv('HAWSER_SCREENSHOTS', folder);
    vi.stubEnv('HAWSER_LOOKS', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const page = await browser.open(`${server.url}/wide`);
    const failure = everyLook(page, 'wide');
    await expect(failure).rejects.toThrow(/scrolls sideways:\n {2}1024 light: <div class="wide"> ends at 1208 of 1024/);
    expect(readdirSync(folder).sort()).toEqual(
      ['1024-dark', '1024-light', '1440-dark', '1440-light', '390-dark', '390-light'].map((look) => `wide-${look}.png`),
    );
  });

  it('names what axe finds, and where', async () => {
    const page = await browser.open(`${server.url}/nameless`);
    await expect(checkAccessibility(page)).rejects.toThrow(/label \(critical\).*\n {4}input\n/);
  });
});
