// The clock, and alarms: each fires once, at its instant or as soon after it as the process can.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PortHost, startPortHost } from '../support/port-host.ts';

const LONG_AGO = Date.UTC(2020, 0, 1);
/** More than a timer's longest delay of 24.8 days. */
const FAR_MS = 60 * 86_400_000;

let host: PortHost;
beforeAll(async () => {
  host = await startPortHost();
});
afterAll(() => host?.close());

describe('the clock', () => {
  it("is this machine's, and goes on", async () => {
    const before = Date.now();
    const [first, second] = await host.run('readClock');
    expect(first).toBeGreaterThanOrEqual(before);
    expect(second).toBeGreaterThan(first);
    expect(second).toBeLessThanOrEqual(Date.now());
  });
});

describe('alarms', () => {
  const fired = async (prefix: string) =>
    (await host.run('listFired')).map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const untilFired = (prefix: string, expected: readonly string[]) =>
    expect.poll(() => fired(prefix), { timeout: 20_000 }).toEqual(expected);

  it('fire in the order of their instants, never before them; what was cancelled does not, and what was moved does then', async () => {
    const instants = await host.run('setAlarms', [
      { name: 'order/third', inMs: 650 },
      { name: 'order/first', inMs: 500 },
      { name: 'order/cancelled', inMs: 550 },
      { name: 'order/moved-back', inMs: 600 },
      { name: 'order/moved-forth', inMs: FAR_MS },
      { name: 'order/last', inMs: 700 },
      { name: 'order/moved-back', inMs: FAR_MS },
      { name: 'order/moved-forth', inMs: 600 },
      { name: 'order/cancelled', isCancelled: true },
      { name: 'order/never-set', isCancelled: true },
    ]);
    await untilFired('order/', ['order/first', 'order/moved-forth', 'order/third', 'order/last']);
    for (const { name, atMs } of await host.run('listFired'))
      expect({ name, isEarly: atMs < (instants[name] ?? 0) }).toEqual({ name, isEarly: false });
    await host.run('setAlarms', [{ name: 'order/moved-back', isCancelled: true }]);
  });

  it('fire at once where their instant has passed', async () => {
    await host.run('setAlarms', [{ name: 'past/long-ago', atMs: LONG_AGO }]);
    await untilFired('past/', ['past/long-ago']);
    await host.run('setAlarms', [{ name: 'past/begin', atMs: 0 }]);
    await untilFired('past/', ['past/long-ago', 'past/begin']);
  });

  it('fire once each, however many have the same instant', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `many/${index}`);
    await host.run('setAlarmsAtOnce', { names, inMs: 50 });
    await expect.poll(async () => (await fired('many/')).sort(), { timeout: 20_000 }).toEqual(names.toSorted());
  });

  it('can be set again under a name that has fired', async () => {
    for (const expected of [['again/a'], ['again/a', 'again/a']]) {
      await host.run('setAlarms', [{ name: 'again/a', inMs: 20 }]);
      await untilFired('again/', expected);
    }
  });

  it('that were set anew after a start fire once, whether or not the runtime has kept them', async () => {
    const { 'kept/a': atMs = 0 } = await host.run('setAlarms', [{ name: 'kept/a', inMs: 60_000 }]);
    await host.restart('kill');
    await host.run('setAlarms', [{ name: 'kept/a', atMs }]);
    await host.run('setAlarms', [{ name: 'kept/a', inMs: 50 }]);
    await untilFired('kept/', ['kept/a']);
    // One more has fired behind it: it itself did not do so twice.
    await host.run('setAlarms', [{ name: 'kept/b', inMs: 50 }]);
    await untilFired('kept/', ['kept/a', 'kept/b']);
  });
});
