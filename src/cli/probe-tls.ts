// How a server wants to be talked to: with TLS, with a certificate that nobody vouches for, or without.

import { HawserError, isHawserError } from '../base/errors.ts';
import { callServer } from './api-client.ts';
import type { CommandIo } from './io.ts';
import { createServerFetch, type TlsFlags } from './server-http.ts';

export interface Probed {
  readonly isPlainText: boolean;
  readonly isInsecure: boolean;
}

/** What Node says of certificates that it does not trust. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO|CERT_|certificate|altnames/i;
/** What a server without TLS makes of a greeting in it. */
const NO_TLS = /EPROTO|wrong version number|packet length|socket hang up|ECONNRESET|HPE_|Parse Error/i;

/** Asks before what is not safe is done; where nobody is there to be asked, the flags must have said so. */
export async function probeTls(
  io: CommandIo,
  host: string,
  flags: TlsFlags & { readonly plaintext?: boolean },
): Promise<Probed> {
  if (flags.plaintext) return { isPlainText: true, isInsecure: false };
  const isInsecure = flags.insecure === true;
  try {
    await callServer(
      { url: `https://${host}`, fetch: createServerFetch(flags), signal: io.interrupted },
      'GET',
      '/api/version',
    );
    return { isPlainText: false, isInsecure };
  } catch (error) {
    const reason = reasonOf(error);
    if (UNTRUSTED.test(reason)) {
      await proceed(io, `server certificate had error: ${reason}`, 'insecurely', '--insecure');
      return { isPlainText: false, isInsecure: true };
    }
    if (NO_TLS.test(reason)) {
      // On this very machine nobody listens in.
      const isLocal = /^(localhost|127\.|\[::1\])/.test(host);
      if (!isLocal) await proceed(io, 'server is not configured with TLS', '', '--plaintext');
      return { isPlainText: true, isInsecure: false };
    }
    // Whatever it answers, it was by TLS.
    if (!isHawserError(error, 'Unavailable') || reason === '') return { isPlainText: false, isInsecure };
    throw error;
  }
}

async function proceed({ ask }: CommandIo, warning: string, how: string, flag: string): Promise<void> {
  if (ask) {
    const answer = await ask(`WARNING: ${warning}. Proceed${how && ` ${how}`} (y/n)? `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  }
  throw new HawserError('FailedPrecondition', warning, { hint: `${flag} takes it as it is` });
}

/** Empty where the server answered. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return '';
  return `${'code' in cause ? `${cause.code} ` : ''}${cause.message}`;
}
