import { describe, expect, it } from 'vitest';
import { parseLfsPointer } from '../../src/git/lfs-pointer.ts';

const OID = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393';
const V1 = 'version https://git-lfs.github.com/spec/v1';

describe('a pointer of Git LFS', () => {
  it.each([
    ['as git-lfs writes it', `${V1}\noid sha256:${OID}\nsize 12345\n`],
    ['with an extension', `${V1}\next-0-foo sha256:${OID}\noid sha256:${OID}\nsize 12345\n`],
    ['of an older name', `version https://hawser.github.com/spec/v1\noid sha256:${OID}\nsize 12345\n`],
    ['checked out with CRLF', `${V1}\r\noid sha256:${OID}\r\nsize 12345\r\n`],
  ])('is read %s', (_, text) => {
    expect(parseLfsPointer(new TextEncoder().encode(text))).toEqual({ oid: OID, size: 12345 });
  });

  it.each([
    ['another version', `version https://example.com/v1\noid sha256:${OID}\nsize 1\n`],
    ['no size', `${V1}\noid sha256:${OID}\n`],
    ['another hash', `${V1}\noid md5:${OID}\nsize 1\n`],
    ['a manifest', 'apiVersion: v1\nkind: ConfigMap\n'],
    ['text before it', `# ${V1}\noid sha256:${OID}\nsize 1\n`],
    ['more than a pointer may have', `${V1}\noid sha256:${OID}\nsize 1\n${'x'.repeat(1024)}`],
    ['nothing', ''],
  ])('is not %s', (_, text) => {
    expect(parseLfsPointer(new TextEncoder().encode(text))).toBeUndefined();
  });
});
