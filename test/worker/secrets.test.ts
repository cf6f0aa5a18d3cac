// Secrets of a Worker: as texts and from the Secrets Store, renewed where the other side refuses them, and in no message.

import { describe, expect, it } from 'vitest';
import { withBearerToken } from '../../src/worker/bearer-token.ts';
import { createChangingSecret, readSecret, type SecretBinding } from '../../src/worker/secrets.ts';

/** What the Secrets Store gives, one after another, and the last one from then on. */
function storeOf(...values: readonly string[]) {
  let reads = 0;
  const get = async () => values[Math.min(reads++, values.length - 1)] ?? '';
  return { get, reads: () => reads };
}

describe('a secret', () => {
  it.each<[string, SecretBinding | undefined, string | undefined]>([
    ['nothing', undefined, undefined],
    ['an empty text', ' \n', undefined],
    ['a text', 'abc', 'abc'],
    ['a text with the end of its line', 'abc\r\n', 'abc'],
    ['one of the Secrets Store', storeOf('abc\n'), 'abc'],
  ])('is read from %s', async (_, binding, expected) => {
    expect(await readSecret('KUBE_TOKEN', binding)).toBe(expected);
  });

  it.each<[string, SecretBinding, string]>([
    ['two lines', 'geheim\nmore', 'InvalidInput'],
    ['letters beyond ASCII', 'gehe\u{ef}m', 'InvalidInput'],
    [
      'a store without it',
      {
        get: async () => {
          throw new Error('secret not found');
        },
      },
      'Unavailable',
    ],
  ])('is refused where it is %s, by its name and without its value', async (_, binding, code) => {
    const error: unknown = await readSecret('KUBE_TOKEN', binding).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining('KUBE_TOKEN') });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/gehe/);
  });
});

describe('a bearer token', () => {
  function createServer(accepted: string) {
    const seen: (string | null)[] = [];
    const send = async (_path: string, init: RequestInit = {}) => {
      const token = new Headers(init.headers).get('authorization');
      seen.push(token);
      return new Response('', { status: token === `Bearer ${accepted}` ? 200 : 401 });
    };
    return { send, seen };
  }
  const ask = async (send: ReturnType<typeof withBearerToken>, init?: RequestInit) =>
    (await send('/version', init)).status;

  it('that was renewed in the store is taken after the first refusal, once for all', async () => {
    const store = storeOf('old', 'new');
    const { send, seen } = createServer('new');
    const fetch = withBearerToken(send, createChangingSecret('KUBE_TOKEN', store, { now: () => 0 }));
    expect(await Promise.all([ask(fetch), ask(fetch, { method: 'POST', body: '{}' })])).toEqual([200, 200]);
    expect(store.reads()).toBe(2);
    expect(seen.at(-1)).toBe('Bearer new');
  });

  it('that stays wrong is read anew at most every ten seconds', async () => {
    let nowMs = 0;
    const store = storeOf('old');
    const { send, seen } = createServer('new');
    const fetch = withBearerToken(send, createChangingSecret('KUBE_TOKEN', store, { now: () => nowMs }));
    for (let times = 0; times < 5; times++) expect(await ask(fetch)).toBe(401);
    expect(store.reads()).toBe(2);
    nowMs = 10_000;
    for (let times = 0; times < 5; times++) expect(await ask(fetch)).toBe(401);
    expect(store.reads()).toBe(3);
    expect(seen).toHaveLength(10);
  });

  it('that is a plain text is not asked for again, and without one nothing is added', async () => {
    const { send, seen } = createServer('new');
    const clock = { now: () => 0 };
    expect(await ask(withBearerToken(send, createChangingSecret('KUBE_TOKEN', 'old', clock)))).toBe(401);
    expect(await ask(withBearerToken(send, createChangingSecret('KUBE_TOKEN', undefined, clock)))).toBe(401);
    expect(seen).toEqual(['Bearer old', null]);
  });

  it('is not tried again for a body that has gone out', async () => {
    const { send, seen } = createServer('new');
    const store = storeOf('old', 'new');
    const fetch = withBearerToken(send, createChangingSecret('KUBE_TOKEN', store, { now: () => 0 }));
    const body = new Blob(['{}']).stream();
    expect(await ask(fetch, { method: 'POST', body })).toBe(401);
    expect(store.reads()).toBe(1);
    expect(seen).toHaveLength(1);
  });
});
