// IP addresses as Go's net/netip reads them, with its error texts.

import { HawserError } from '../../base/errors.ts';
import { quote } from './quote.ts';

export interface IpAddress {
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  readonly zone: string;
}

/** `netip.ParseAddr`. Throws RenderFailed with Go's text. */
export function parseIpAddress(text: string): IpAddress {
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') return { bytes: Uint8Array.from(parseFields(text, text)), zone: '' };
  if (first === ':') return parseIPv6(text);
  throw problem(text, first === '%' ? 'missing IPv6 address' : 'unable to parse IP');
}

function problem(input: string, message: string, at = ''): HawserError {
  const where = at === '' ? '' : ` (at ${quote(at)})`;
  return new HawserError('RenderFailed', `ParseAddr(${quote(input)}): ${message}${where}`);
}

/** netip.parseIPv4Fields. */
function parseFields(input: string, text: string): number[] {
  const fields: number[] = [];
  let value = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character >= '0' && character <= '9') {
      if (digits === 1 && value === 0) throw problem(input, 'IPv4 field has octet with leading zero');
      value = value * 10 + Number(character);
      digits++;
      if (value > 255) throw problem(input, 'IPv4 field has value >255');
    } else if (character === '.') {
      if (at === 0 || at === text.length - 1 || text[at - 1] === '.') {
        throw problem(input, 'IPv4 field must have at least one digit', text.slice(at));
      }
      if (fields.length === 3) throw problem(input, 'IPv4 address too long');
      fields.push(value);
      value = 0;
      digits = 0;
    } else throw problem(input, 'unexpected character', text.slice(at));
  }
  if (fields.length < 3) throw problem(input, 'IPv4 address too short');
  return [...fields, value];
}

/** netip.parseIPv6. */
function parseIPv6(input: string): IpAddress {
  const percent = input.indexOf('%');
  const zone = percent < 0 ? '' : input.slice(percent + 1);
  if (percent >= 0 && zone === '') throw problem(input, 'zone must be a non-empty string');
  let rest = percent < 0 ? input : input.slice(0, percent);
  const bytes: number[] = [];
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
    if (rest === '') return { bytes: new Uint8Array(16), zone };
  }
  while (bytes.length < 16) {
    const group = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (group.length > 4) throw problem(input, 'each group must have 4 or less digits', rest);
    if (group === '') throw problem(input, 'each colon-separated field must have at least one digit', rest);
    if (rest[group.length] === '.') {
      if (ellipsis < 0 && bytes.length !== 12) {
        throw problem(input, 'embedded IPv4 address must replace the final 2 fields of the address', rest);
      }
      if (bytes.length + 4 > 16) {
        throw problem(input, 'too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      }
      bytes.push(...parseFields(input, rest));
      rest = '';
      break;
    }
    const value = Number.parseInt(group, 16);
    bytes.push(value >> 8, value & 0xff);
    rest = rest.slice(group.length);
    if (rest === '') break;
    if (rest[0] !== ':') throw problem(input, 'unexpected character, want colon', rest);
    if (rest.length === 1) throw problem(input, 'colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest[0] !== ':') continue;
    if (ellipsis >= 0) throw problem(input, 'multiple :: in address', rest);
    ellipsis = bytes.length;
    rest = rest.slice(1);
    if (rest === '') break;
  }
  if (rest !== '') throw problem(input, 'trailing garbage after address', rest);
  if (bytes.length === 16 && ellipsis >= 0) throw problem(input, 'the :: must expand to at least one field of zeros');
  if (bytes.length < 16 && ellipsis < 0) throw problem(input, 'address string too short');
  const zeros = Array.from({ length: 16 - bytes.length }, () => 0);
  return { bytes: Uint8Array.from(bytes.toSpliced(ellipsis < 0 ? 16 : ellipsis, 0, ...zeros)), zone };
}
