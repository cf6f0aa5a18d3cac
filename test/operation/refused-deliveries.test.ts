// What was refused is remembered within bounds, whoever sends how much.

import { expect, it } from 'vitest';
import { HawserError } from '../../src/base/errors.ts';
import { createRefusedDeliveries } from '../../src/operation/refused-deliveries.ts';

function createWorld() {
  let now = Date.parse('2026-11-23T12:00:00Z');
  const refused = createRefusedDeliveries({
    now: () => {
      now += 1_000;
      return now;
    },
  });
  return refused;
}

it('counts what is of one provider and one kind, with its newest reason', () => {
  const refused = createWorld();
  refused.note('gogs', new HawserError('Unauthenticated', 'the first', { hint: 'do this' }));
  refused.note('github', new HawserError('Unauthenticated', 'another'));
  refused.note('gogs', new HawserError('Unauthenticated', 'the second'));
  expect(refused.list()).toEqual([
    {
      ...{ provider: 'gogs', code: 'Unauthenticated', reason: 'the second', times: 2 },
      ...{ firstAt: '2026-11-23T12:00:01.000Z', lastAt: '2026-11-23T12:00:03.000Z' },
    },
    {
      ...{ provider: 'github', code: 'Unauthenticated', reason: 'another', times: 1 },
      ...{ firstAt: '2026-11-23T12:00:02.000Z', lastAt: '2026-11-23T12:00:02.000Z' },
    },
  ]);
});

it('never grows beyond its bound, and keeps no long text', () => {
  const refused = createWorld();
  for (let count = 0; count < 1_000; count++) {
    refused.note(`sender-${count}`, new HawserError('InvalidInput', 'x'.repeat(10_000)));
  }
  const list = refused.list();
  expect(list).toHaveLength(64);
  expect(list[0]).toMatchObject({ provider: 'sender-999', reason: 'x'.repeat(300) });
});
