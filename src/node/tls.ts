// A TLS server whose certificate lies in two files (a mounted Secret, what certbot writes). There is no timer: each new connection looks at
// the files, which costs two system calls, and takes what has changed; SIGHUP has it look, too.

import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { HawserError, messageOf } from '../base/errors.ts';
import type { Log } from '../platform.ts';

export interface TlsFiles {
  /** PEM: the certificate, and those between it and its authority behind it. */
  readonly cert: string;
  /** PEM */
  readonly key: string;
}

export interface TlsServer {
  readonly server: Server;
  /** Takes what the files hold now; what is of no use is told once, and the certificate before serves on. */
  reload(): void;
}

/** Throws `InvalidInput` where the files cannot be read, or are no pair. */
export function createTlsServer(files: TlsFiles, log: Log): TlsServer {
  let seen = versionOf(files);
  const server = createServer(readPair(files));

  function reload(): void {
    try {
      const version = versionOf(files);
      if (version === seen) return;
      // One that is of no use is not tried, nor told of, again.
      seen = version;
      server.setSecureContext(readPair(files));
      log.info('the TLS certificate was read anew', { file: files.cert });
    } catch (error) {
      log.error('the TLS certificate cannot be read; the one before serves on', { reason: messageOf(error) });
    }
  }

  // Before the handshake, which the server begins in a listener of its own.
  server.prependListener('connection', reload);
  return { server, reload };
}

/** Both, as one: a certificate without its key is none. */
function versionOf({ cert, key }: TlsFiles): string {
  try {
    return [cert, key]
      .map((file) => {
        const { mtimeMs, size, ino } = statSync(file);
        return `${mtimeMs} ${size} ${ino}`;
      })
      .join('/');
  } catch {
    // While both are replaced; reading says what is wrong, where it stays so.
    return 'missing';
  }
}

function readPair({ cert, key }: TlsFiles) {
  const pair = { cert: readPem('--tls-cert', cert), key: readPem('--tls-key', key), minVersion: 'TLSv1.2' as const };
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new HawserError('InvalidInput', `${cert} and ${key} are no certificate and its key: ${messageOf(error)}`, {
      hint: 'both are PEM; the certificate comes first, then those between it and its authority',
      cause: error,
    });
  }
  return pair;
}

function readPem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new HawserError('InvalidInput', `${flag} ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
