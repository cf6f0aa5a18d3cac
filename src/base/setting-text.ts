// Settings as people write them, in flags and variables: addresses, lists, one word of several. `name` is how they call the setting.

import { HawserError } from './errors.ts';

/** The address of a server, without a slash at its end. Throws `InvalidInput`. */
export function parseServerAddress(text: string, name: string): string {
  const address = serverAddressOf(text);
  if (address !== undefined) return address;
  throw new HawserError('InvalidInput', `${name} ${text} is no address`, {
    hint: 'for example https://hawser.example.com',
  });
}

/** As `parseServerAddress`; undefined for what is none. */
export function serverAddressOf(text: string): string | undefined {
  return URL.canParse(text) && /^https?:\/\//.test(text) ? text.replace(/\/+$/, '') : undefined;
}

/** Addresses with commas between them. Throws `InvalidInput`. */
export function parseServerAddresses(text: string, name: string): readonly string[] {
  return splitList([text]).map((address) => parseServerAddress(address, name));
}

/** With commas, or several times. */
export function splitList(given: readonly string[]): readonly string[] {
  return given
    .flatMap((text) => text.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** In capital or small letters. Throws `InvalidInput`. */
export function parseOneOf<T extends string>(known: readonly T[], text: string, name: string): T {
  const found = known.find((value) => value === text.toLowerCase());
  if (found) return found;
  throw new HawserError('InvalidInput', `${name} ${text} is none of ${known.join(', ')}`);
}
