import { describe, expect, it } from 'vitest';
import { changedSince } from '../../../src/ui/web/applications/changed-since.ts';
import { edgeText } from '../../../src/ui/web/applications/held.ts';
import { rowOf, shortRepo } from '../../../src/ui/web/applications/row.ts';
import { application } from './application.ts';

const OLD = '0123456789abcdef0123456789abcdef01234567';

describe('a row of the list', () => {
  it('is made once of each state of an Application', () => {
    const app = application({ name: 'web' });
    expect(rowOf(app)).toBe(rowOf(app));
  });

  it('counts what differs of what there is, without hooks', () => {
    const { differing, total } = rowOf(
      application({
        ...{ name: 'web', sync: 'OutOfSync' },
        status: {
          sync: { status: 'OutOfSync' },
          resources: [
            { version: 'v1', kind: 'Service', name: 'web', status: 'Synced' },
            { version: 'v1', kind: 'ConfigMap', name: 'web', status: 'OutOfSync' },
            { version: 'v1', kind: 'Job', name: 'migrate', hook: true },
          ],
        },
      }),
    );
    expect({ differing, total }).toEqual({ differing: 1, total: 2 });
  });

  it('tells what was synced last apart from what Git says now', () => {
    const operationState = {
      phase: 'Succeeded',
      finishedAt: '2026-01-05T09:00:00Z',
      syncResult: { revision: OLD },
    } as const;
    const row = rowOf(
      application({
        name: 'web',
        operationState: { ...operationState, operation: { initiatedBy: { username: 'kim' } } },
      }),
    );
    expect(row.deployed).toEqual([OLD]);
    expect(row.syncedBy).toBe('kim');
    expect(row.syncedAt).toBe('2026-01-05T09:00:00Z');
    const same = rowOf(
      application({
        name: 'web',
        operationState,
        status: {
          sync: { status: 'Synced', revision: OLD },
          operationState: { ...operationState, operation: { initiatedBy: { automated: true } }, startedAt: '' },
        },
      }),
    );
    expect(same.deployed).toEqual([]);
    expect(same.syncedBy).toBe('');
  });

  it('is running until its operation has ended, and failed after that', () => {
    expect(rowOf(application({ name: 'a', operationState: { phase: 'Running' } })).running).toBe('Running');
    const failed = rowOf(
      application({
        name: 'b',
        operationState: { phase: 'Failed', message: 'one of the hooks failed', finishedAt: '2026-01-05T09:00:00Z' },
      }),
    );
    expect([failed.running, failed.trouble]).toEqual([undefined, 'one of the hooks failed']);
  });

  it('says when what is held goes on, in the time of its window', () => {
    const message =
      "sync to 3f9c1a2 is held until 2026-11-23T21:00:00Z: no allow window is active: allow '0 6 * * *' for 1h (Asia/Seoul): night";
    const { held } = rowOf(application({ name: 'web', conditions: [{ type: 'SyncHeld', message }] }));
    expect(held).toEqual({ message, untilMs: Date.UTC(2026, 10, 23, 21), zone: 'Asia/Seoul' });
  });

  it.each([
    ['today there', Date.UTC(2026, 10, 23, 20), 'Asia/Seoul', '06:00 Asia/Seoul'],
    ['tomorrow there', Date.UTC(2026, 10, 23, 10), 'Asia/Seoul', 'Tue 06:00 Asia/Seoul'],
    ['far away', Date.UTC(2026, 10, 1), 'Asia/Seoul', '24 Nov, 06:00 Asia/Seoul'],
    ['without a zone', Date.UTC(2026, 10, 23, 20), undefined, '21:00 UTC'],
  ])('writes the edge of a window %s', (_, nowMs, zone, expected) => {
    expect(edgeText(Date.UTC(2026, 10, 23, 21), zone, nowMs, 'en').replace(' at ', ', ')).toBe(expected);
  });

  it('is found by its images, labels and commit', () => {
    const { text } = rowOf(
      application({
        name: 'Web',
        labels: { team: 'Shop' },
        status: { summary: { images: ['nginx:1.27'] }, sync: { status: 'Synced', revision: OLD } },
      }),
    );
    for (const word of ['web', 'team=shop', 'nginx:1.27', OLD.slice(0, 7)]) expect(text).toContain(word);
  });

  it('shows that it has changed when its state has, and not when it was only compared again', () => {
    const before = new Map(
      [rowOf(application({ name: 'a' })), rowOf(application({ name: 'b' }))].map(({ key, print }) => [key, print]),
    );
    const after = [
      rowOf(application({ name: 'a', status: { sync: { status: 'OutOfSync' }, health: { status: 'Healthy' } } })),
      rowOf(application({ name: 'b', metadata: { resourceVersion: '9' }, spec: { project: 'default' } })),
    ];
    expect(changedSince(before, after)).toEqual(['argocd/a']);
  });

  it.each([
    ['https://git.example.com/devops/ops-deploy.git', 'devops/ops-deploy'],
    ['https://git.example.com:3000/group/sub/deploy', 'sub/deploy'],
    ['git@git.example.com:devops/ops-deploy.git', 'devops/ops-deploy'],
    ['https://charts.example.com', 'charts.example.com'],
    ['https://charts.example.com/stable', 'charts.example.com/stable'],
    ['oci://registry.example.com/team/charts', 'registry.example.com/team/charts'],
    ['registry.example.com/charts', 'registry.example.com/charts'],
  ])('calls %s %s', (url, expected) => {
    expect(shortRepo(url)).toBe(expected);
  });
});
