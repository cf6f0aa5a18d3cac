// The tokens of a Lua 5.1 script, with goto and labels (gopher-lua: parse/lexer.go).

import { LuaSyntaxError } from './error.ts';

export interface Token {
  readonly type: 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';
  /** The name, the symbol or keyword, the value of a string, the text of a number. */
  readonly text: string;
  readonly line: number;
  /** Of its last character: where gopher-lua says that it could not go on. */
  readonly column: number;
  /** Whether a line ended before it. */
  readonly isOnNewLine: boolean;
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

const SYMBOLS = /\.\.\.|\.\.|::|==|~=|<=|>=|[-+*/%^#(){}[\];:,.<>=]/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d*)?/y;
const LONG_BRACKET = /\[(=*)\[/y;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '\n',
  '\r': '\n',
};

/** All tokens of a script (one character a byte), the last of type `end`. Throws `LuaSyntaxError`. */
export function readTokens(source: string): Token[] {
  return new Lexer(source).read();
}

class Lexer {
  private readonly source: string;
  private at = 0;
  private line = 1;
  private lineStart = 0;
  private readonly tokens: Token[] = [];

  constructor(source: string) {
    // A first line that begins with # is for the shell.
    this.source = source.startsWith('#') ? source.replace(/^[^\n]*/, '') : source;
  }

  read(): Token[] {
    for (;;) {
      const isOnNewLine = this.skipBlank();
      const { line } = this;
      if (this.at >= this.source.length) {
        this.tokens.push({ type: 'end', text: '', line, column: 0, isOnNewLine });
        return this.tokens;
      }
      const token = this.readToken();
      this.tokens.push({ ...token, line, column: this.at - this.lineStart, isOnNewLine });
    }
  }

  private readToken(): Pick<Token, 'type' | 'text'> {
    const name = this.take(NAME);
    if (name !== undefined) return { type: KEYWORDS.has(name) ? 'keyword' : 'name', text: name };
    const next = this.source[this.at] ?? '';
    if (/\d/.test(next) || (next === '.' && /\d/.test(this.source[this.at + 1] ?? '')))
      return { type: 'number', text: (this.take(NUMBER) ?? '').replace(/^0+(?=\d)/, '') };
    if (next === '"' || next === "'") return { type: 'string', text: this.readQuoted(next) };
    const long = this.readLong('string');
    if (long !== undefined) return { type: 'string', text: long };
    const symbol = this.take(SYMBOLS);
    if (symbol !== undefined) return { type: 'symbol', text: symbol };
    throw this.fail(next, next === '~' ? "Invalid '~' token" : 'Invalid token');
  }

  /** Blanks and comments. Returns whether a line ended. */
  private skipBlank(): boolean {
    let hasNewLine = false;
    for (;;) {
      const char = this.source[this.at];
      if (char === '\n') {
        this.newLine();
        hasNewLine = true;
      } else if (char === ' ' || char === '\t' || char === '\r' || char === '\v' || char === '\f') this.at++;
      else if (this.source.startsWith('--', this.at)) {
        this.at += 2;
        if (this.readLong('comment') === undefined) {
          while (this.at < this.source.length && this.source[this.at] !== '\n') this.at++;
        }
      } else return hasNewLine;
    }
  }

  private newLine(): void {
    this.at++;
    this.line++;
    this.lineStart = this.at;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.source)?.[0];
    if (text !== undefined) this.at += text.length;
    return text;
  }

  private readLong(what: 'string' | 'comment'): string | undefined {
    LONG_BRACKET.lastIndex = this.at;
    const open = LONG_BRACKET.exec(this.source);
    if (!open) return undefined;
    const close = `]${open[1]}]`;
    const end = this.source.indexOf(close, this.at);
    if (end < 0) throw this.fail(undefined, `unterminated multiline ${what}`);
    const text = this.source.slice(this.at + open[0].length, end);
    while (this.at < end + close.length) {
      if (this.source[this.at] === '\n') this.newLine();
      else this.at++;
    }
    return text.replace(/^\r?\n/, '');
  }

  private readQuoted(quote: string): string {
    let text = '';
    this.at++;
    for (;;) {
      const char = this.source[this.at];
      if (char === undefined) throw this.fail(undefined, 'unterminated string');
      if (char === '\n' || char === '\r') throw this.fail(text, 'unterminated string');
      this.at++;
      if (char === quote) return text;
      text += char === '\\' ? this.readEscape() : char;
    }
  }

  private readEscape(): string {
    const digits = this.take(/\d{1,3}/y);
    if (digits !== undefined) return String.fromCharCode(Number(digits) & 0xff);
    const char = this.source[this.at] ?? '';
    if (char === '\n') this.newLine();
    else this.at++;
    return ESCAPES[char] ?? char;
  }

  private fail(near: string | undefined, message: string): LuaSyntaxError {
    return syntaxError({ line: this.line, column: this.at - this.lineStart + 1 }, near, message);
  }
}

/** gopher-lua's text (parse/lexer.go, Error.Error). */
export function syntaxError(
  { line, column }: Pick<Token, 'line' | 'column'>,
  near: string | undefined,
  message: string,
): LuaSyntaxError {
  if (near === undefined) return new LuaSyntaxError(`<string> at EOF:   ${message}\n`);
  return new LuaSyntaxError(`<string> line:${line}(column:${column}) near '${near}':   ${message}\n`);
}
