// Flags of the servers' commands, in Node's own parser: few, long, and checked once.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { HawserError, messageOf } from '../base/errors.ts';

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
  if (URL.canParse(text) && /^https?:\/\//.test(text)) return text.replace(/\/+$/, '');
  throw new HawserError('InvalidInput', `--${flag} ${text} is no address`, {
    hint: 'for example https://hawser.example.com',
  });
}

/** Addresses of other replicas, with commas between them. */
export function parsePeers(text: string): readonly string[] {
  const urls = text.split(',').map((url) => url.trim());
  return urls.filter((url) => url !== '').map((url) => parseExternalUrl(url, 'peers'));
}
