// Drafts in the storage of a browser's tab, which is stood for: full, refused, or another's.

import { afterEach, expect, it, vi } from 'vitest';

interface TabStorage {
  readTab(key: string): string | undefined;
  keepInTab(key: string, text: string | undefined): void;
  forgetTabOnLeaving(): void;
}

const page = new EventTarget();

/** The module as it is in a page of `user`; `room`: how many characters the tab has for a text. */
async function openPage(kept: Map<string, string>, user: string, room = 100): Promise<TabStorage> {
  vi.resetModules();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  const app = { dataset: { start: JSON.stringify({ user: { name: user, groups: [], kind: 'local' } }) } };
  vi.stubGlobal('document', { querySelector: () => app });
  const methods = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => {
      if (text.length > room) throw new DOMException('full', 'QuotaExceededError');
      kept.set(name, text);
    },
    removeItem: (name: string) => void kept.delete(name),
  };
  // As in a browser, its own keys are those of the entries.
  vi.stubGlobal(
    'sessionStorage',
    new Proxy(methods, {
      ownKeys: () => [...kept.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    }),
  );
  return import(new URL('../../../src/ui/web/state/tab-storage.ts', import.meta.url).href);
}
afterEach(() => vi.unstubAllGlobals());

it('gives a draft back to whoever typed it, and to no other user of the tab', async () => {
  const kept = new Map<string, string>();
  (await openPage(kept, 'kim')).keepInTab('try shop', 'password: a');
  expect((await openPage(kept, 'lee')).readTab('try shop')).toBeUndefined();
  expect((await openPage(kept, 'kim')).readTab('try shop')).toBe('password: a');
});

it('forgets drafts, and nothing else, when the page is left for the logout', async () => {
  const kept = new Map([['of another script', 'x']]);
  const tab = await openPage(kept, 'kim');
  tab.keepInTab('try shop', 'password: a');
  tab.forgetTabOnLeaving();
  expect(tab.readTab('try shop')).toBe('password: a');
  page.dispatchEvent(new Event('pagehide'));
  expect([...kept.keys()]).toEqual(['of another script']);
});

it('brings no older draft back in place of one that had no room', async () => {
  const tab = await openPage(new Map(), 'kim', 10);
  tab.keepInTab('try shop', 'short');
  tab.keepInTab('try shop', 'longer than there is room');
  expect(tab.readTab('try shop')).toBeUndefined();
});
