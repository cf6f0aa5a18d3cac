// WCAG 2.2 A and AA as axe-core sees a page, told so that it can be mended.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Two frames, and the end of what moves but for what moves without end. As text: the types of Node and of a page exclude each other. */
const STEADY = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  .then(() => Promise.allSettled(document.getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    .map(({ finished }) => finished)))
  .then(() => undefined)`;

/** Throws with a list of what axe finds; `within` looks at a part only. */
export async function checkAccessibility(page: Page, within = 'html'): Promise<void> {
  // A colour may be on its way to another one.
  await page.evaluate(STEADY);
  const violations = await findViolations(page, within);
  if (violations.length === 0) return;
  throw new Error(`axe finds ${violations.length} on ${page.url()}:\n${violations.join('\n')}`);
}

async function findViolations(page: Page, within: string): Promise<string[]> {
  // By the debugger, so that no policy of the page has to allow it.
  if (!(await page.evaluate<boolean>(`'axe' in window`))) await page.evaluate(SOURCE);
  const options = JSON.stringify({ runOnly: TAGS, resultTypes: ['violations'] });
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(within)}, ${options})`);
  return violations.map(
    ({ id, impact, help, nodes }) =>
      `  ${id} (${impact}): ${help}\n${nodes
        .slice(0, 5)
        .map(
          ({ target, html, any }) =>
            `    ${target.join(' ')}\n      ${html.slice(0, 200)}\n      ${any[0]?.message ?? ''}`,
        )
        .join('\n')}${nodes.length > 5 ? `\n    … and ${nodes.length - 5} more` : ''}`,
  );
}
