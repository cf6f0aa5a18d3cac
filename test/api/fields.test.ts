import { describe, expect, it } from 'vitest';
import { selectFields } from '../../src/api/fields.ts';

const LIST = {
  metadata: { resourceVersion: '1' },
  items: [
    {
      metadata: { name: 'a', labels: { x: 'y' } },
      spec: { project: 'p' },
      status: { history: [{ id: 1, revision: 'r' }] },
    },
    { metadata: { name: 'b' }, spec: { project: 'q' } },
  ],
};

describe('?fields=', () => {
  it.each([
    [undefined, LIST],
    ['', LIST],
    ['items.metadata.name', { items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }] }],
    [
      'metadata,items.spec',
      { metadata: { resourceVersion: '1' }, items: [{ spec: { project: 'p' } }, { spec: { project: 'q' } }] },
    ],
    ['items.status.history.id', { items: [{ status: { history: [{ id: 1 }] } }, {}] }],
    ['nothing', {}],
    ['__proto__.x', {}],
    ['-items', { metadata: { resourceVersion: '1' } }],
    [
      '-metadata,items.status,items.metadata.labels',
      {
        items: [
          { metadata: { name: 'a' }, spec: { project: 'p' } },
          { metadata: { name: 'b' }, spec: { project: 'q' } },
        ],
      },
    ],
    ['-nothing.here', LIST],
  ])('%s', (fields, expected) => {
    expect(selectFields(LIST, fields)).toEqual(expected);
  });
});
