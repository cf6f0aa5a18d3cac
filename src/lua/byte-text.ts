// Lua's strings are bytes. Texts are turned into texts of one character a byte where they enter Lua, and back where they leave it.

const MULTI_BYTE = /[^\0-\x7f]/;

/** One character (0 to 255) for each byte of the UTF-8 text. */
export function toBytes(text: string): string {
  if (!MULTI_BYTE.test(text)) return text;
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** The text that these bytes are in UTF-8; what is none becomes U+FFFD. */
export function fromBytes(bytes: string): string {
  if (!MULTI_BYTE.test(bytes)) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}
