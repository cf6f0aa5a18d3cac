import { describe, expect, it } from 'vitest';
import { type Argument, call } from './call.ts';

type Row = readonly [name: string, args: readonly Argument[], expected: unknown];

describe('functions of encodings, paths, URLs, versions and patterns', () => {
  it.each<Row>([
    ['b64enc', ['héllo'], 'aMOpbGxv'],
    ['b64dec', ['aMOpbGxv'], 'héllo'],
    ['b64dec', ['/w=='], '\udcff'],
    ['b64dec', ['!!'], 'illegal base64 data at input byte 0'],
    ['b32enc', ['abc'], 'MFRGG==='],
    ['b32dec', ['MFRGG==='], 'abc'],
    ['b32dec', ['M'], 'illegal base32 data at input byte 0'],
    ['sha1sum', [''], 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
    ['sha256sum', ['abc'], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['adler32sum', ['Wikipedia'], '300286872'],
    ['base', ['/a/b/'], 'b'],
    ['dir', ['/a/b'], '/a'],
    ['dir', ['a'], '.'],
    ['clean', ['a//./b/../c'], 'a/c'],
    ['clean', ['../..'], '../..'],
    ['ext', ['a/b.tar.gz'], '.gz'],
    ['isAbs', ['/'], true],
    ['osBase', [''], '.'],
    ['semver', ['v1.2'], '1.2.0'],
    ['semverCompare', ['>=1.21-0', '1.21.0-gke.1'], true],
    ['regexMatch', ['^a+$', 'aaa'], true],
    ['regexMatch', ['(', 'aaa'], false],
    ['regexFind', ['a(b)?', 'xab'], 'ab'],
    ['regexFindAll', ['a*', 'baaac', -1], ['', 'aaa', '']],
    ['regexFindAll', ['[1-9]', '123', 2], ['1', '2']],
    ['regexReplaceAll', ['a(x*)b', '-ab-axxb-', '$' + '{1}W'], '-W-xxW-'],
    ['regexReplaceAll', ['a(x*)b', '-ab-axxb-', '$1W'], '---'],
    ['regexReplaceAll', ['(?P<first>a)', 'ba', '$first$$'], 'ba$'],
    ['regexReplaceAll', ['x*', 'abc', '-'], '-a-b-c-'],
    ['regexReplaceAllLiteral', ['a', 'aba', '$1'], '$1b$1'],
    ['regexSplit', ['z+', 'pizza', -1], ['pi', 'a']],
    ['regexSplit', ['', 'ab', -1], ['a', 'b']],
    ['regexSplit', ['z', 'pizza', 0], null],
    ['regexQuoteMeta', ['1.2.3'], '1\\.2\\.3'],
    ['urlJoin', [{ scheme: 'http', host: 'h:1', path: '/a b', query: 'q', userinfo: 'u:p' }], 'http://u:p@h:1/a%20b?q'],
    ['urlJoin', [{}], ''],
    ['getHostByName', ['localhost'], ''],
    ['toRawJson', ['<a>'], '"<a>"'],
    ['toPrettyJson', [{ a: [1] }], '{\n  "a": [\n    1\n  ]\n}'],
    ['fromJson', ['{"a":'], null],
  ])('%s %j gives %j', (name, args, expected) => {
    expect(call(name, ...args)).toEqual(expected);
  });

  it('takes a URL apart', () => {
    expect(call('urlParse', 'http://u:p@h.com:80/p%2Fq?x=1#f')).toEqual({
      scheme: 'http',
      host: 'h.com:80',
      hostname: 'h.com',
      path: '/p/q',
      query: 'x=1',
      opaque: '',
      fragment: 'f',
      userinfo: 'u:p',
    });
  });

  it.each<[string, Argument[], string]>([
    ['semver', ['x'], 'invalid semantic version'],
    ['semverCompare', ['>=foo', '1.2.3'], 'improper constraint: ">=foo"'],
    ['regexFind', ['(', 'x'], 'regexp: Compile(`(`): error parsing regexp: missing closing ): `(`'],
    ['mustRegexFind', ['(', 'x'], 'error parsing regexp: missing closing ): `(`'],
    ['urlParse', ['http://h:bad/'], 'unable to parse url: parse "http://h:bad/": invalid port ":bad" after host'],
    ['urlParse', [':x'], 'unable to parse url: parse ":x": missing protocol scheme'],
    ['urlJoin', [{ scheme: 5 }], 'unable to parse scheme key, must be of type string, but int found'],
    ['mustFromJson', ['tru'], "invalid character ' ' in literal true (expecting 'e')"],
  ])('%s %j fails as Go does', (name, args, message) => {
    expect(() => call(name, ...args)).toThrow(message);
  });

  it('stays linear in time for patterns that would make others hang', () => {
    expect(call('regexMatch', '^(a+)+$', `${'a'.repeat(5000)}b`)).toBe(false);
  });
});
