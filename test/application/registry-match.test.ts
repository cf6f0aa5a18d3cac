import { describe, expect, it } from 'vitest';
import { followsTag } from '../../src/application/registry-match.ts';

describe('followsTag', () => {
  const pushed = { repository: 'oci://ghcr.io/Owner/app', tag: '1.2.3' };

  it.each<[repoURL: string, targetRevision: string | undefined, chart: string | undefined, expected: boolean]>([
    ['oci://ghcr.io/owner/app', '1.2.3', undefined, true],
    ['ghcr.io/owner/app/', '1.*', undefined, true],
    ['ghcr.io/owner', '>=1.0.0', 'app', true],
    ['oci://ghcr.io/owner/', '1.2.3', 'app', true],
    ['oci://ghcr.io/owner/app', '1.2.4', undefined, false],
    ['oci://ghcr.io/owner/app', 'HEAD', undefined, false],
    ['oci://ghcr.io/owner/app', undefined, undefined, false],
    ['oci://ghcr.io/owner', '1.2.3', 'other', false],
    ['https://ghcr.io/owner/app', '*', undefined, false],
    ['oci://other.io/owner/app', '*', undefined, false],
  ])('%s at %s (chart %s): %s', (repoURL, targetRevision, chart, expected) => {
    const source = { repoURL, ...(targetRevision !== undefined && { targetRevision }), ...(chart && { chart }) };
    expect(followsTag(source, pushed)).toBe(expected);
  });
});
