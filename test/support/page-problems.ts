// What must not happen on any page, and is easily overlooked in a test of something else: errors on the console, violations of the
// Content-Security-Policy, requests that fail, requests to another host.

import type { BrowserContext, ConsoleMessage, Request, Response } from 'playwright-core';

export interface PageProblems {
  /** One line for each, oldest first. */
  readonly found: readonly string[];
  /** The same, which are not told again. */
  take(): readonly string[];
  /** What a test brings about itself is no problem from now on. */
  expect(pattern: RegExp): void;
}

/** A page that is left takes its requests along. */
const LEFT = 'net::ERR_ABORTED';
/** Chromium says the same of each answer that is none of 200 to 399; the answer itself tells more. */
const FAILED_TO_LOAD = /^Failed to load resource/;

/** In the page. */
const REPORT_VIOLATIONS = `
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
    reportViolation(\`the policy's \${effectiveDirective} forbids \${blockedURI || 'inline'} at \${sourceFile}:\${lineNumber}\`);
  });
`;

/** Watches all pages of a context from now on. `origins`: the only ones that may be asked. */
export async function watchProblems(context: BrowserContext, origins: readonly string[]): Promise<PageProblems> {
  const found: string[] = [];
  const expected: RegExp[] = [];
  const report = (line: string) => void (expected.some((pattern) => pattern.test(line)) || found.push(line));

  await context.exposeBinding('reportViolation', (_, line: string) => report(line));
  await context.addInitScript({ content: REPORT_VIOLATIONS });
  context.on('console', (message: ConsoleMessage) => {
    const text = message.text();
    if (message.type() !== 'error' || FAILED_TO_LOAD.test(text)) return;
    const { url, lineNumber } = message.location();
    report(`console: ${text} (${url}:${lineNumber})`);
  });
  context.on('weberror', (error) => report(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request: Request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^(data|blob|about):$/.test(protocol) || origins.includes(origin)) return;
    report(`asks another host: ${request.method()} ${request.url()}`);
  });
  context.on('response', (response: Response) => {
    if (response.status() < 400) return;
    report(`answered ${response.status()}: ${response.request().method()} ${response.url()}`);
  });
  context.on('requestfailed', (request: Request) => {
    const reason = request.failure()?.errorText ?? 'without a reason';
    if (reason !== LEFT) report(`failed: ${request.method()} ${request.url()}: ${reason}`);
  });
  return {
    found,
    take: () => found.splice(0),
    expect: (pattern) => {
      expected.push(pattern);
      for (let index = found.length - 1; index >= 0; index--) {
        if (pattern.test(found[index] ?? '')) found.splice(index, 1);
      }
    },
  };
}
