import { describe, expect, it } from 'vitest';
import { messageOf } from '../../src/base/errors.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { GoNumber } from '../../src/render/go/value.ts';
import { createLookups, type LookupQuery } from '../../src/source/lookups.ts';

function lookupsOver(objects: Readonly<Record<string, JsonObject>>) {
  const asked: string[] = [];
  const lookups = createLookups(async ({ kind, name }: LookupQuery) => {
    asked.push(`${kind}/${name}`);
    return objects[`${kind}/${name}`] ?? {};
  });
  return { lookups, asked };
}

describe('what charts look up', () => {
  it('is missing at first, asked for together, and found the next time', async () => {
    const { lookups, asked } = lookupsOver({ 'Secret/a': { data: { n: 1 } } });
    const render = () => ['a', 'b', 'a'].map((name) => lookups.find('v1', 'Secret', 'ns', name));
    expect(render().every(({ size }) => size === 0)).toBe(true);
    expect(lookups.isIncomplete()).toBe(true);
    await lookups.load();
    expect(lookups.isIncomplete()).toBe(false);
    expect(asked).toEqual(['Secret/a', 'Secret/b']);
    const [found, missing] = render();
    expect(found?.get('data')).toEqual(new Map([['n', new GoNumber('int64', 1n)]]));
    expect(missing?.size).toBe(0);
    expect(lookups.isIncomplete()).toBe(false);
  });

  it('is a copy each time, which a template may write into', async () => {
    const { lookups } = lookupsOver({ 'Secret/a': { kind: 'Secret' } });
    lookups.find('v1', 'Secret', 'ns', 'a');
    await lookups.load();
    lookups.find('v1', 'Secret', 'ns', 'a').set('kind', 'other');
    expect(lookups.find('v1', 'Secret', 'ns', 'a').get('kind')).toBe('Secret');
  });

  it('is told afterwards, whether there was something or not', async () => {
    const { lookups } = lookupsOver({ 'Secret/a': { kind: 'Secret' } });
    lookups.find('v1', 'Secret', 'ns', 'a');
    lookups.find('v1', 'Secret', '', '');
    await lookups.load();
    expect(lookups.answered()).toEqual([
      { query: { apiVersion: 'v1', kind: 'Secret', namespace: 'ns', name: 'a' }, answer: { kind: 'Secret' } },
      { query: { apiVersion: 'v1', kind: 'Secret', namespace: '', name: '' }, answer: {} },
    ]);
  });

  it('has an end', async () => {
    const { lookups } = lookupsOver({});
    for (let count = 0; count <= 200; count++) lookups.find('v1', 'Secret', 'ns', `s${count}`);
    await expect(lookups.load().catch(messageOf)).resolves.toBe(
      'charts looked up more than 200 objects of the cluster',
    );
  });

  it('that the cluster refuses ends the render with its words', async () => {
    const lookups = createLookups(async () => {
      throw new Error('secrets is forbidden');
    });
    lookups.find('v1', 'Secret', 'ns', 'a');
    await expect(lookups.load()).rejects.toThrow('secrets is forbidden');
  });
});
