// Tests in a real browser: one Chromium for each file, one context for each page that a test opens, and nothing that goes wrong unseen.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { missingChromium, startChromium } from './chromium.ts';
import { screenshotFolder } from './looks.ts';
import { type PageProblems, watchProblems } from './page-problems.ts';

/** Clicks and waits that a page does not answer. */
const WAIT_MS = 20_000;

export interface OpenOptions {
  /** `en-US` unless said otherwise; `ko-KR`. */
  readonly locale?: string;
  /** `Asia/Seoul` unless said otherwise: a zone that is not the machine's. */
  readonly timezone?: string;
  readonly theme?: 'light' | 'dark';
  /** Nothing moves, unless a test is about that. */
  readonly isMoving?: boolean;
  readonly width?: number;
  readonly height?: number;
  /** A finger in place of a mouse. */
  readonly hasTouch?: boolean;
  /** A session's token (`login()` of a server), or hawser's own token (`token`) for all rights. */
  readonly session?: string;
  readonly token?: string;
  /** Others that may be asked, beside the page's own. */
  readonly origins?: readonly string[];
  /** For all tests of the file, one after the other: what a page has loaded and compiled once is there for the next address. */
  readonly isKept?: boolean;
}

export interface TestBrowser {
  /** Opens an address in a context of its own, which is closed after the test, or stays (`isKept`). Problems on it fail the test. */
  open(url: string, options?: OpenOptions): Promise<Page>;
  /** Of the test's pages: what a test brings about itself has to be expected. */
  expectProblem(page: Page, pattern: RegExp): void;
  /** What DevTools and the bench use. */
  readonly browser: Browser;
}

/** `describe` with a browser; skipped aloud where this machine has none. */
export function describeInBrowser(name: string, body: (browser: TestBrowser) => void): void {
  const missing = missingChromium();
  if (missing !== undefined) {
    console.warn(`${name}: skipped, ${missing}`);
    describe.skip(name, () => {
      it(missing, () => undefined);
    });
    return;
  }
  describe(name, () => body(useBrowser()));
}

function useBrowser(): TestBrowser {
  let browser: Browser | undefined;
  const opened = new Map<BrowserContext, PageProblems>();
  const kept = new Set<BrowserContext>();
  const started = (): Browser => {
    if (!browser) throw new Error('the browser is there within tests and hooks');
    return browser;
  };

  beforeAll(async () => {
    browser = await startChromium();
  });
  afterEach(async ({ task }) => {
    const contexts = [...opened];
    if (task.result?.state === 'fail') await keepLast(contexts, task.name);
    const found = contexts.flatMap(([, problems]) => problems.take());
    const ending = contexts.map(([context]) => context).filter((context) => !kept.has(context));
    for (const context of ending) opened.delete(context);
    await Promise.all(ending.map((context) => context.close()));
    if (found.length > 0) throw new Error(`problems on the page:\n${found.map((line) => `  ${line}`).join('\n')}`);
  });
  afterAll(async () => {
    await browser?.close();
  });

  return {
    get browser() {
      return started();
    },
    open: async (url, options = {}) => {
      const { origin } = new URL(url);
      const context = await started().newContext(contextOptions(options));
      opened.set(context, await watchProblems(context, [origin, ...(options.origins ?? [])]));
      if (options.isKept) kept.add(context);
      context.setDefaultTimeout(WAIT_MS);
      if (options.session !== undefined) {
        await context.addCookies([{ name: 'argocd.token', value: options.session, url: origin, httpOnly: true }]);
      }
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    expectProblem: (page, pattern) => {
      const problems = opened.get(page.context());
      if (!problems) throw new Error('this page was not opened by open()');
      problems.expect(pattern);
    },
  };
}

function contextOptions(options: OpenOptions): BrowserContextOptions {
  const { locale = 'en-US', timezone = 'Asia/Seoul', theme = 'light', isMoving = false, hasTouch = false } = options;
  const { width = 1440, height = 900, token } = options;
  return {
    locale,
    timezoneId: timezone,
    colorScheme: theme,
    reducedMotion: isMoving ? 'no-preference' : 'reduce',
    viewport: { width, height },
    hasTouch,
    ...(token !== undefined && { extraHTTPHeaders: { authorization: `Bearer ${token}` } }),
  };
}

/** What a failed test has seen last: `failed/<test>.png` beside the other screenshots. */
async function keepLast(contexts: readonly (readonly [BrowserContext, PageProblems])[], name: string): Promise<void> {
  const folder = join(screenshotFolder(), 'failed');
  mkdirSync(folder, { recursive: true });
  const pages = contexts.flatMap(([context]) => context.pages());
  for (const [index, page] of pages.entries()) {
    const file = `${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80)}${index === 0 ? '' : `-${index}`}.png`;
    await page.screenshot({ path: join(folder, file), timeout: 5_000 }).catch((error: unknown) => {
      console.warn(`no screenshot of the failed test: ${error}`);
    });
  }
}
