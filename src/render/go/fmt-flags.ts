// The flags, width and precision of one formatting directive (`%-08.3f`), as Go's fmt keeps them.

export interface FmtFlags {
  /** Undefined where the directive has none. */
  width: number | undefined;
  precision: number | undefined;
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  /** `%+v` and `%#v` are formats of their own: the plain flag is then off. */
  plusV: boolean;
  sharpV: boolean;
  /** Inside the text of a mistake, where values print without their methods. */
  erroring: boolean;
}

export function noFlags(): FmtFlags {
  return {
    width: undefined,
    precision: undefined,
    minus: false,
    plus: false,
    sharp: false,
    space: false,
    zero: false,
    plusV: false,
    sharpV: false,
    erroring: false,
  };
}

/** `count` bytes of padding: zeros where the `0` flag asks for them and the padding goes to the left. */
export function padding(flags: FmtFlags, count: number): string {
  return count <= 0 ? '' : (flags.zero && !flags.minus ? '0' : ' ').repeat(count);
}

/** `text` padded to the width, which counts runes. */
export function pad(flags: FmtFlags, text: string): string {
  if (flags.width === undefined || flags.width === 0) return text;
  const fill = padding(flags, flags.width - runeCount(text));
  return flags.minus ? text + fill : fill + text;
}

/** The same without the `0` flag, for what has been zero-padded already or never is. */
export function padWithSpaces(flags: FmtFlags, text: string): string {
  const zero = flags.zero;
  flags.zero = false;
  const padded = pad(flags, text);
  flags.zero = zero;
  return padded;
}

/** `utf8.RuneCountInString`: a stray byte counts as one. */
export function runeCount(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    count--;
    i++;
  }
  return count;
}

/** The first `count` runes of a text. */
export function firstRunes(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let left = count; left > 0 && end < text.length; left--) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}
