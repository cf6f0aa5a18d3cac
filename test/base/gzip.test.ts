import { describe, expect, it } from 'vitest';
import { gunzip, gzip } from '../../src/base/gzip.ts';

const bytes = new TextEncoder().encode('replicas: 1\n'.repeat(1000));

describe('gzip', () => {
  it('gives back what was packed, from far fewer bytes', async () => {
    const packed = new Uint8Array(await gzip(bytes));
    expect(packed.length).toBeLessThan(bytes.length / 10);
    expect(await gunzip(packed, bytes.length)).toEqual(bytes);
  });

  it('unpacks no more than it is allowed to', async () => {
    const packed = new Uint8Array(await gzip(bytes));
    await expect(gunzip(packed, bytes.length - 1)).rejects.toMatchObject({ code: 'LimitExceeded' });
  });

  it('refuses what is not gzip', async () => {
    await expect(gunzip(bytes, bytes.length)).rejects.toThrow();
  });
});
