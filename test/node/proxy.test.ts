import { describe, expect, it } from 'vitest';
import { chooseProxy, readProxyEnvironment } from '../../src/node/proxy.ts';

const ENVIRONMENT = { HTTP_PROXY: 'http://plain:3128', HTTPS_PROXY: 'secure:3129' };

interface Row {
  readonly url: string;
  readonly noProxy?: string;
  readonly expected: string | undefined;
}

const PLAIN = 'http://plain:3128';
const ROWS: readonly Row[] = [
  { url: 'http://git.example.com/a', expected: PLAIN },
  { url: 'https://git.example.com/a', expected: 'http://secure:3129' },
  { url: 'http://localhost:3000/a', expected: undefined },
  { url: 'http://127.0.0.5/a', expected: undefined },
  { url: 'http://[::1]:3000/a', expected: undefined },
  { url: 'http://git.example.com/a', noProxy: '*', expected: undefined },
  { url: 'http://git.example.com/a', noProxy: 'example.com', expected: undefined },
  { url: 'http://example.com/a', noProxy: 'example.com', expected: undefined },
  { url: 'http://badexample.com/a', noProxy: 'example.com', expected: PLAIN },
  { url: 'http://git.example.com/a', noProxy: '.example.com', expected: undefined },
  { url: 'http://example.com/a', noProxy: '.example.com', expected: PLAIN },
  { url: 'http://git.example.com/a', noProxy: 'other.org, GIT.example.com ', expected: undefined },
  { url: 'http://git.example.com:3000/a', noProxy: 'git.example.com:3000', expected: undefined },
  { url: 'http://git.example.com/a', noProxy: 'git.example.com:3000', expected: PLAIN },
  { url: 'http://git.example.com/a', noProxy: 'git.example.com:80', expected: undefined },
  { url: 'http://10.1.2.3/a', noProxy: '10.0.0.0/8', expected: undefined },
  { url: 'http://11.1.2.3/a', noProxy: '10.0.0.0/8', expected: PLAIN },
  { url: 'http://[fd00::1]/a', noProxy: 'fd00::/8', expected: undefined },
  { url: 'http://10.1.2.3/a', noProxy: '10.1.2.3', expected: undefined },
  { url: 'http://10.1.2.3/a', noProxy: 'fd00::/8,not/a/network,10.0.0.0/99', expected: PLAIN },
];

describe('the proxy of a request', () => {
  it.each(ROWS)('to $url with NO_PROXY=$noProxy is $expected', ({ url, noProxy, expected }) => {
    const environment = readProxyEnvironment({ ...ENVIRONMENT, NO_PROXY: noProxy });
    expect(chooseProxy(new URL(url), {}, environment)).toBe(expected);
  });

  it('is read from lower-case names, too', () => {
    const environment = readProxyEnvironment({ http_proxy: PLAIN, no_proxy: 'a.test' });
    expect(chooseProxy(new URL('http://b.test/'), {}, environment)).toBe(PLAIN);
    expect(chooseProxy(new URL('http://a.test/'), {}, environment)).toBeUndefined();
  });

  it("is the repository's own before the environment's, with its own exceptions", () => {
    const environment = readProxyEnvironment({ ...ENVIRONMENT, NO_PROXY: 'git.example.com' });
    const options = { proxy: 'http://own:1', noProxy: 'other.example.com' };
    expect(chooseProxy(new URL('https://git.example.com/'), options, environment)).toBe('http://own:1');
    expect(chooseProxy(new URL('https://other.example.com/'), options, environment)).toBeUndefined();
  });
});
