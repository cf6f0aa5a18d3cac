// How BurntSushi/toml v1.6.0 writes keys and strings (encode.go, meta.go).

/** A key of several parts, quoted where a part is not bare: `a."b c"`. */
export function tomlKey(parts: readonly string[]): string {
  return parts.map(tomlKeyPart).join('.');
}

export function tomlKeyPart(part: string): string {
  return /^[A-Za-z0-9_-]+$/.test(part) ? part : tomlString(part);
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

export function tomlString(text: string): string {
  const escaped = text.replace(/["\\\x00-\x1f\x7f]/g, (character) => {
    const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
    return SHORT_ESCAPES[character] ?? `\\u${hex}`;
  });
  return `"${escaped}"`;
}
