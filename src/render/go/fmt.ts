// Go's package fmt on Go values: Sprintf, Sprint, Sprintln. This file reads the format string (Go: fmt/print.go, doPrintf).

import { type FmtFlags, noFlags } from './fmt-flags.ts';
import { formatArgument } from './fmt-printer.ts';
import { formatFloat } from './strconv.ts';
import { kindName, typeName } from './type-name.ts';
import { GoNumber, type GoValue } from './value.ts';

/** The text of one value as `%v` prints it. */
export function formatValue(value: GoValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatFloat(value, 'g', -1, 64);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof GoNumber && value.type === 'int') return value.value.toString();
  return formatArgument(noFlags(), value, 'v');
}

/** `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprint(operands: readonly GoValue[]): string {
  let text = '';
  let afterString = true;
  for (const operand of operands) {
    const isString = typeof operand === 'string' || kindName(operand) === 'string';
    if (!afterString && !isString) text += ' ';
    text += formatValue(operand);
    afterString = isString;
  }
  return text;
}

/** `fmt.Sprintln`: a space between all operands, a line feed at the end. */
export function sprintln(operands: readonly GoValue[]): string {
  return `${operands.map(formatValue).join(' ')}\n`;
}

/** `fmt.Sprintf`. It never fails: a mistake shows in the text, `%!d(string=x)`. */
export function sprintf(format: string, operands: readonly GoValue[]): string {
  let percent = format.indexOf('%');
  if (percent < 0 && operands.length === 0) return format;
  const reader = new DirectiveReader(format, operands);
  let text = '';
  let from = 0;
  while (percent >= 0) {
    text += format.slice(from, percent);
    text += reader.readDirective(percent + 1);
    from = reader.at;
    percent = format.indexOf('%', from);
  }
  text += format.slice(from);
  return text + reader.extraOperands();
}

/** Where a format string stands, and which operand is next. */
class DirectiveReader {
  at = 0;
  private readonly format: string;
  private readonly operands: readonly GoValue[];
  private next = 0;
  private reordered = false;
  private goodIndex = true;

  constructor(format: string, operands: readonly GoValue[]) {
    this.format = format;
    this.operands = operands;
  }

  /** The text of the directive whose `%` stands before `start`; leaves `at` behind it. */
  readDirective(start: number): string {
    const { format, operands } = this;
    this.at = start;
    this.goodIndex = true;
    const first = format[start];
    // By far the most directives: a verb alone.
    if ((first === 's' || first === 'v') && this.next < operands.length) {
      const operand = operands[this.next];
      if (typeof operand === 'string') {
        this.at++;
        this.next++;
        return operand;
      }
    }
    const flags = noFlags();
    let text = '';
    this.readFlags(flags);
    let afterIndex = this.readIndex();
    if (format[this.at] === '*') {
      this.at++;
      flags.width = this.readStar();
      if (flags.width === undefined) text += '%!(BADWIDTH)';
      else if (flags.width < 0) {
        flags.width = -flags.width;
        flags.minus = true;
        flags.zero = false;
      }
      afterIndex = false;
    } else {
      flags.width = this.readNumber();
      if (afterIndex && flags.width !== undefined) this.goodIndex = false;
    }
    if (format[this.at] === '.' && this.at + 1 < format.length) {
      this.at++;
      if (afterIndex) this.goodIndex = false;
      afterIndex = this.readIndex();
      if (format[this.at] === '*') {
        this.at++;
        const precision = this.readStar();
        flags.precision = precision !== undefined && precision < 0 ? undefined : precision;
        if (flags.precision === undefined) text += '%!(BADPREC)';
        afterIndex = false;
      } else flags.precision = this.readNumber() ?? 0;
    }
    if (!afterIndex) this.readIndex();
    return text + this.readVerb(flags);
  }

  /** What Go appends when operands were left over: `%!(EXTRA int=1)`. */
  extraOperands(): string {
    const extra = this.operands.slice(this.next);
    if (this.reordered || extra.length === 0) return '';
    const parts = extra.map((operand) =>
      operand === null ? '<nil>' : `${typeName(operand)}=${formatArgument(noFlags(), operand, 'v')}`,
    );
    return `%!(EXTRA ${parts.join(', ')})`;
  }

  private readFlags(flags: FmtFlags): void {
    for (; ; this.at++) {
      switch (this.format[this.at]) {
        case '#':
          flags.sharp = true;
          break;
        case '0':
          flags.zero = true;
          break;
        case '+':
          flags.plus = true;
          break;
        case '-':
          flags.minus = true;
          break;
        case ' ':
          flags.space = true;
          break;
        default:
          return;
      }
    }
  }

  private readVerb(flags: FmtFlags): string {
    const code = this.format.codePointAt(this.at);
    if (code === undefined) return '%!(NOVERB)';
    const verb = code >= 0xd800 && code <= 0xdfff ? '\ufffd' : String.fromCodePoint(code);
    this.at += verb.length;
    if (verb === '%') return '%';
    if (!this.goodIndex) return `%!${verb}(BADINDEX)`;
    if (this.next >= this.operands.length) return `%!${verb}(MISSING)`;
    if (verb === 'v' || verb === 'w') {
      flags.sharpV = flags.sharp;
      flags.sharp = false;
      flags.plusV = flags.plus;
      flags.plus = false;
    }
    return formatArgument(flags, this.operands[this.next++] ?? null, verb);
  }

  /** A decimal number at this place; undefined where there is none. A crazy one (above a million) eats the rest, as in Go. */
  private readNumber(): number | undefined {
    const found = readDigits(this.format, this.at, this.format.length);
    this.at = found.end;
    return found.number;
  }

  /** The operand of a `*`; undefined where it is no integer or too large. */
  private readStar(): number | undefined {
    if (this.next >= this.operands.length) return undefined;
    const operand = this.operands[this.next++] ?? null;
    if (!(operand instanceof GoNumber) || typeof operand.value !== 'bigint') return undefined;
    return operand.value > 1_000_000n || operand.value < -1_000_000n ? undefined : Number(operand.value);
  }

  /** An explicit operand index, `[3]`; true where a good one was read. */
  private readIndex(): boolean {
    if (this.format[this.at] !== '[') return false;
    this.reordered = true;
    const close = this.format.indexOf(']', this.at);
    if (close < 0 || this.format.length - this.at < 3) {
      this.goodIndex = false;
      this.at++;
      return false;
    }
    const { number, end } = readDigits(this.format, this.at + 1, close);
    this.at = close + 1;
    const syntaxFits = number !== undefined && end === close;
    if (syntaxFits && number >= 1 && number <= this.operands.length) {
      this.next = number - 1;
      return true;
    }
    this.goodIndex = false;
    return syntaxFits;
  }
}

/** Go: parsenum. */
function readDigits(text: string, start: number, end: number): { number: number | undefined; end: number } {
  let at = start;
  let number: number | undefined;
  for (; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) break;
    if ((number ?? 0) > 1_000_000) return { number: undefined, end };
    number = (number ?? 0) * 10 + digit;
  }
  return { number, end: at };
}
