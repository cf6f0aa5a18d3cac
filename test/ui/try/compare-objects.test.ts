// What differs between two renders.

import { describe, expect, it } from 'vitest';
import { changedObjects } from '../../../src/ui/web/try/compare-objects.ts';

const map = (name: string, a: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a } });
const secret = (key: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { key } });

describe('two renders', () => {
  it('differ by what is changed, new and gone, in that order', () => {
    const before = [map('gone', '1'), map('same', '1'), map('changed', '1')];
    const after = [map('new', '1'), map('changed', '2'), map('same', '1')];
    const found = changedObjects(before, after).map(({ name, before: old, after: now }) => [name, !!old, !!now]);
    expect(found).toEqual([
      ['new', false, true],
      ['changed', true, true],
      ['gone', true, false],
    ]);
  });

  it('tell of a Secret that it differs, and not how', () => {
    const [change, ...others] = changedObjects([secret('one')], [secret('two')]);
    expect(others).toEqual([]);
    expect(JSON.stringify(change)).not.toMatch(/one|two|b25l|dHdv/);
    expect(change?.before).not.toEqual(change?.after);
    expect(changedObjects([secret('one')], [secret('one')])).toEqual([]);
  });

  it('keep two objects of one name apart', () => {
    expect(changedObjects([map('a', '1'), map('a', '2')], [map('a', '1'), map('a', '3')])).toHaveLength(1);
  });
});
