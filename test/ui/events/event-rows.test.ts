import { expect, it } from 'vitest';
import { eventRows } from '../../../src/ui/web/events/event-rows.ts';

it('events of the old API and of the new one are rows, the newest first', () => {
  const old = {
    metadata: { uid: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    involvedObject: { kind: 'Pod', name: 'web-1' },
    type: 'Warning',
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
    source: { component: 'kubelet' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T01:00:00Z',
    count: 7,
    eventTime: null,
  };
  const young = {
    metadata: { uid: '2' },
    involvedObject: { kind: 'Pod', name: 'web-2' },
    reason: 'Scheduled',
    message: 'assigned',
    eventTime: '2026-01-01T02:00:00.000000Z',
    reportingComponent: 'default-scheduler',
    series: { count: 3, lastObservedTime: '2026-01-01T03:00:00.000000Z' },
    firstTimestamp: null,
  };
  expect(eventRows([old, young])).toEqual([
    {
      ...{ key: '2', type: 'Normal', reason: 'Scheduled', message: 'assigned', object: 'Pod/web-2' },
      ...{ source: 'default-scheduler', count: 3 },
      ...{ first: '2026-01-01T02:00:00.000000Z', last: '2026-01-01T03:00:00.000000Z' },
    },
    {
      ...{ key: '1', type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container' },
      ...{ object: 'Pod/web-1', source: 'kubelet', count: 7 },
      ...{ first: '2026-01-01T00:00:00Z', last: '2026-01-01T01:00:00Z' },
    },
  ]);
});

it('of what happened in the same second, the later one comes first', () => {
  const event = (uid: string) => ({ metadata: { uid }, lastTimestamp: '2026-01-01T00:00:00Z' });
  expect(eventRows([event('first'), event('second')]).map(({ key }) => key)).toEqual(['second', 'first']);
});
