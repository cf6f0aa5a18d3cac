// What a page follows, as views come and go. The page's own globals are stood for: the module needs no more of a browser than these.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';

interface Live {
  readonly value: { peek(): string | undefined };
  readonly state: { peek(): { readonly kind: string } };
  look(): () => void;
}
type Follow = (set: (value: string) => void, signal: AbortSignal) => Promise<void>;

let createLive: (source: { readonly follow: Follow }) => Live;
let refused: (status: number) => Error;

beforeAll(async () => {
  // What would be tried again after a while is not, here.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const page = new EventTarget();
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  // By their addresses: the compiler checks tests without the types of a browser.
  const load = (path: string) => import(new URL(`../../../src/ui/web/${path}`, import.meta.url).href);
  ({ createLive } = await load('state/live.ts'));
  const { ApiError } = await load('api/error.ts');
  refused = (status) => new ApiError({ status, message: 'refused' });
});
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

const untilGone = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

it.each([
  ['was refused', 404],
  ['could not be had, and is waited for', 500],
])('asks again at once for what %s when somebody comes back to it', async (_, status) => {
  let asked = 0;
  const live = createLive({
    async follow(set, signal) {
      asked += 1;
      if (asked === 1) throw refused(status);
      set('here');
      await untilGone(signal);
    },
  });
  const leave = live.look();
  await settled();
  expect(live.state.peek().kind).toBe('failed');
  leave();
  const leaveAgain = live.look();
  await settled();
  expect(live.state.peek().kind).toBe('live');
  expect(live.value.peek()).toBe('here');
  leaveAgain();
});
