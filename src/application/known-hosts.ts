// The lines of argocd-ssh-known-hosts-cm (`ssh_known_hosts`), one key of one host each (Argo CD: util/cert).

import { sha256 } from '@noble/hashes/sha2.js';
import { HawserError } from '../base/errors.ts';

export interface KnownHost {
  /** `git.example.com`, or `[git.example.com]:2222`. */
  readonly host: string;
  /** `ssh-ed25519` … */
  readonly type: string;
  /** The key in base64, and what follows it on its line. */
  readonly key: string;
}

/** Comments and lines of another form are passed over. */
export function parseKnownHosts(text: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*([^\s#]\S*) (\S+) (.+?)\s*$/.exec(line);
    const [, host = '', type = '', key = ''] = match ?? [];
    return match ? [{ host, type, key }] : [];
  });
}

export function formatKnownHosts(hosts: readonly KnownHost[]): string {
  return hosts.map(({ host, type, key }) => `${host} ${type} ${key}\n`).join('');
}

/** As OpenSSH shows it, without `SHA256:`; '' for what is no key. */
export function fingerprintOf({ type, key }: KnownHost): string {
  const blob = decodeKey(key);
  if (!blob || keyTypeOf(blob) !== type) return '';
  return btoa(String.fromCharCode(...sha256(blob))).replace(/=+$/, '');
}

/** Throws `InvalidInput` for a key that is none of its type. */
export function requireKey(host: KnownHost): void {
  if (fingerprintOf(host) !== '') return;
  throw new HawserError(
    'InvalidInput',
    `the key for ${host.host} is no ${host.type} key: send its base64, as ssh-keyscan prints it`,
  );
}

function decodeKey(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text.trim().split(/\s+/)[0] ?? ''), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The text that a key begins with (RFC 4253, 6.6). */
function keyTypeOf(blob: Uint8Array): string {
  if (blob.length < 4) return '';
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  return new TextDecoder().decode(blob.subarray(4, 4 + Math.min(length, 256)));
}
