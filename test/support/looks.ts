// How views look: screenshots in the three widths of the UI's direction, light and dark, kept for people to judge.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly theme: 'light' | 'dark';
}

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
] as const;
export const LOOKS: readonly Look[] = SIZES.flatMap((size) =>
  (['light', 'dark'] as const).map((theme) => ({ ...size, theme })),
);

/** Each of them where somebody looks: HAWSER_LOOKS=1. The two that differ most show what would break, in a third of the time. */
function looksToTake(): readonly Look[] {
  return LOOKS.filter(
    ({ width, theme }, index) => process.env.HAWSER_LOOKS || index === 0 || (width === 390 && theme === 'dark'),
  );
}

/** `build/screenshots` of the checkout; HAWSER_SCREENSHOTS chooses another. */
export function screenshotFolder(): string {
  return process.env.HAWSER_SCREENSHOTS || join(import.meta.dirname, '..', '..', 'build', 'screenshots');
}

/** The page as it is: `<name>-<width>-<theme>.png`. Gives the file. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const theme = await themeOf(page);
  const file = join(screenshotFolder(), `${name}-${page.viewportSize()?.width ?? 0}-${theme}.png`);
  mkdirSync(screenshotFolder(), { recursive: true });
  await page.screenshot({ path: file, animations: 'disabled' });
  return file;
}

/** The page in its looks, and in the size and theme it had afterwards. Throws where a look makes the page scroll sideways. */
export async function everyLook(page: Page, name: string): Promise<void> {
  const [size, theme] = [page.viewportSize(), await themeOf(page)];
  const sideways: string[] = [];
  for (const { width, height, theme: look } of looksToTake()) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: look });
    await settle(page);
    await screenshot(page, name);
    const wide = await page.evaluate<string | null>(WIDEST);
    if (wide !== null) sideways.push(`${width} ${look}: ${wide}`);
  }
  if (size) await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: theme });
  await settle(page);
  if (sideways.length > 0) throw new Error(`${name} scrolls sideways:\n  ${sideways.join('\n  ')}`);
}

/** Two frames after the last change of the size: what follows from it was painted. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(SETTLED);
}

async function themeOf(page: Page): Promise<'light' | 'dark'> {
  return (await page.evaluate(IS_DARK)) ? 'dark' : 'light';
}

// What runs in the page is text: the types of Node and of a page exclude each other.

const IS_DARK = `matchMedia('(prefers-color-scheme: dark)').matches`;

const SETTLED = `document.fonts.ready.then(() => new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => resolve()))))`;

/** The outermost element that makes the page wider than its window. */
const WIDEST = `(() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return null;
  for (const element of document.body.querySelectorAll('*')) {
    const { right } = element.getBoundingClientRect();
    if (right > room + 1) return '<' + element.tagName.toLowerCase() + ' class="' + element.className + '"> ends at ' + Math.round(right) + ' of ' + room;
  }
  return document.documentElement.scrollWidth + ' of ' + room;
})()`;
