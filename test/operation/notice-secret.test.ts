import { describe, expect, it } from 'vitest';
import { HawserError } from '../../src/base/errors.ts';
import { createNoticeBelief, noticeSecretOf } from '../../src/operation/notice-secret.ts';

describe('the secret of notices', () => {
  it('follows from the token, and does not tell it', async () => {
    const secret = await noticeSecretOf('token');
    expect(secret).toBe(await noticeSecretOf('token'));
    expect(secret).not.toBe(await noticeSecretOf('other'));
    expect(secret).toMatch(/^[0-9a-f]{40}$/);
  });

  it('is believed, and nothing else is', async () => {
    const isBelieved = createNoticeBelief(
      async () => 'token',
      () => 0,
    );
    expect(await isBelieved(await noticeSecretOf('token'))).toBe(true);
    expect(await isBelieved('wrong')).toBe(false);
    expect(await isBelieved(undefined)).toBe(false);
  });

  it('follows a changed token, which wrong secrets make it read seldom', async () => {
    let token = 'old';
    let reads = 0;
    let nowMs = 0;
    const read = async () => {
      reads++;
      return token;
    };
    const isBelieved = createNoticeBelief(read, () => nowMs);
    expect(await isBelieved(await noticeSecretOf('old'))).toBe(true);
    token = 'new';
    for (let count = 0; count < 5; count++) expect(await isBelieved(await noticeSecretOf('new'))).toBe(false);
    expect(reads).toBe(1);
    nowMs = 11_000;
    expect(await isBelieved(await noticeSecretOf('new'))).toBe(true);
    expect(reads).toBe(2);
  });

  it('believes nobody while the token cannot be read', async () => {
    let isAway = true;
    let nowMs = 0;
    const read = async () => {
      if (isAway) throw new HawserError('Unavailable', 'the cluster is away');
      return 'token';
    };
    const isBelieved = createNoticeBelief(read, () => nowMs);
    const secret = await noticeSecretOf('token');
    expect(await isBelieved(secret)).toBe(false);
    isAway = false;
    nowMs = 11_000;
    expect(await isBelieved(secret)).toBe(true);
  });
});
