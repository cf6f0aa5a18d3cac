// The sentence that says what an Application's state is, and what comes next.

import { describe, expect, it } from 'vitest';
import { KOREAN } from '../../src/application/sentence-words.ts';
import { stateCommand, stateSentence } from '../../src/application/state-sentence.ts';
import type { Application, ApplicationStatus, OperationState, SyncPolicy } from '../../src/application/types.ts';

const REVISION = '3f9c1a2b4d5e6f708192a3b4c5d6e7f801234567';
const OBJECTS = [
  { version: 'v1', kind: 'ConfigMap', name: 'a', status: 'OutOfSync' },
  { version: 'v1', kind: 'ConfigMap', name: 'b', status: 'Synced' },
] as const;
const OUT_OF_SYNC: ApplicationStatus = { sync: { status: 'OutOfSync', revision: REVISION }, resources: OBJECTS };

function application(status: ApplicationStatus, syncPolicy: SyncPolicy = {}): Application {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: { project: 'default', destination: {}, syncPolicy },
    status,
  };
}

function heldBy(rest: string): ApplicationStatus {
  const message = `sync to ${REVISION} is held ${rest}`.replace('held :', 'held:');
  return { ...OUT_OF_SYNC, conditions: [{ type: 'SyncHeld', message }] };
}

function running(state: Partial<OperationState>): ApplicationStatus {
  const operationState: OperationState = {
    operation: {},
    phase: 'Running',
    startedAt: '2026-03-10T12:00:00Z',
    ...state,
  };
  return { ...OUT_OF_SYNC, operationState };
}

const DIFFERS = 'OutOfSync: 1 of 2 objects differs since 3f9c1a2. Next: ';

describe('the sentence of an Application', () => {
  it.each<[string, ApplicationStatus, SyncPolicy, string]>([
    [
      'whose pruning waits for a person',
      running({ message: 'waiting for pruning confirmation of /ConfigMap/b' }),
      {},
      'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z: waiting for pruning confirmation of /ConfigMap/b.',
    ],
    [
      'whose sync a window blocks',
      running({ message: 'Sync operation blocked by sync window' }),
      {},
      'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z: Sync operation blocked by sync window.',
    ],
    ['that nobody has compared', {}, {}, 'Not compared yet. Next: refresh it, or push.'],
    [
      'that could not be compared',
      {
        sync: { status: 'Unknown', revision: REVISION },
        conditions: [{ type: 'ComparisonError', message: 'the repository is away.' }],
      },
      {},
      'Unknown: the repository is away.',
    ],
    [
      'of which one object could not be compared',
      {
        sync: { status: 'Unknown', revision: REVISION },
        resources: [...OBJECTS, { version: 'v1', kind: 'ConfigMap', name: 'c', status: 'Unknown' }],
      },
      {},
      'Unknown: 1 of 3 objects could not be compared. Next: SYNC tells why.',
    ],
    ['that is synced by hand', OUT_OF_SYNC, {}, `${DIFFERS}SYNC, since automated sync is off.`],
    ['that is synced by pushes', OUT_OF_SYNC, { automated: {} }, `${DIFFERS}automated sync at the next push.`],
    [
      'whose automated sync failed',
      { ...OUT_OF_SYNC, conditions: [{ type: 'SyncError', message: 'no' }] },
      { automated: {} },
      `${DIFFERS}a new commit, since the last automated sync failed.`,
    ],
    [
      'that a window holds',
      heldBy("until 2026-03-11T03:00:00Z: no allow window is active: allow '0 6 * * *' for 1h: night"),
      { automated: {} },
      `${DIFFERS}automatic sync at 2026-03-11 03:00 UTC (window 'night').`,
    ],
    [
      'that a window holds for ever',
      heldBy(": a deny window is active: deny '* * * * *' for 1h"),
      { automated: {} },
      `${DIFFERS}an approval, since no sync window is going to open.`,
    ],
    [
      'whose commit was deployed, and changed in the cluster',
      { ...OUT_OF_SYNC, history: [{ id: 1, revision: REVISION, deployedAt: '2026-03-10T12:00:00Z' }] },
      {},
      'OutOfSync: 1 of 2 objects differs from 3f9c1a2. Next: SYNC, since automated sync is off.',
    ],
    ['that is synced now', running({ message: 'syncing' }), {}, 'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z.'],
    [
      'that waits for an object',
      running({ message: 'waiting for healthy state of /Service/lb' }),
      {},
      'Syncing to 3f9c1a2 since 2026-03-10T12:00:00Z: waiting for healthy state of /Service/lb.',
    ],
    [
      'that waits for another attempt',
      running({ finishedAt: '2026-03-10T12:00:09Z', message: 'no. Retrying attempt #1 at 12:00PM.' }),
      {},
      'Syncing to 3f9c1a2 failed: no. Retrying attempt #1 at 12:00PM.',
    ],
    ['whose operation is to end', running({ phase: 'Terminating' }), {}, 'Syncing is being ended.'],
    [
      'that is as Git says',
      { sync: { status: 'Synced', revision: REVISION }, resources: OBJECTS },
      {},
      'Synced: all 2 objects are as 3f9c1a2 says.',
    ],
    [
      'of one object',
      { sync: { status: 'Synced', revision: REVISION }, resources: OBJECTS.slice(0, 1) },
      {},
      'Synced: its one object is as 3f9c1a2 says.',
    ],
  ])('%s', (_, status, syncPolicy, expected) => {
    expect(stateSentence(application(status, syncPolicy))).toBe(expected);
  });
});

describe('with the commit and the time', () => {
  const commit = { author: 'Kim <kim@example.com>', date: '2026-03-10T11:56:00Z' };
  const nowMs = Date.parse('2026-03-10T12:00:30Z');
  const night = heldBy(
    "until 2026-03-10T21:00:00Z: no allow window is active: allow '0 6 * * *' for 1h (Asia/Seoul): night",
  );
  const frozen = heldBy("until 2026-03-14T21:00:00Z: a deny window is active: deny '0 0 * * *' for 90h (Asia/Seoul)");
  const synced: ApplicationStatus = { sync: { status: 'Synced', revision: REVISION }, resources: OBJECTS };

  it.each<[string, ApplicationStatus, string, string]>([
    [
      'a held sync is told with its window’s time',
      night,
      "OutOfSync: 1 of 2 objects differs since 3f9c1a2 (Kim, 4 min ago). Next: automatic sync at 06:00 Asia/Seoul (window 'night').",
      '동기화 필요: 오브젝트 2개 중 1개가 3f9c1a2 (Kim, 4분 전) 이후로 달라졌습니다. 다음: 06:00 Asia/Seoul에 자동 동기화(‘night’ 동기화 창).',
    ],
    [
      'a deny window has to end, on a day that is named',
      frozen,
      "OutOfSync: 1 of 2 objects differs since 3f9c1a2 (Kim, 4 min ago). Next: automatic sync at 2026-03-15 06:00 Asia/Seoul (when window '0 0 * * *' ends).",
      '동기화 필요: 오브젝트 2개 중 1개가 3f9c1a2 (Kim, 4분 전) 이후로 달라졌습니다. 다음: 2026-03-15 06:00 Asia/Seoul에 자동 동기화(‘0 0 * * *’ 동기화 창이 끝나면).',
    ],
    [
      'what is as Git says is told with its commit',
      synced,
      'Synced: all 2 objects are as 3f9c1a2 (Kim, 4 min ago) says.',
      '동기화됨: 오브젝트 2개가 모두 3f9c1a2 (Kim, 4분 전) 상태와 같습니다.',
    ],
  ])('%s, in English and in Korean', (_, status, english, korean) => {
    const app = application(status, { automated: {} });
    expect(stateSentence(app, { commit, nowMs })).toBe(english);
    expect(stateSentence(app, { commit, nowMs, words: KOREAN })).toBe(korean);
  });

  it.each([
    [20, 'just now', '방금'],
    [59 * 60, '59 min ago', '59분 전'],
    [3 * 3600, '3 h ago', '3시간 전'],
    [30 * 3600, '1 day ago', '1일 전'],
    [72 * 3600, '3 days ago', '3일 전'],
  ])('%i seconds are told as %s and %s', (seconds, english, korean) => {
    const date = new Date(nowMs - seconds * 1000).toISOString();
    expect(stateSentence(application(synced), { commit: { date }, nowMs })).toContain(`(${english})`);
    expect(stateSentence(application(synced), { commit: { date }, nowMs, words: KOREAN })).toContain(`(${korean})`);
  });
});

describe('the command that lets an Application go on', () => {
  it.each<[string, ApplicationStatus, string | undefined]>([
    ['approves what is held', heldBy('until 2026-03-10T21:00:00Z: x'), 'hawser app approve shop'],
    [
      'approves what a window blocks',
      running({ message: 'Sync operation blocked by sync window' }),
      'hawser app approve shop',
    ],
    [
      'confirms what is to be pruned',
      running({ message: 'waiting for pruning confirmation of /ConfigMap/b' }),
      'hawser app confirm-deletion shop',
    ],
    ['is none for what waits for nobody', OUT_OF_SYNC, undefined],
  ])('%s', (_, status, expected) => {
    expect(stateCommand(application(status))).toBe(expected);
  });
});
