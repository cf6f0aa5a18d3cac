import { describe, expect, it } from 'vitest';
import { matchingWindows, type SyncWindow, windowVerdict } from '../../src/application/sync-window.ts';

const NIGHT: SyncWindow = {
  kind: 'deny',
  schedule: '0 2 * * *',
  duration: '4h',
  timeZone: 'Asia/Seoul',
  namespaces: ['*'],
};
const CHRISTMAS: SyncWindow = { kind: 'deny', schedule: '0 0 24 12 *', duration: '168h', applications: ['*'] };
const NOON: SyncWindow = { kind: 'allow', schedule: '0 12 * * *', duration: '1h', applications: ['*'] };

function ask(windows: readonly SyncWindow[], at: string, more: { manual?: boolean; since?: string } = {}) {
  const { allowed, nextChangeMs } = windowVerdict({
    windows,
    now: Date.parse(at),
    isManual: more.manual ?? false,
    ...(more.since && { operationStartedAt: more.since }),
  });
  return { allowed, until: nextChangeMs === undefined ? undefined : new Date(nextChangeMs).toISOString() };
}

describe('windowVerdict', () => {
  it.each<[string, readonly SyncWindow[], string, boolean, string | undefined]>([
    ['nothing concerns it', [], '2026-01-05T00:00:00Z', true, undefined],
    // 02:00 in Seoul is 17:00 UTC of the day before.
    ['before the night', [NIGHT], '2026-01-05T16:59:59Z', true, '2026-01-05T17:00:00.001Z'],
    ['the very start of the night', [NIGHT], '2026-01-05T17:00:00Z', true, '2026-01-05T17:00:00.001Z'],
    ['within the night', [NIGHT], '2026-01-05T17:00:01Z', false, '2026-01-05T21:00:00.000Z'],
    ['the end of the night', [NIGHT], '2026-01-05T21:00:00Z', true, '2026-01-06T17:00:00.001Z'],
    ['eleven months before the week', [CHRISTMAS], '2026-01-05T00:00:00Z', true, '2026-12-24T00:00:00.001Z'],
    ['within the week', [CHRISTMAS], '2026-12-30T23:00:00Z', false, '2026-12-31T00:00:00.000Z'],
    ['no allow window is open', [NOON], '2026-01-05T11:00:00Z', false, '2026-01-05T12:00:00.001Z'],
    ['an allow window is open', [NOON], '2026-01-05T12:30:00Z', true, '2026-01-05T13:00:00.000Z'],
    [
      'two windows that overlap count as one',
      [NIGHT, { ...NIGHT, schedule: '0 5 * * *' }],
      '2026-01-05T18:00:00Z',
      false,
      '2026-01-06T00:00:00.000Z',
    ],
    [
      'a window inside another changes nothing',
      [NIGHT, { ...NIGHT, schedule: '0 3 * * *', duration: '1h' }],
      '2026-01-05T17:30:00Z',
      false,
      '2026-01-05T21:00:00.000Z',
    ],
    [
      'windows that follow each other without a gap',
      [{ ...NOON, schedule: '0 * * * *' }],
      '2026-01-05T12:30:00Z',
      true,
      undefined,
    ],
    ['always', [{ ...NOON, kind: 'deny', schedule: '* * * * *' }], '2026-01-05T12:30:00Z', false, undefined],
    [
      'a deny that never ends, whatever allow windows there are',
      [{ ...NOON, kind: 'deny', schedule: '* * * * *' }, NOON],
      '2026-01-05T12:30:00Z',
      false,
      undefined,
    ],
    [
      'a week of nights that adjoin',
      [{ ...NIGHT, schedule: '0 2 * * 1-5', duration: '24h' }],
      '2026-01-06T00:00:00Z',
      false,
      '2026-01-09T17:00:00.000Z',
    ],
    [
      'a window of a day that never comes is always active, as in Argo CD',
      [{ ...CHRISTMAS, schedule: '0 0 30 2 *' }],
      '2026-01-05T12:30:00Z',
      false,
      undefined,
    ],
  ])('%s', (_, windows, at, allowed, until) => {
    expect(ask(windows, at)).toEqual({ allowed, until });
  });

  it.each<[string, string, boolean, string]>([
    // Clocks go from 02:00 to 03:00 in Berlin at 01:00 UTC: the window that spans it ends by the new time.
    ['spring', '2026-03-29T00:30:00Z', false, '2026-03-29T02:00:00.000Z'],
    ['autumn', '2026-10-25T00:30:00Z', false, '2026-10-25T03:00:00.000Z'],
    ['the day before', '2026-03-28T00:30:00Z', false, '2026-03-28T03:00:00.000Z'],
  ])('a window over the change of the clocks: %s', (_, at, allowed, until) => {
    const window = { ...NIGHT, schedule: '0 1 * * *', duration: '3h', timeZone: 'Europe/Berlin' };
    expect(ask([window], at)).toEqual({ allowed, until });
  });

  it.each<[string, readonly SyncWindow[], boolean]>([
    ['a deny that lets manual syncs pass', [{ ...NIGHT, manualSync: true }], true],
    ['one of two denies does not', [{ ...NIGHT, manualSync: true }, NIGHT], false],
    ['an allow that is closed and lets manual syncs pass', [{ ...NOON, manualSync: true }], true],
    ['one of two closed allows does not', [{ ...NOON, manualSync: true }, NOON], false],
  ])('a manual sync: %s', (_, windows, allowed) => {
    const at = '2026-01-05T18:00:00Z';
    expect(ask(windows, at, { manual: true }).allowed).toBe(allowed);
    expect(ask(windows, at).allowed).toBe(false);
  });

  it.each<[string, SyncWindow, string, boolean]>([
    ['began before the deny window', { ...NIGHT, syncOverrun: true }, '2026-01-05T16:00:00Z', true],
    ['began within it', { ...NIGHT, syncOverrun: true }, '2026-01-05T17:30:00Z', false],
    ['the window does not say so', NIGHT, '2026-01-05T16:00:00Z', false],
    ['began in an allow window', { ...NOON, syncOverrun: true }, '2026-01-05T12:30:00Z', true],
    ['began outside of it', { ...NOON, syncOverrun: true }, '2026-01-05T11:30:00Z', false],
  ])('syncOverrun: the operation %s', (_, window, since, allowed) => {
    expect(ask([window], '2026-01-05T18:00:00Z', { since }).allowed).toBe(allowed);
  });

  it.each<[string, SyncWindow, string]>([
    [
      'a schedule',
      { ...NOON, schedule: '@daily' },
      "invalid sync windows: cannot parse schedule '@daily': parser does not accept descriptors: @daily",
    ],
    [
      'a duration',
      { ...NOON, duration: 'x' },
      `invalid sync windows: cannot parse duration 'x': time: invalid duration "x"`,
    ],
  ])('%s that cannot be read blocks', (_, window, reason) => {
    expect(windowVerdict({ windows: [window], now: 0, isManual: true })).toEqual({ allowed: false, reason });
  });

  it('names the windows that block', () => {
    const { reason } = windowVerdict({
      windows: [{ ...NIGHT, description: 'nights' }],
      now: Date.parse('2026-01-05T18:00:00Z'),
      isManual: false,
    });
    expect(reason).toBe("a deny window is active: deny '0 2 * * *' for 4h (Asia/Seoul): nights");
  });
});

describe('matchingWindows', () => {
  const app = {
    metadata: { name: 'shop' },
    spec: { destination: { server: 'https://kubernetes.default.svc', namespace: 'prod' } },
  };
  it.each<[string, SyncWindow, boolean]>([
    ['no list at all', {}, false],
    ['an application', { applications: ['sh*'] }, true],
    ['another application, this namespace', { applications: ['x'], namespaces: ['prod'] }, true],
    ['the same with andOperator', { applications: ['x'], namespaces: ['prod'], andOperator: true }, false],
    ['both with andOperator', { applications: ['shop'], namespaces: ['prod'], andOperator: true }, true],
    ['a cluster by its server', { clusters: ['https://kubernetes.*'] }, true],
    ['a cluster by a name that the destination does not give', { clusters: ['in-cluster'] }, false],
    ['any cluster', { clusters: ['*'] }, true],
  ])('%s', (_, window, expected) => {
    expect(matchingWindows([window], app).length > 0).toBe(expected);
  });
});
