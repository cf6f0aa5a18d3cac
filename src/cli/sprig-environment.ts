// What template functions know of this machine. Its parts are loaded when they are asked for: crypto and time zones take longer than to
// render a small chart.

import type { SprigEnvironment } from '../render/sprig/environment.ts';
import type { CommandIo } from './io.ts';

/** The environment of templates that a command on Node renders. */
export function nodeEnvironment(io: CommandIo): SprigEnvironment {
  let timeZone: string | undefined;
  return {
    now: () => Date.now(),
    random: (length) => nodeCrypto().randomBytes(length),
    get timeZone() {
      timeZone ??= io.env.TZ || Intl.DateTimeFormat().resolvedOptions().timeZone;
      return timeZone;
    },
    generateRsaKey: (bits) =>
      nodeCrypto().generateKeyPairSync('rsa', {
        modulusLength: bits,
        publicKeyEncoding: { type: 'pkcs1', format: 'der' },
        privateKeyEncoding: { type: 'pkcs1', format: 'der' },
      }).privateKey,
  };
}

function nodeCrypto() {
  return process.getBuiltinModule('node:crypto');
}
