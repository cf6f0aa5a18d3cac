import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateAt } from '../../src/git/inflate.ts';

/** Texts as files are: few letters, much that is said before. */
const text = fc
  .array(fc.oneof(fc.constantFrom('apiVersion: v1\n', 'kind: Service\n', '  name: '), fc.string()), { maxLength: 400 })
  .map((parts) => new TextEncoder().encode(parts.join('')));
const bytes = fc.oneof(text, fc.uint8Array({ maxLength: 5000 }));

describe('inflateAt', () => {
  it('inflates what zlib deflates at any level and tells where it ended', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.integer({ min: 0, max: 9 }),
        fc.uint8Array(),
        fc.uint8Array(),
        (data, level, before, after) => {
          const stream = deflateSync(data, { level });
          const source = new Uint8Array([...before, ...stream, ...after]);
          const { data: inflated, end } = inflateAt(source, before.length, data.length);
          expect(Buffer.compare(inflated, data)).toBe(0);
          expect(end).toBe(before.length + stream.length);
        },
      ),
    );
  });

  it('inflates more than a window and a stored block hold', () => {
    for (const level of [0, 1, 9]) {
      const data = Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) >> 7);
      expect(inflateAt(deflateSync(data, { level }), 0, data.length).data).toEqual(data);
    }
  });

  it('refuses a stream that is cut off, of another length, or no stream', () => {
    const data = new TextEncoder().encode('kind: Service\n'.repeat(200));
    const stream = deflateSync(data);
    const broken: [Uint8Array, number][] = [
      [stream, data.length - 1],
      [stream, data.length + 1],
      [new Uint8Array(0), 0],
      [Uint8Array.from({ length: 100 }, (_, index) => index), 10],
      ...Array.from({ length: stream.length }, (_, cut): [Uint8Array, number] => [
        stream.subarray(0, cut),
        data.length,
      ]),
    ];
    for (const [source, size] of broken) {
      expect(() => inflateAt(source, 0, size)).toThrow(expect.objectContaining({ code: 'GitFailed' }));
    }
  });

  it('ends on any damage, with the data or with an error', () => {
    const data = new TextEncoder().encode('a: b\n'.repeat(300));
    const stream = deflateSync(data);
    fc.assert(
      fc.property(fc.nat(stream.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Uint8Array.from(stream, (byte, index) => (index === at ? byte ^ flip : byte));
        try {
          expect(inflateAt(damaged, 0, data.length).data).toHaveLength(data.length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'GitFailed' });
        }
      }),
    );
  });
});
