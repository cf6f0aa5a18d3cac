// Which characters a YAML text may hold, and what go-yaml says of others (go.yaml.in/yaml/v2 v2.4.4, readerc.go).

import { isHawserError } from '../../base/errors.ts';
import { utf8Encode } from '../go/strings.ts';
import { composeDocument, composeWanted } from './compose.ts';
import type { YamlNode } from './node.ts';
import { withoutPlainSections } from './plain-sections.ts';
import { yamlProblem } from './problem.ts';
import { Scanner } from './scanner.ts';

const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]/u;

/** The same and all surrogates: quicker to look for, and rarely found. */
const SUSPECT = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]/;

/** go-yaml reads its input in pieces of this many bytes. */
const PIECE = 512;
/** It makes sure of at most this many characters ahead. */
const LOOKAHEAD = 4;

/** The node tree of the first document; undefined where the text has none. Throws go-yaml's errors. `Cutter`: another way to cut tokens. */
export function readDocument(text: string, Cutter: typeof Scanner = Scanner): YamlNode | undefined {
  const content = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (!SUSPECT.test(content) || !FORBIDDEN.test(content)) return composeDocument(scannerOf(content, Cutter));
  const utf16 = decodeUtf16(text);
  return utf16 === undefined ? readBroken(text, Cutter) : readDocument(utf16, Cutter);
}

/**
 * The node tree with the wanted entries at its top, the others without their values; undefined where only the whole document can tell
 * what it is or what is wrong with it.
 */
export function readWanted(text: string, isWanted: (key: string) => boolean): YamlNode | undefined {
  if (SUSPECT.test(text) || text.charCodeAt(0) === 0xfeff) return undefined;
  try {
    return composeWanted(scannerOf(withoutPlainSections(text, isWanted)), isWanted);
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

function scannerOf(content: string, Cutter: typeof Scanner = Scanner): Scanner {
  return new Cutter(content === '' ? '\n' : content);
}

/**
 * A bad character is an error only once its piece of the input is read, and then comes before every other error: so the pieces
 * before it are read as if they were all, and what they give counts unless the scanner came to their end.
 */
function readBroken(text: string, Cutter: typeof Scanner): YamlNode | undefined {
  const { problem, goodLength } = findProblem(utf8Encode(text));
  const good = text.slice(text.charCodeAt(0) === 0xfeff ? 1 : 0, goodLength);
  const scanner = new Cutter(good);
  const needsMore = () => scanner.pos + LOOKAHEAD > good.length;
  try {
    const document = composeDocument(scanner);
    if (!needsMore()) return document;
  } catch (error) {
    if (!needsMore()) throw error;
  }
  throw yamlProblem(problem);
}

/** The text of UTF-16 input with a byte order mark, whose bytes arrive as stray ones. */
function decodeUtf16(text: string): string | undefined {
  const mark = text.slice(0, 2);
  if (mark !== '\udcff\udcfe' && mark !== '\udcfe\udcff') return undefined;
  const encoding = mark === '\udcff\udcfe' ? 'utf-16le' : 'utf-16be';
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(utf8Encode(text).subarray(2));
  } catch {
    throw yamlProblem('incomplete UTF-16 character');
  }
}

/** What is wrong with these bytes, and how many UTF-16 units come before the piece in which it is. */
function findProblem(bytes: Uint8Array): { problem: string; goodLength: number } {
  let length = 0;
  let goodLength = 0;
  let pieceEnd = PIECE;
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const width =
      lead < 0x80 ? 1 : (lead & 0xe0) === 0xc0 ? 2 : (lead & 0xf0) === 0xe0 ? 3 : (lead & 0xf8) === 0xf0 ? 4 : 0;
    if (width > 0 && at + width > Math.min(pieceEnd, bytes.length)) {
      // A character that does not end in this piece begins the next, even if nothing follows.
      goodLength = length;
      pieceEnd = at + PIECE;
    }
    const problem = problemAt(bytes, at, width);
    if (problem !== undefined) return { problem, goodLength };
    at += width;
    length += width === 4 ? 2 : 1;
    if (at === pieceEnd) {
      goodLength = length;
      pieceEnd = at + PIECE;
    }
  }
  return { problem: 'control characters are not allowed', goodLength };
}

function problemAt(bytes: Uint8Array, at: number, width: number): string | undefined {
  if (width === 0) return 'invalid leading UTF-8 octet';
  if (at + width > bytes.length) return 'incomplete UTF-8 octet sequence';
  let code = (bytes[at] ?? 0) & (width === 1 ? 0x7f : 0xff >> (width + 1));
  for (let k = 1; k < width; k++) {
    const octet = bytes[at + k] ?? 0;
    if ((octet & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet';
    code = (code << 6) | (octet & 0x3f);
  }
  const least = [0, 0, 0x80, 0x800, 0x10000][width] ?? 0;
  if (code < least) return 'invalid length of a UTF-8 sequence';
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return 'invalid Unicode character';
  return FORBIDDEN.test(String.fromCodePoint(code)) ? 'control characters are not allowed' : undefined;
}
