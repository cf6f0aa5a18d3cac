import { describe, expect, it } from 'vitest';
import { fingerprintOf, formatKnownHosts, parseKnownHosts, requireKey } from '../../src/application/known-hosts.ts';

// What ssh-keyscan says of github.com, and the fingerprint that GitHub publishes.
const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const HOST = { host: 'github.com', type: 'ssh-ed25519', key: KEY };

describe('the lines of known hosts', () => {
  it('are read without comments and what is no line, and written back', () => {
    const text = `# github\n\ngithub.com ssh-ed25519 ${KEY}\r\n  [git.example.com]:2222 ssh-ed25519 ${KEY} a comment  \nhello\n#x y z\n`;
    const hosts = parseKnownHosts(text);
    expect(hosts).toEqual([HOST, { ...HOST, host: '[git.example.com]:2222', key: `${KEY} a comment` }]);
    expect(parseKnownHosts(formatKnownHosts(hosts))).toEqual(hosts);
  });

  it('have the fingerprint that OpenSSH shows, whatever follows the key', () => {
    expect(fingerprintOf(HOST)).toBe('+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
    expect(fingerprintOf({ ...HOST, key: `${KEY} a comment` })).toBe(fingerprintOf(HOST));
  });

  it.each([
    ['no base64', '***'],
    ['another kind of key', btoa('\0\0\0\x07ssh-rsa')],
    ['too little', btoa('ab')],
    ['nothing', ''],
  ])('are refused with %s', (_, key) => {
    expect(() => requireKey({ ...HOST, key })).toThrow('the key for github.com is no ssh-ed25519 key');
  });
});
