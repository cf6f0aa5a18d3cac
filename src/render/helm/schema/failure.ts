// Why a value does not fit a schema, as a tree, and its text (santhosh-tekuri/jsonschema v6: output.go, kind/kind.go), which Helm prints.

import { quote as goQuote } from '../../go/quote.ts';
import { formatFloat } from '../../go/strconv.ts';
import { GoNumber, type GoValue } from '../../go/value.ts';

/** `group` holds several failures of one value and has no line of its own in the text; `reference` has none either around a single one. */
export interface Failure {
  readonly kind: 'root' | 'group' | 'reference' | 'plain';
  /** The keys and indexes that lead to the value. */
  readonly location: readonly string[];
  readonly message: string;
  readonly causes: readonly Failure[];
}

/** The failures below a root as lines `- at '/a': got string, want integer`, nested ones indented. */
export function formatFailure(failure: Failure): string {
  const lines: string[] = [];
  display(failure, 0, lines);
  return lines.join('\n');
}

function display(failure: Failure, indent: number, lines: string[]): void {
  const isSkipped = failure.kind === 'reference' && failure.causes.length === 1;
  let inner = indent;
  if (!isSkipped) {
    const bullet = indent > 0 ? `${'  '.repeat(indent - 1)}- ` : '';
    const where = failure.kind === 'root' ? '' : `at ${quoteSingle(pointerOf(failure.location))}: `;
    lines.push(`${bullet}${where}${failure.message}`);
    inner++;
  }
  for (const cause of failure.causes) display(cause, inner, lines);
}

export function pointerOf(tokens: readonly string[]): string {
  return tokens.map((token) => `/${escapeToken(token)}`).join('');
}

export function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Go's `%q`, in single quotes. */
export function quoteSingle(text: string): string {
  const quoted = goQuote(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${quoted}'`;
}

export function joinQuoted(texts: readonly string[]): string {
  return texts.map(quoteSingle).join(', ');
}

/** A scalar of a schema as messages show it. */
export function displayValue(value: GoValue): string {
  if (typeof value === 'string') return quoteSingle(value);
  if (value === null) return '<nil>';
  if (typeof value === 'number')
    return Number.isInteger(value) ? formatFloat(value, 'f', -1) : formatFloat(value, 'g', -1);
  if (value instanceof GoNumber) return String(value.value);
  return typeof value === 'boolean' ? String(value) : 'value';
}

/**
 * A limit as golang.org/x/text/message prints a float in English: `65,535`, and from 21 digits of exponent form on what Go's `%v` gives,
 * written `1×10⁰⁶`.
 */
export function displayNumber(value: number): string {
  const text = formatFloat(value, 'g', -1);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent !== undefined) return `${groupDigits(mantissa)}×10${[...exponent].map(superscript).join('')}`;
  return groupDigits(mantissa);
}

/** A count in English: `1,000`. */
export function displayCount(count: number): string {
  return groupDigits(String(count));
}

function groupDigits(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

function superscript(char: string): string {
  if (char === '+') return '';
  return char === '-' ? '⁻' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(char)] ?? char);
}
