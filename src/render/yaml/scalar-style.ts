// How a string may be written: plain, quoted or as a block (emitterc.go, analyze_scalar and select_scalar_style).

import type { Dialect } from './resolve.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

interface Analysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

/** Characters that may not begin a plain scalar. */
const LEADING_INDICATORS = '#,[]{}&*!|>\'"%@`';

/** A line break in YAML's sense. */
export function isBreak(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d || unit === 0x85 || unit === 0x2028 || unit === 0x2029;
}

/** True for what may stand unescaped; go-yaml escapes all beyond the basic plane. */
export function isPrintable(unit: number): boolean {
  if (unit < 0x7f) return unit >= 0x20 || unit === 0x0a;
  return unit >= 0xa0 && (unit < 0xd800 || unit >= 0xe000) && unit !== 0xfeff && unit < 0xfffe;
}

/**
 * The style in which `text` is written. `wanted` is what the encoder would like, `asKey` tells that the text is the key of a
 * simple `key: value`.
 */
export function selectStyle(text: string, wanted: ScalarStyle, asKey: boolean, dialect: Dialect): ScalarStyle {
  const analysis = analyze(text, dialect);
  let style = wanted;
  if (asKey && analysis.multiline) style = 'double';
  if (style === 'plain' && (!analysis.plain || (text === '' && asKey))) style = 'single';
  if (style === 'single' && !analysis.single) style = 'double';
  if (style === 'literal' && (!analysis.block || asKey)) style = 'double';
  return style;
}

/** True when the text holds a line break, so that it can be no simple key. */
export function isMultiline(text: string): boolean {
  return /[\n\r\x85\u2028\u2029]/.test(text);
}

const SIMPLE = /^[A-Za-z0-9_/$(+=~^;\\<.)][A-Za-z0-9_./$()+=~^;\\<>*!&%@`"'|,[\]{}?-]*$/;

function analyze(text: string, dialect: Dialect): Analysis {
  if (text === '') return { multiline: false, plain: true, single: true, block: false };
  if (SIMPLE.test(text) && !text.startsWith('...')) return { multiline: false, plain: true, single: true, block: true };

  let indicators = text.startsWith('---') || text.startsWith('...');
  let lineBreaks = false;
  let special = false;
  let tabs = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previousSpace = false;
  let previousBreak = false;
  let precededByBlank = true;
  const last = text.length - 1;
  for (let i = 0; i <= last; i++) {
    const unit = text.charCodeAt(i);
    const next = i === last ? 0x20 : text.charCodeAt(i + 1);
    const followedByBlank = next === 0x20 || next === 0x09;
    if (i === 0 && LEADING_INDICATORS.includes(text.charAt(0))) indicators = true;
    else if (unit === 0x3a || (i === 0 && (unit === 0x3f || unit === 0x2d))) indicators ||= followedByBlank;
    else if (unit === 0x23 && precededByBlank) indicators = true;

    if (unit === 0x09 && dialect === 'v3') tabs = true;
    else if (!isPrintable(unit)) special = true;

    const isSpace = unit === 0x20;
    const isLineBreak = isBreak(unit);
    if (isSpace && previousBreak) breakSpace = true;
    if (isLineBreak) {
      lineBreaks = true;
      if (previousSpace) spaceBreak = true;
    }
    previousSpace = isSpace;
    previousBreak = isLineBreak;
    precededByBlank = isSpace || isLineBreak || unit === 0x09 || unit === 0;
  }
  const leadingSpace = text.charCodeAt(0) === 0x20;
  const trailingSpace = text.charCodeAt(last) === 0x20;
  const single = !breakSpace && !spaceBreak && !tabs && !special;
  return {
    multiline: lineBreaks,
    plain: single && !lineBreaks && !leadingSpace && !trailingSpace && !indicators,
    single,
    block: !trailingSpace && !spaceBreak && !special,
  };
}
