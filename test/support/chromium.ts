// Debian's Chromium for tests and the bench: found on this machine, started without anything that asks a network.

import { type Browser, chromium } from 'playwright-core';
import { findPeer } from './peers.ts';

const NAMES = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'] as const;
/** There is no display and no second user; nothing but this machine is asked, and nobody is told of the browser. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** The path of a Chromium: HAWSER_CHROMIUM, or what PATH has. undefined where this machine has none. */
export function findChromium(): string | undefined {
  const { HAWSER_CHROMIUM: chosen } = process.env;
  if (chosen) return chosen;
  return NAMES.map(findPeer).find((path) => path !== undefined);
}

/** Why there is no browser to test with; throws where one was asked for (HAWSER_NEEDS_BROWSER, as .ci/run does). */
export function missingChromium(): string | undefined {
  if (findChromium() !== undefined) return undefined;
  const reason = 'no Chromium on PATH (Debian: apt-get install chromium; HAWSER_CHROMIUM names another)';
  if (process.env.HAWSER_NEEDS_BROWSER) throw new Error(reason);
  return reason;
}

export function startChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? 'chromium',
    args: [...ARGUMENTS, ...more],
    timeout: 60_000,
  });
}
