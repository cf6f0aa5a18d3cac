// Flags of the servers' commands, in Node's own parser: few, long, and checked once.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { HawserError, messageOf } from '../base/errors.ts';
import { parseServerAddress, parseServerAddresses } from '../base/setting-text.ts';

/** Throws `InvalidInput` for a flag that is unknown or lacks its value, and for anything that is no flag. */
export function readFlags<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    // Only the first sentence is for users.
    const [message = ''] = messageOf(error).split('. ');
    throw new HawserError('InvalidInput', message, { hint: '--help lists the flags' });
  }
}

/** 0 means any free port. */
export function parsePort(text: string, flag = 'port'): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new HawserError('InvalidInput', `--${flag} ${text} is no port number`);
}

/** The address of a server without a slash at its end. */
export function parseExternalUrl(text: string, flag = 'external-url'): string {
  return parseServerAddress(text, `--${flag}`);
}

/** Addresses of other replicas, with commas between them. */
export function parsePeers(text: string): readonly string[] {
  return parseServerAddresses(text, '--peers');
}
