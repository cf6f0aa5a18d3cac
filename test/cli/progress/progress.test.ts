// How an operation is shown as it goes: rows, lines in a pipe, a tree in a terminal.

import { describe, expect, it } from 'vitest';
import { parseApplication } from '../../../src/application/parse.ts';
import { clip, widthOf } from '../../../src/cli/progress/clip.ts';
import { createLines, formatLocalTime } from '../../../src/cli/progress/lines.ts';
import { type ResourceRow, resourceRows, takeChanges } from '../../../src/cli/progress/rows.ts';
import { createTree, treeLines } from '../../../src/cli/progress/tree.ts';

const object = (kind: string, name: string, more: object = {}) => ({
  group: '',
  version: 'v1',
  kind,
  namespace: 'n',
  name,
  ...more,
});

function application(resources: readonly object[], results: readonly object[], phase = 'Running') {
  return parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'app', namespace: 'argocd' },
    spec: { destination: {} },
    status: {
      sync: { status: 'OutOfSync', revision: 'abcdef0123' },
      resources,
      operationState: { phase, startedAt: 'T', operation: {}, message: '', syncResult: { resources: results } },
    },
  });
}

const BEGUN = application(
  [
    object('ConfigMap', 'settings', { status: 'OutOfSync' }),
    object('Deployment', 'web', { status: 'OutOfSync', health: { status: 'Missing' }, syncWave: 2 }),
  ],
  [object('Job', 'migrate', { hookType: 'PreSync', hookPhase: 'Running', message: 'job.batch/migrate\n created' })],
);
const GONE_ON = application(
  [
    object('ConfigMap', 'settings', { status: 'Synced' }),
    object('Deployment', 'web', { status: 'Synced', health: { status: 'Progressing' }, syncWave: 2 }),
  ],
  [
    object('Job', 'migrate', { hookType: 'PreSync', hookPhase: 'Succeeded', status: 'Synced' }),
    object('ConfigMap', 'settings', { status: 'Synced', hookPhase: 'Running', message: 'created' }),
    object('Deployment', 'web', { status: 'SyncFailed', message: 'denied' }),
  ],
);

describe('the rows', () => {
  it('have what the operation did first, in its order, and then the rest by its wave', () => {
    expect(resourceRows(BEGUN).map(({ name, status, health, hook }) => [name, status, health, hook])).toEqual([
      ['migrate', 'Running', '', 'PreSync'],
      ['settings', 'OutOfSync', '', ''],
      ['web', 'OutOfSync', 'Missing', ''],
    ]);
  });

  it('change only where something is new, and keep what is not told for a moment', () => {
    const before = new Map<string, ResourceRow>();
    const names = (rows: readonly ResourceRow[]) => rows.map(({ name }) => name);
    expect(names(takeChanges(before, resourceRows(BEGUN)))).toEqual(['migrate', 'settings', 'web']);
    expect(takeChanges(before, resourceRows(BEGUN))).toEqual([]);
    const changed = takeChanges(before, resourceRows(GONE_ON));
    expect(names(changed)).toEqual(['migrate', 'settings', 'web']);
    expect(changed[0]).toMatchObject({ status: 'Succeeded', message: 'job.batch/migrate\n created' });
  });
});

describe('lines', () => {
  it('tell of each change once', () => {
    let text = '';
    const lines = createLines(
      (more) => {
        text += more;
      },
      () => new Date('2026-01-02T03:04:05Z'),
    );
    for (const app of [BEGUN, BEGUN, GONE_ON]) lines.show(app);
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => line.trim().split(/ +/).slice(1).join(' ')),
    ).toEqual([
      'GROUP KIND NAMESPACE NAME STATUS HEALTH HOOK MESSAGE',
      'Job n migrate Running PreSync job.batch/migrate created',
      'ConfigMap n settings OutOfSync',
      'Deployment n web OutOfSync Missing',
      'Job n migrate Succeeded Synced PreSync job.batch/migrate created',
      'ConfigMap n settings Synced created',
      'Deployment n web Synced Progressing denied',
    ]);
  });

  it('have the time of this machine with its offset', () => {
    const time = new Date('2026-01-02T03:04:05.678Z');
    expect(Date.parse(formatLocalTime(time))).toBe(Date.parse('2026-01-02T03:04:05Z'));
    expect(formatLocalTime(time)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:05[+-]\d\d:\d\d$/);
  });
});

describe('the tree', () => {
  it('has phases and waves with their objects', () => {
    expect(treeLines(GONE_ON).map(({ text }) => text)).toEqual([
      'app  2 of 3  Syncing to abcdef0 since T.',
      '├─ PreSync',
      '│  └─ ✓ Job migrate  Succeeded, Synced',
      '├─ Sync',
      '│  └─ ✓ ConfigMap settings  Synced  created',
      '└─ Sync, wave 2',
      '   └─ ✗ Deployment web  SyncFailed, Progressing  denied',
    ]);
  });

  it('is drawn over itself, within the terminal, without colours where none are wanted', () => {
    let text = '';
    const write = (more: string) => {
      text += more;
    };
    const terminal = { columns: () => 24, rows: () => 5, isDumb: false, isColorless: true };
    const tree = createTree(terminal, write);
    tree.show(BEGUN);
    const first = text;
    tree.show(GONE_ON);
    tree.end();
    const lines = first.replaceAll('\u001b[?25l', '').replaceAll('\u001b[0J', '').split('\n');
    expect(lines).toEqual([
      'app  0 of 3  Syncing t…',
      '├─ PreSync',
      '│  └─ … Job migrate  R…',
      '   and 4 more lines',
      '',
    ]);
    expect(text.slice(first.length)).toMatch(/^\u001b\[4A\r\u001b\[0Japp {2}2 of 3/);
    expect(text.endsWith('\u001b[?25h\n')).toBe(true);
    expect(text).not.toMatch(/\u001b\[\d+m/);
  });
});

describe('the width of text', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcdef', 6, 'abcd…'],
    ['日本語', 6, '日本…'],
    ['e\u0301a', 2, 'e\u0301a'],
  ])('%s', (text, width, clipped) => {
    expect(widthOf(text)).toBe(width);
    expect(clip(text, 5)).toBe(clipped);
  });
});
