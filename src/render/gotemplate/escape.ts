// html, js and urlquery (Go: text/template/funcs.go, HTML escaping, JavaScript escaping).

import { utf8Encode } from '../go/strings.ts';
import { isPrint } from '../go/unicode.ts';

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character);
}

const JS: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

export function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\0-\x1f]|[^\0-\x7f]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    // A stray byte decodes to U+FFFD, which is printable, so that Go writes it as it is.
    if (code >= 0x80 && (isPrint(code) || (code >= 0xdc80 && code <= 0xdcff))) return character;
    return JS[character] ?? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Go's `url.QueryEscape`. */
export function escapeQuery(text: string): string {
  if (/^[A-Za-z0-9\-_.~]*$/.test(text)) return text;
  let escaped = '';
  for (const byte of utf8Encode(text)) {
    const character = String.fromCharCode(byte);
    if (byte === 0x20) escaped += '+';
    else if (/[A-Za-z0-9\-_.~]/.test(character)) escaped += character;
    else escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
