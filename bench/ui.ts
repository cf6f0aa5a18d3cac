// The web UI in a headless Chromium: what a page costs to load, when it first shows something of use, how soon it shows what changes in the
// cluster, and how smoothly a thousand Applications scroll.

import type { Browser, BrowserContext, Page } from 'playwright-core';
import { at } from '../src/base/json.ts';
import { createKubeClient, type KubeClient } from '../src/kube/client.ts';
import { connectKubeconfig } from '../src/node/kubeconfig.ts';
import { missingChromium, startChromium } from '../test/support/chromium.ts';
import { openGround } from '../test/support/served.ts';
import { startDemoProcess } from './demo.ts';
import { formatMs, type Row, summarise } from './measure.ts';

const LOADS = 10;
const CHANGES = 20;
const APPLICATIONS = 1_000;
const SCROLL_FRAMES = 400;
const GOALS = { loadBytes: 90_000, paintMs: 400, changeMs: 300, longFrames: 0 } as const;
const VIEWPORT = { width: 1440, height: 900 };

const [NAMESPACE, APPLICATION, DRIFTING] = ['argocd', 'dev-nginx', 'bench-drift'] as const;
const TYPE = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' } as const;

const linkTo = (name: string) => `main a[href="/applications/${NAMESPACE}/${name}"]`;

// What runs in the page is text: the types of Node and of a page exclude each other.

/** `whenPainted(test)`: the time in ms since the epoch at which what makes `test` true was on the screen. */
const WHEN_PAINTED = `
  globalThis.whenPainted = (test) => new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('not painted within 20 s: ' + test)), 20_000);
    const look = () => {
      if (!test()) return;
      watcher.disconnect();
      // The frame is painted right after the callbacks of it; a message is the first thing that runs then.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
        port2.postMessage(0);
      });
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  });
`;

const FIRST_TILE = `
  ${WHEN_PAINTED}
  globalThis.firstTile = whenPainted(() => document.querySelector(${JSON.stringify(linkTo(APPLICATION))})).then((at) => at - performance.timeOrigin);
`;

const LOADED_BYTES = `
  performance.getEntriesByType('resource')
    .filter(({ name }) => /[.](js|css)$/.test(new URL(name).pathname))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
`;

/** Scrolls as a wheel does, a step in each frame; the length of each frame, and how long scripts and layout took in the longest. */
const SCROLL = `(async () => {
  const tile = document.querySelector('main a[href^="/applications/"]');
  let area = tile;
  while (area && area !== document.scrollingElement && !(area.scrollHeight > area.clientHeight + 10 && /auto|scroll/.test(getComputedStyle(area).overflowY))) area = area.parentElement;
  area ??= document.scrollingElement;
  const long = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) long.push(duration);
  }).observe({ type: 'long-animation-frame' });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (let warm = 0; warm < 5; warm++) await frame();
  const frames = [];
  let last = await frame();
  const step = Math.max(40, Math.ceil((area.scrollHeight - area.clientHeight) / ${SCROLL_FRAMES}));
  for (let count = 0; count < ${SCROLL_FRAMES}; count++) {
    area.scrollTop += step;
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { frames, long, top: area.scrollTop, height: area.scrollHeight };
})()`;

export async function benchUi(): Promise<readonly Row[]> {
  const missing = missingChromium();
  if (missing !== undefined) return [{ what: 'the web UI', figure: `SKIPPED: ${missing}` }];
  const demo = await startDemoProcess();
  const browser = await startChromium().catch(async (error: unknown) => {
    await demo.stop();
    throw error;
  });
  try {
    const client = createKubeClient(await connectKubeconfig({ kubeconfig: demo.kubeconfig }), {
      fieldManager: 'bench',
    });
    return [
      ...(await benchLoad(browser, demo.url)),
      ...(await benchChanges(browser, demo.url, client)),
      ...(await benchScroll(browser)),
    ];
  } finally {
    await browser.close();
    await demo.stop();
  }
}

/** Each in a context of its own, which has nothing in its cache. */
async function benchLoad(browser: Browser, url: string): Promise<readonly Row[]> {
  const paints: number[] = [];
  let bytes = 0;
  // Before the first one counts, Chromium itself and the server have to warm up.
  for (let load = -1; load < LOADS; load++) {
    const page = await openPage(browser, `${url}/applications`, FIRST_TILE);
    const paintedMs = await page.evaluate<number>('firstTile');
    bytes = await page.evaluate<number>(LOADED_BYTES);
    if (load >= 0) paints.push(paintedMs);
    await page.context().close();
  }
  const paint = summarise(paints);
  return [
    {
      what: 'UI: script and style of the Applications page, gzip',
      figure: `${(bytes / 1000).toFixed(1)} kB`,
      goal: `≤ ${GOALS.loadBytes / 1000} kB`,
      holds: bytes > 0 && bytes <= GOALS.loadBytes,
    },
    {
      what: 'UI: cold load of the demo → first Application painted',
      figure: formatMs(paint),
      goal: `≤ ${GOALS.paintMs} ms`,
      holds: paint.median <= GOALS.paintMs,
    },
  ];
}

async function benchChanges(browser: Browser, url: string, client: KubeClient): Promise<readonly Row[]> {
  await makeDrifting(client);
  const page = await openPage(browser, `${url}/applications`, FIRST_TILE);
  await page.evaluate('firstTile');
  const application = { ...TYPE, name: APPLICATION, namespace: NAMESPACE };
  const written = await timeChanges(page, APPLICATION, ['Degraded', 'Healthy'], (word) =>
    client.patch(application, { status: { health: { status: word } } }, { type: 'merge' }),
  );
  const drifting = { ...TYPE, name: DRIFTING, namespace: NAMESPACE };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'dev-web', namespace: DRIFTING };
  const changed = await timeChanges(page, DRIFTING, ['OutOfSync', 'Synced'], (word) =>
    word === 'Synced'
      ? client.patch(drifting, { operation: { sync: {} } }, { type: 'merge' })
      : client.patch(deployment, { spec: { replicas: 3 } }, { type: 'merge', fieldManager: 'kubectl' }),
  );
  const [drifted, synced] = [0, 1].map((rest) => changed.filter((_, turn) => turn % 2 === rest));
  await page.context().close();
  return [
    rowOfChange('UI: the cluster’s Application changes → painted', written),
    rowOfChange('UI: a Deployment is scaled by hand → OutOfSync painted', drifted ?? []),
    { what: 'UI: a sync is asked for → Synced painted', figure: formatMs(summarise(synced ?? [])) },
  ];
}

/** An Application that nothing brings back to what Git says, once it is deployed. */
async function makeDrifting(client: KubeClient): Promise<void> {
  const model = await client.get({ ...TYPE, name: 'dev-web', namespace: NAMESPACE });
  await client.create({
    ...TYPE,
    metadata: { name: DRIFTING, namespace: NAMESPACE },
    spec: {
      project: 'default',
      source: at(model, 'spec', 'source'),
      destination: { server: 'https://kubernetes.default.svc', namespace: DRIFTING },
      syncPolicy: { automated: {}, syncOptions: ['CreateNamespace=true'] },
    },
  });
  for await (const event of client.watch(TYPE, { name: DRIFTING, namespace: NAMESPACE, timeoutMs: 20_000 })) {
    const objects = event.type === 'RELISTED' ? event.objects : [event.object];
    if (objects.some((app) => at(app, 'status', 'operationState', 'phase') === 'Succeeded')) return;
  }
  throw new Error(`${DRIFTING} was not deployed within 20 s`);
}

/** From before the request to the API server until the tile says the word. */
async function timeChanges(
  page: Page,
  name: string,
  words: readonly string[],
  change: (word: string) => Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < CHANGES; turn++) {
    const word = words[turn % words.length] ?? '';
    const painted = page.evaluate<number>(
      `whenPainted(() => (document.querySelector(${JSON.stringify(linkTo(name))})?.closest('li, tr, article, [role=row], [role=listitem]')?.innerText ?? '').includes(${JSON.stringify(word)}))`,
    );
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 50))');
    const begin = performance.timeOrigin + performance.now();
    await change(word);
    times.push((await painted) - begin);
  }
  return times;
}

function rowOfChange(what: string, times: readonly number[]): Row {
  const summary = summarise(times);
  return { what, figure: formatMs(summary), goal: `≤ ${GOALS.changeMs} ms`, holds: summary.p95 <= GOALS.changeMs };
}

async function benchScroll(browser: Browser): Promise<readonly Row[]> {
  const ground = await openGround({ applications: APPLICATIONS });
  try {
    const page = await openPage(browser, `${ground.url}/applications`, WHEN_PAINTED);
    await page.locator('main a[href^="/applications/"]').first().waitFor();
    // What the page itself computes, however busy the machine is with something else.
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const computedMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
    };
    const before = await computedMs();
    const { frames, long, top } = await page.evaluate<{ frames: number[]; long: number[]; top: number }>(SCROLL);
    const perFrameMs = ((await computedMs()) - before) / frames.length;
    await page.context().close();
    const sorted = [...frames].sort((a, b) => a - b);
    const p99 = sorted[Math.ceil(0.99 * sorted.length) - 1] ?? Number.NaN;
    // As the browser itself counts them: of more than 50 ms.
    const longFrames = long.length;
    return [
      {
        what: `UI: ${APPLICATIONS} Applications scroll through (${frames.length} frames, ${Math.round(top)} px)`,
        figure: `${longFrames} frames over 50 ms, p99 ${p99.toFixed(0)} ms, longest ${(sorted.at(-1) ?? 0).toFixed(0)} ms`,
        goal: `${GOALS.longFrames} over 50 ms`,
        holds: top > 0 && longFrames === GOALS.longFrames,
      },
      { what: 'UI: what the page computes for a frame of it', figure: `mean ${perFrameMs.toFixed(1)} ms` },
    ];
  } finally {
    await ground.close();
  }
}

async function openPage(browser: Browser, url: string, script: string): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: VIEWPORT, reducedMotion: 'reduce' });
  await context.addInitScript({ content: script });
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'commit' });
  return page;
}
