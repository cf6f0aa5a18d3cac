// Changing the case of words: camelcase, snakecase, kebabcase (huandu/xstrings v1.5.0: convert.go), swapcase, untitle and
// initials (goutils v1.1.1: wordutils.go).

import { isTitle, toLowerRune, toTitleRune, toUpperRune } from '../go/case.ts';
import { runesOf, utf8Encode } from '../go/strings.ts';
import { isLetter, isLower, isSpace, isUpper } from '../go/unicode.ts';

const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;
const RUNE_ERROR = 0xfffd;

type WordKind = 'invalid' | 'number' | 'upper' | 'alphabet' | 'connector' | 'punctuation' | 'other';

interface Word {
  readonly kind: WordKind;
  readonly text: readonly number[];
  /** Where the rest of the text begins. */
  readonly next: number;
}

/** xstrings.ToPascalCase. */
export function toPascalCase(text: string): string {
  const runes = runesOf(text);
  const made: number[] = [];
  let at = 0;
  // Leading connectors appear in the output.
  for (; isConnector(runes[at]); at++) made.push(runes[at] ?? RUNE_ERROR);
  const first = runes[at];
  if (first === undefined) return repeatLast(made);
  let wordBeginsUpper = isUpper(first);
  let current = toUpperRune(first);
  for (at++; at < runes.length; at++) {
    const previous = current;
    current = runes[at] ?? RUNE_ERROR;
    if (isConnector(current) && isConnector(previous)) {
      made.push(previous);
      continue;
    }
    if (isConnector(previous)) {
      wordBeginsUpper = isUpper(current);
      current = toUpperRune(current);
      continue;
    }
    if (wordBeginsUpper && isUpper(current)) current = toLowerRune(current);
    else wordBeginsUpper = false;
    made.push(previous);
  }
  made.push(current);
  return fromRunes(made);
}

/** Text of connectors alone: the library writes the last of them twice. */
function repeatLast(connectors: readonly number[]): string {
  const last = connectors.at(-1);
  return last === undefined ? '' : fromRunes([...connectors, last]);
}

/** xstrings.ToSnakeCase. */
export function toSnakeCase(text: string): string {
  return joinWords(text, UNDERSCORE);
}

/** xstrings.ToKebabCase. */
export function toKebabCase(text: string): string {
  return joinWords(text, HYPHEN);
}

/** xstrings camelCaseToLowerCase. */
function joinWords(text: string, connector: number): string {
  // A stray byte stays as it is (a lone surrogate) and counts as the error rune that the library skips.
  const runes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  if (runes.length === 0) return '';
  const made: number[] = [];
  const write = (word: Word) => writeLower(made, word, connector);
  const isWordy = (word: Word) => word.kind === 'alphabet' || word.kind === 'number';
  let word = nextWord(runes, 0);
  while (word.next < runes.length) {
    if (word.kind !== 'connector') write(word);
    const previous = word;
    word = nextWord(runes, word.next);
    if (previous.kind === 'punctuation') continue;
    if (previous.kind === 'connector') {
      write(previous);
      continue;
    }
    if (previous.kind === 'number') {
      for (; isWordy(word); word = nextWord(runes, word.next)) write(word);
      if (word.kind !== 'invalid' && word.kind !== 'punctuation' && word.kind !== 'connector') made.push(connector);
      continue;
    }
    if (word.kind !== 'number') {
      if (word.kind !== 'connector' && word.kind !== 'punctuation') made.push(connector);
      continue;
    }
    if (word.next >= runes.length) continue;
    const number = word;
    word = nextWord(runes, word.next);
    // A number counts as part of the word before it: `Bld4Floor` is `bld4_floor`.
    if (word.kind !== 'alphabet') {
      write(number);
      if (word.kind !== 'connector' && word.kind !== 'punctuation') made.push(connector);
      continue;
    }
    // But where lower case letters follow it, it begins a word: `HTTP2xx` is `http_2xx`.
    made.push(connector);
    write(number);
    for (; isWordy(word); word = nextWord(runes, word.next)) write(word);
    if (word.kind !== 'invalid' && word.kind !== 'connector' && word.kind !== 'punctuation') made.push(connector);
  }
  write(word);
  return fromRunes(made);
}

function nextWord(runes: readonly number[], from: number): Word {
  if (from >= runes.length) return { kind: 'invalid', text: [], next: from };
  const first = skipErrors(runes, from);
  const rune = runes[first];
  if (rune === undefined) return { kind: 'invalid', text: runes.slice(from), next: runes.length };
  const upTo = (kind: WordKind, end: number): Word => ({ kind, text: runes.slice(from, end), next: end });
  const extend = (belongs: (code: number) => boolean, start = first + 1) => extendWord(runes, start, belongs);
  if (isConnector(rune)) return upTo('connector', extend(isConnector));
  if (isPunctuation(rune)) return upTo('punctuation', extend(isPunctuation));
  if (isUpper(rune)) return upTo('upper', endOfUpperWord(runes, first + 1));
  if (isAlphabet(rune)) return upTo('alphabet', extend(isLowerAlphabet));
  if (isNumber(rune)) return upTo('number', extend(isNumber));
  return upTo(
    'other',
    extend((code) => !isConnector(code) && !isAlphabet(code) && !isNumber(code) && !isPunctuation(code)),
  );
}

/** The end of a word that begins with a capital: `HTTP` of `HTTPStatus`, or `Status`. */
function endOfUpperWord(runes: readonly number[], from: number): number {
  const second = skipErrors(runes, from);
  const rune = runes[second];
  if (rune === undefined) return runes.length;
  if (isUpper(rune)) {
    const end = extendWord(runes, second + 1, isUpper);
    const following = runes[skipErrors(runes, end)];
    // The last capital belongs to the next word where letters follow.
    return following !== undefined && isAlphabet(following) ? end - 1 : end;
  }
  return isAlphabet(rune) ? extendWord(runes, second + 1, isLowerAlphabet) : from;
}

/** Where the run of runes that belong ends; stray bytes before a rune that belongs are part of it. */
function extendWord(runes: readonly number[], from: number, belongs: (code: number) => boolean): number {
  let end = from;
  while (end < runes.length) {
    const at = skipErrors(runes, end);
    const rune = runes[at];
    if (rune === undefined) return runes.length;
    if (!belongs(rune)) return end;
    end = at + 1;
  }
  return end;
}

function skipErrors(runes: readonly number[], from: number): number {
  let at = from;
  while (at < runes.length && isError(runes[at] ?? 0)) at++;
  return at;
}

function isError(code: number): boolean {
  return code === RUNE_ERROR || (code >= 0xd800 && code <= 0xdfff);
}

function writeLower(made: number[], word: Word, connector: number): void {
  if (word.kind !== 'upper' && word.kind !== 'connector') {
    for (const rune of word.text) made.push(rune);
    return;
  }
  for (const rune of word.text) {
    if (isConnector(rune)) made.push(connector);
    else if (isError(rune)) made.push(RUNE_ERROR);
    else made.push(isUpper(rune) ? toLowerRune(rune) : rune);
  }
}

/** goutils.SwapCase: the other case, and title case at the start of a word. */
export function swapCase(text: string): string {
  let startsWord = true;
  return fromRunes(
    runesOf(text).map((rune) => {
      if (isUpper(rune) || isTitle(rune)) {
        startsWord = false;
        return toLowerRune(rune);
      }
      if (!isLower(rune)) {
        startsWord = isSpace(rune);
        return rune;
      }
      const swapped = startsWord ? toTitleRune(rune) : toUpperRune(rune);
      startsWord = false;
      return swapped;
    }),
  );
}

/** goutils.Uncapitalize: the first letter of each word in lower case. */
export function uncapitalize(text: string): string {
  if (text === '') return '';
  let startsWord = true;
  return fromRunes(
    runesOf(text).map((rune) => {
      if (isSpace(rune)) {
        startsWord = true;
        return rune;
      }
      const mapped = startsWord ? toLowerRune(rune) : rune;
      startsWord = false;
      return mapped;
    }),
  );
}

/** goutils.Initials, which takes each byte for a rune of Latin-1. */
export function initialsOf(text: string): string {
  let initials = '';
  let afterGap = true;
  for (const byte of utf8Encode(text)) {
    if (isSpace(byte)) afterGap = true;
    else {
      if (afterGap) initials += String.fromCharCode(byte);
      afterGap = false;
    }
  }
  return initials;
}

/** goutils.DeleteWhiteSpace, which takes each byte for a rune of Latin-1 once it finds a space. */
export function deleteSpace(text: string): string {
  const bytes = utf8Encode(text);
  let kept = '';
  for (const byte of bytes) if (!isSpace(byte)) kept += String.fromCharCode(byte);
  return kept.length === bytes.length ? text : kept;
}

function fromRunes(runes: readonly number[]): string {
  let text = '';
  for (const rune of runes) text += String.fromCodePoint(rune);
  return text;
}

function isConnector(code: number | undefined): boolean {
  return code !== undefined && (code === HYPHEN || code === UNDERSCORE || isSpace(code));
}

/** A letter, but not one of the common CJK ones. */
function isAlphabet(code: number): boolean {
  if (!isLetter(code)) return false;
  if (code < 0x3400) return true;
  return !(
    (code >= 0x4e00 && code <= 0x9fcc) ||
    (code >= 0x3400 && code <= 0x4d85) ||
    (code >= 0x20000 && code <= 0x2b81d)
  );
}

function isLowerAlphabet(code: number): boolean {
  return isAlphabet(code) && !isUpper(code);
}

function isPunctuation(code: number): boolean {
  return /^\p{P}$/u.test(String.fromCodePoint(code));
}

function isNumber(code: number): boolean {
  return /^\p{N}$/u.test(String.fromCodePoint(code));
}
