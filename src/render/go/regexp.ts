// Go's package regexp over re2js, which is RE2 itself in JavaScript: linear in time, with Go's syntax and nearly its error texts.
// What differs from its Java-like interface (empty matches, replacement templates, Split) is Go's here.

import { RE2JS } from 're2js';
import { HawserError, messageOf } from '../../base/errors.ts';
import { canBackquote, quote } from './quote.ts';
import { isDigit, isLetter } from './unicode.ts';
import type { Work } from './work.ts';

export interface Regexp {
  readonly pattern: string;
  readonly compiled: RE2JS;
  /** Is told of each search for a match, which may go through all the rest of the text. */
  readonly work?: Work;
}

/** The bounds of a match and of its groups in UTF-16 units: from at 2n, to at 2n+1, -1 for a group that took no part. */
export type Match = readonly number[];

/** `regexp.Compile`. Throws RenderFailed with Go's text. */
export function compileRegexp(pattern: string): Regexp {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (cause) {
    const message = messageOf(cause);
    // Go meets a stray byte before the end of the pattern.
    if (message.includes('missing closing )')) refuseStrayBytes(pattern);
    if (message.includes('duplicate capture group name'))
      return { ...compileRegexp(withoutDuplicates(pattern)), pattern };
    const complete = message.endsWith('trailing backslash at end of expression') ? `${message}: \`\`` : message;
    throw new HawserError('RenderFailed', complete, { cause });
  }
  refuseStrayBytes(pattern);
  return { pattern, compiled };
}

/** A stray byte stands as a lone surrogate, which re2js takes for a character. */
function refuseStrayBytes(pattern: string): void {
  const stray = pattern.isWellFormed() ? undefined : /\p{Cs}.*/su.exec(pattern)?.[0];
  if (stray !== undefined) throw new HawserError('RenderFailed', `error parsing regexp: invalid UTF-8: \`${stray}\``);
}

/** `regexp.MustCompile`, whose panic names the pattern. */
export function mustCompileRegexp(pattern: string): Regexp {
  try {
    return compileRegexp(pattern);
  } catch (cause) {
    const shown = canBackquote(pattern) ? `\`${pattern}\`` : quote(pattern);
    throw new HawserError('RenderFailed', `regexp: Compile(${shown}): ${messageOf(cause)}`, { cause });
  }
}

/** `MatchString`: whether any part of the text matches. */
export function matchesRegexp({ compiled }: Regexp, text: string): boolean {
  return compiled.test(text);
}

/** `FindString`: the leftmost match; empty where there is none. */
export function findFirst(regexp: Regexp, text: string): string {
  const [from = 0, to = 0] = matchFrom(regexp, text, 0) ?? [];
  return text.slice(from, to);
}

/** `FindAllString`: at most `limit` matches, all where it is negative; undefined (Go: nil) where there is none. */
export function findAll(regexp: Regexp, text: string, limit: number): string[] | undefined {
  const matches = allMatches(regexp, text, limit);
  return matches.length === 0 ? undefined : matches.map(([from = 0, to = 0]) => text.slice(from, to));
}

/** `ReplaceAllString`: `$1`, `$name` and `${name}` in the replacement stand for groups. */
export function replaceAll(regexp: Regexp, text: string, replacement: string): string {
  const parts = parseTemplate(replacement, regexp.compiled.namedGroups());
  return replaceMatches(regexp, text, (match) => {
    let made = '';
    for (const part of parts) {
      if (typeof part === 'string') made += part;
      else made += groupText(text, match, part);
    }
    return made;
  });
}

/** `ReplaceAllLiteralString`. */
export function replaceAllLiteral(regexp: Regexp, text: string, replacement: string): string {
  return replaceMatches(regexp, text, () => replacement);
}

/** `Split`: at most `limit` parts, all where it is negative; undefined (Go: nil) where it is zero. */
export function splitByRegexp(regexp: Regexp, text: string, limit: number): string[] | undefined {
  if (limit === 0) return undefined;
  if (regexp.pattern !== '' && text === '') return [''];
  const parts: string[] = [];
  let begin = 0;
  let end = 0;
  for (const [from = 0, to = 0] of allMatches(regexp, text, limit)) {
    if (limit > 0 && parts.length === limit - 1) break;
    end = from;
    if (to !== 0) parts.push(text.slice(begin, end));
    begin = to;
  }
  if (end !== text.length) parts.push(text.slice(begin));
  return parts;
}

/** `QuoteMeta`. */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Go lets groups share a name, of which the first counts; re2js does not. */
function withoutDuplicates(pattern: string): string {
  const seen = new Set<string>();
  return pattern.replace(/\(\?P?<([^>]*)>/g, (whole, name: string) => {
    if (seen.has(name)) return '(';
    seen.add(name);
    return whole;
  });
}

/** Characters that are searched in one operation: those of most searches are few. */
const SEARCHED_SHIFT = 7;

function matchFrom({ compiled, work }: Regexp, text: string, from: number): Match | undefined {
  work?.spend((text.length - from) >> SEARCHED_SHIFT);
  const matcher = compiled.matcher(text);
  if (!matcher.find(from)) return undefined;
  const bounds: number[] = [];
  for (let group = 0; group <= matcher.groupCount(); group++) bounds.push(matcher.start(group), matcher.end(group));
  return bounds;
}

/**
 * `FindAllStringSubmatchIndex`: at most `limit` matches, all where it is negative. An empty match right after another match does not
 * count (Go: regexp.go, allMatches).
 */
export function allMatches(regexp: Regexp, text: string, limit: number): Match[] {
  const matches: Match[] = [];
  const most = limit < 0 ? text.length + 1 : limit;
  let previousEnd = -1;
  for (let at = 0; matches.length < most && at <= text.length; ) {
    const match = matchFrom(regexp, text, at);
    if (!match) break;
    const [from = 0, to = 0] = match;
    const accepted = to !== at || from !== previousEnd;
    at = to === at ? at + runeWidth(text, at) : to;
    previousEnd = to;
    if (accepted) matches.push(match);
  }
  return matches;
}

/** Go: regexp.go, replaceAll. */
function replaceMatches(regexp: Regexp, text: string, replace: (match: Match) => string): string {
  let made = '';
  let lastEnd = 0;
  for (let at = 0; at <= text.length; ) {
    const match = matchFrom(regexp, text, at);
    if (!match) break;
    const [from = 0, to = 0] = match;
    made += text.slice(lastEnd, from);
    if (to > lastEnd || from === 0) made += replace(match);
    lastEnd = to;
    at = Math.max(to, at + runeWidth(text, at));
  }
  return made + text.slice(lastEnd);
}

/** The UTF-16 units of the rune at `at`; 1 at the end, so that a search ends. */
function runeWidth(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

function groupText(text: string, match: Match, group: number): string {
  const from = match[2 * group] ?? -1;
  return from < 0 ? '' : text.slice(from, match[2 * group + 1]);
}

/** Go: regexp.go, expand and extract: literal text, and numbers of groups; an unknown name stands for nothing. */
function parseTemplate(template: string, names: Readonly<Record<string, number>>): (string | number)[] {
  const parts: (string | number)[] = [];
  let literal = '';
  for (let at = 0; at < template.length; ) {
    const dollar = template.indexOf('$', at);
    if (dollar < 0) return [...parts, literal + template.slice(at)];
    literal += template.slice(at, dollar);
    if (template[dollar + 1] === '$') {
      literal += '$';
      at = dollar + 2;
      continue;
    }
    const reference = parseReference(template, dollar);
    if (!reference) {
      literal += '$';
      at = dollar + 1;
      continue;
    }
    const { name, end } = reference;
    const group = /^\d+$/.test(name) ? Number(name) : names[name];
    if (group !== undefined) {
      parts.push(literal, group);
      literal = '';
    }
    at = end;
  }
  return [...parts, literal];
}

/** The name after a `$`, with or without braces, and where it ends; undefined where none stands there. */
function parseReference(template: string, dollar: number): { name: string; end: number } | undefined {
  const braced = template[dollar + 1] === '{';
  const start = dollar + (braced ? 2 : 1);
  let end = start;
  for (;;) {
    const code = template.codePointAt(end);
    if (code === undefined || !(isLetter(code) || isDigit(code) || code === 0x5f)) break;
    end += code > 0xffff ? 2 : 1;
  }
  if (end === start || (braced && template[end] !== '}')) return undefined;
  return { name: template.slice(start, end), end: braced ? end + 1 : end };
}
