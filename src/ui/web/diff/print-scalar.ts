// Single values as YAML writes them: plain where every reader takes them for a text, quoted as in JSON elsewhere, and texts of several lines
// as blocks, so that each of their lines can be compared.

export type Scalar = string | number | boolean | null;

export interface Block {
  /** `|`, `|-`, `|2+` … */
  readonly header: string;
  readonly lines: readonly string[];
}

/** What YAML 1.1 or 1.2 reads as something else than a text. */
const AMBIGUOUS =
  /^(?:~|null|true|false|yes|no|on|off|y|n|=|<<|---|\.\.\.|[-+]?(?:\.inf|0x[0-9a-f_]+|0o?[0-7_]+|0b[01_]+|[0-9][0-9_,]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|\.[0-9][0-9_]*(?:e[-+]?[0-9]+)?|[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?)|\.nan|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)$/i;
const NEEDS_QUOTES = /^[\s,[\]{}#&*!|>'"%@`]|^[-?:](?:\s|$)|:(?:\s|$)|\s#|\s$/;
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udfff]/;
const UNFIT_FOR_BLOCK = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u;

export function printScalar(value: Scalar): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = value !== '' && !NEEDS_QUOTES.test(value) && !UNPRINTABLE.test(value) && !AMBIGUOUS.test(value);
  return isPlain ? value : quote(value);
}

function quote(value: string): string {
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A text of several lines; undefined where it cannot stand as a block. */
export function blockOf(value: unknown): Block | undefined {
  if (typeof value !== 'string' || !value.includes('\n') || UNFIT_FOR_BLOCK.test(value)) return undefined;
  const body = value.replace(/\n+$/, '');
  // Lines of blanks alone at either end are read in other ways by others.
  if (body.trim() === '' || /^[ \t]*\n|\n[ \t]+$/.test(body)) return undefined;
  const ends = value.length - body.length;
  const indicator = /^[ \t]/.test(body) ? '2' : '';
  const lines = body.split('\n');
  if (ends === 0) return { header: `|${indicator}-`, lines };
  if (ends === 1) return { header: `|${indicator}`, lines };
  return { header: `|${indicator}+`, lines: [...lines, ...Array.from({ length: ends - 1 }, () => '')] };
}
