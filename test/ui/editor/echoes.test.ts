import { expect, it } from 'vitest';
import { createEchoes } from '../../../src/ui/web/editor/echoes.ts';

it('does not take what was typed before for something new, however late it comes back', () => {
  const echoes = createEchoes('');
  for (const text of ['a', 'ab', 'abc']) echoes.said(text);
  expect(['a', 'abc'].map((value) => echoes.isNew(value))).toEqual([false, false]);
});

it('shows what somebody else has made of it, and what it was at first', () => {
  const echoes = createEchoes('first');
  expect(echoes.isNew('first')).toBe(false);
  for (const text of ['firsta', 'firstab']) echoes.said(text);
  expect(echoes.isNew('firstab')).toBe(false);
  expect(echoes.isNew('firsta')).toBe(true);
  expect(echoes.isNew('first')).toBe(true);
});
