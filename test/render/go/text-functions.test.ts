// Go's small packages of text: paths, URLs, addresses, base64, patterns, cases.

import { describe, expect, it } from 'vitest';
import { decodeBaseN, encodeBaseN } from '../../../src/render/go/base-n.ts';
import { sliceBoundsError } from '../../../src/render/go/bounds.ts';
import { toLower, toTitleWords, toUpper } from '../../../src/render/go/case.ts';
import { parseIpAddress } from '../../../src/render/go/ip.ts';
import { baseName, cleanPath, directoryName, extensionName } from '../../../src/render/go/path.ts';
import { compileRegexp, findAll, mustCompileRegexp, replaceAll } from '../../../src/render/go/regexp.ts';
import { splitText, trimRunes, trimSpace } from '../../../src/render/go/split.ts';
import { utf8Decode, utf8Encode } from '../../../src/render/go/strings.ts';
import { escapeUrl, formatGoUrl, hostnameOf, parseGoUrl, unescapeUrl } from '../../../src/render/go/url.ts';

describe('paths', () => {
  it.each([
    ['', '.', '.', '.', ''],
    ['/', '/', '/', '/', ''],
    ['a//b/', 'a/b', 'b', 'a/b', ''],
    ['/../a', '/a', 'a', '/', ''],
    ['a/./b/../../..', '..', '..', '.', '.'],
    ['x/.bashrc', 'x/.bashrc', '.bashrc', 'x', '.bashrc'],
  ])('%j', (path, clean, base, directory, extension) => {
    expect(cleanPath(path)).toBe(clean);
    expect(baseName(path)).toBe(base);
    expect(directoryName(path)).toBe(directory);
    expect(extensionName(path)).toBe(extension);
  });
});

describe('URLs', () => {
  it.each([
    'http://u:p@h.com:80/p?q=1#f',
    'mailto:a@b.c',
    '//h/p',
    '/rel/path?x=1',
    'http://[fe80::1%25en0]:80/',
    'http://h/a%2Fb',
    'http://h/p?',
    'pg://h:80,i:90/',
    'file:///etc/hosts',
    '#f',
  ])('%s stays as it is', (text) => {
    expect(formatGoUrl(parseGoUrl(text))).toBe(text);
  });

  it.each([
    ['http://h/a b/é', 'http://h/a%20b/%C3%A9'],
    ['HTTP://H', 'http://H'],
    ['http:///p', 'http:///p'],
  ])('%s is written %s', (text, written) => {
    expect(formatGoUrl(parseGoUrl(text))).toBe(written);
  });

  it.each([
    ['http://[::1]x/', 'invalid port "x" after host'],
    ['http://[::1/', "missing ']' in host"],
    ['http://[1.2.3.4]/', 'invalid IP-literal'],
    ['http://[x]/', 'invalid host: ParseAddr("x"): unable to parse IP'],
    ['http://h:80:90/', 'invalid port ":80:90" after host'],
    ['http://a b/', 'invalid character " " in host name'],
    ['http://%41/', 'invalid URL escape "%41"'],
    ['/%zz', 'invalid URL escape "%zz"'],
    ['a:b/c:d\n', 'net/url: invalid control character in URL'],
    ['a/b:c/../1:2', undefined],
    ['1a:b', 'first path segment in URL cannot contain colon'],
    ['x://u^@h/', 'net/url: invalid userinfo'],
  ])('%j: %s', (text, problem) => {
    if (problem === undefined) expect(parseGoUrl(text).path).toBe(text);
    else expect(() => parseGoUrl(text)).toThrow(problem);
  });

  it('tell the host without its port and brackets', () => {
    expect(hostnameOf(parseGoUrl('http://[::1]:80/'))).toBe('::1');
    expect(hostnameOf(parseGoUrl('http://h:80/'))).toBe('h');
  });

  it('escape each part in its own way', () => {
    expect(escapeUrl('a b/é+', 'queryComponent')).toBe('a+b%2F%C3%A9%2B');
    expect(escapeUrl('a b/é+', 'pathSegment')).toBe('a%20b%2F%C3%A9+');
    expect(unescapeUrl('a+b%2F', 'queryComponent')).toBe('a b/');
    expect(unescapeUrl('%ff', 'path')).toBe('\udcff');
  });
});

describe('parseIpAddress', () => {
  it.each<[string, number[]]>([
    ['1.2.3.4', [1, 2, 3, 4]],
    ['::', Array.from({ length: 16 }, () => 0)],
    ['1::2', [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]],
    ['::ffff:1.2.3.4', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4]],
  ])('reads %s', (text, bytes) => {
    expect([...parseIpAddress(text).bytes]).toEqual(bytes);
  });

  it.each([
    ['1.2.3', 'ParseAddr("1.2.3"): IPv4 address too short'],
    ['1.2.3.4.5', 'ParseAddr("1.2.3.4.5"): IPv4 address too long'],
    ['1.2.3.256', 'ParseAddr("1.2.3.256"): IPv4 field has value >255'],
    ['01.2.3.4', 'ParseAddr("01.2.3.4"): IPv4 field has octet with leading zero'],
    ['1..2.3', 'ParseAddr("1..2.3"): IPv4 field must have at least one digit (at ".2.3")'],
    ['1:2', 'ParseAddr("1:2"): address string too short'],
    ['::1::', 'ParseAddr("::1::"): multiple :: in address (at ":")'],
    ['::12345', 'ParseAddr("::12345"): each group must have 4 or less digits (at "12345")'],
    ['fe80::%', 'ParseAddr("fe80::%"): zone must be a non-empty string'],
    ['1:2:3:4:5:6:7:8:9', 'ParseAddr("1:2:3:4:5:6:7:8:9"): trailing garbage after address (at "9")'],
  ])('refuses %s', (text, message) => {
    expect(() => parseIpAddress(text)).toThrow(message);
  });
});

describe('base64 and base32', () => {
  it.each(['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'])('give back %j', (text) => {
    for (const name of ['base64', 'base32'] as const) {
      const encoded = encodeBaseN(name, utf8Encode(text));
      expect(utf8Decode(decodeBaseN(name, utf8Encode(encoded)).bytes)).toBe(text);
    }
    expect(encodeBaseN('base64', utf8Encode(text))).toBe(btoa(text));
  });

  it.each([
    ['base64', 'YQ', 'illegal base64 data at input byte 0'],
    ['base64', 'YQ=', 'illegal base64 data at input byte 3'],
    ['base64', 'YQ==x', 'illegal base64 data at input byte 4'],
    ['base64', 'Y=', 'illegal base64 data at input byte 1'],
    ['base64', 'Y\nQ==\n', undefined],
    ['base32', 'MFRGG=', 'illegal base32 data at input byte 6'],
    ['base32', 'mfrgg===', 'illegal base32 data at input byte 0'],
    ['base32', 'MFR=====', 'illegal base32 data at input byte 3'],
  ] as const)('%s of %j: %s', (name, text, error) => {
    expect(decodeBaseN(name, utf8Encode(text)).error).toBe(error);
  });
});

describe('patterns', () => {
  it.each([
    ['(', 'error parsing regexp: missing closing ): `(`'],
    ['\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['a\udcff', 'error parsing regexp: invalid UTF-8: `\udcff`'],
  ])('%j is none', (pattern, message) => {
    expect(() => compileRegexp(pattern)).toThrow(message);
  });

  it('are quoted as Go quotes them where it panics', () => {
    expect(() => mustCompileRegexp('`(')).toThrow('regexp: Compile("`("): error parsing regexp');
  });

  it('may name two groups alike, of which the first counts', () => {
    expect(replaceAll(compileRegexp('(?P<n>a)(?P<n>b)'), 'ab', '[$n]')).toBe('[a]');
  });

  it('match runes, not halves of them', () => {
    expect(findAll(compileRegexp(''), '😀a', -1)).toEqual(['', '', '']);
    expect(replaceAll(compileRegexp('x*'), '😀', '-')).toBe('-😀-');
  });
});

describe('runes', () => {
  it('change their case one by one', () => {
    expect(toUpper('ßǆᾳ')).toBe('ßǄᾼ');
    expect(toLower('İΣ')).toBe('iσ');
    expect(toTitleWords("ǆungla o'neil-x")).toBe("ǅungla O'Neil-X");
    expect(toUpper('a\udcff')).toBe('A\ufffd');
  });

  it('are split and trimmed', () => {
    expect(splitText('a,b,c', ',', 2)).toEqual(['a', 'b,c']);
    expect(trimRunes('😀a😀', '😀')).toBe('a');
    expect(trimSpace('\u0085\u2003a\ufeff')).toBe('a\ufeff');
  });

  it.each([
    [0n, 4n, 'runtime error: slice bounds out of range [:4] with length 3'],
    [-1n, 2n, 'runtime error: slice bounds out of range [-1:]'],
    [2n, 1n, 'runtime error: slice bounds out of range [2:1]'],
    [1n, 3n, undefined],
  ])('[%d:%d] of three: %s', (from, to, error) => {
    expect(sliceBoundsError(from, to, 3n)).toBe(error);
  });
});
