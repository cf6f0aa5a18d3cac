// What Go's JSON scanner says of a text that is none.
//
// Source: encoding/json/scanner.go (the states and their contexts).

/** The message of the first syntax error (`invalid character 'x' looking for beginning of value`). */
export function explainJson(text: string): string {
  try {
    const scanner = new Scanner(text);
    scanner.value();
    scanner.space();
    if (scanner.at < text.length) throw scanner.unexpected('after top-level value');
  } catch (error) {
    if (error instanceof SyntaxProblem) return error.message;
    throw error;
  }
  return 'unexpected end of JSON input';
}

class SyntaxProblem extends Error {}

class Scanner {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #peek(): string | undefined {
    return this.#text[this.at];
  }

  space(): void {
    while (/[ \t\r\n]/.test(this.#peek() ?? '')) this.at++;
  }

  unexpected(context: string): SyntaxProblem {
    const char = this.#text.codePointAt(this.at);
    if (char === undefined) return new SyntaxProblem('unexpected end of JSON input');
    return new SyntaxProblem(`invalid character ${quote(char)} ${context}`);
  }

  value(): void {
    this.space();
    const char = this.#peek();
    if (char === '{') this.#object();
    else if (char === '[') this.#array();
    else if (char === '"') this.#string();
    else if (char !== undefined && /[-\d]/.test(char)) this.#number();
    else if (char === 't') this.#literal('true');
    else if (char === 'f') this.#literal('false');
    else if (char === 'n') this.#literal('null');
    else throw this.unexpected('looking for beginning of value');
  }

  #literal(word: string): void {
    for (const char of word) {
      if (this.#peek() !== char) throw this.unexpected(`in literal ${word} (expecting '${char}')`);
      this.at++;
    }
  }

  #string(): void {
    this.at++;
    for (;;) {
      const char = this.#peek();
      if (char === undefined || char < ' ') throw this.unexpected('in string literal');
      this.at++;
      if (char === '"') return;
      if (char !== '\\') continue;
      const escaped = this.#peek() ?? '';
      if (escaped === 'u') {
        this.at++;
        for (let i = 0; i < 4; i++) {
          if (!/[0-9a-fA-F]/.test(this.#peek() ?? '')) throw this.unexpected('in \\u hexadecimal character escape');
          this.at++;
        }
      } else if (/["\\/bfnrt]/.test(escaped)) this.at++;
      else throw this.unexpected('in string escape code');
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.at++;
    if (this.#peek() === '0') this.at++;
    else this.#digits('in numeric literal');
    if (this.#peek() === '.') {
      this.at++;
      this.#digits('after decimal point in numeric literal');
    }
    if (/[eE]/.test(this.#peek() ?? '')) {
      this.at++;
      if (/[-+]/.test(this.#peek() ?? '')) this.at++;
      this.#digits('in exponent of numeric literal');
    }
  }

  #digits(context: string): void {
    if (!/\d/.test(this.#peek() ?? '')) throw this.unexpected(context);
    while (/\d/.test(this.#peek() ?? '')) this.at++;
  }

  #object(): void {
    this.at++;
    this.space();
    if (this.#peek() === '}') {
      this.at++;
      return;
    }
    for (;;) {
      this.space();
      if (this.#peek() !== '"') throw this.unexpected('looking for beginning of object key string');
      this.#string();
      this.space();
      if (this.#peek() !== ':') throw this.unexpected('after object key');
      this.at++;
      this.value();
      this.space();
      const char = this.#peek();
      if (char !== ',' && char !== '}') throw this.unexpected('after object key:value pair');
      this.at++;
      if (char === '}') return;
    }
  }

  #array(): void {
    this.at++;
    this.space();
    if (this.#peek() === ']') {
      this.at++;
      return;
    }
    for (;;) {
      this.value();
      this.space();
      const char = this.#peek();
      if (char !== ',' && char !== ']') throw this.unexpected('after array element');
      this.at++;
      if (char === ']') return;
    }
  }
}

function quote(char: number): string {
  if (char === 0x27) return `'\\''`;
  if (char === 0x22) return `'"'`;
  const text = JSON.stringify(String.fromCodePoint(char)).slice(1, -1);
  return `'${text}'`;
}
