// Changed files as a patch that `git apply` takes.

import { unifiedDiff } from '../../../base/text-diff.ts';

export interface ChangedFile {
  readonly path: string;
  /** undefined: it is new. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Stands for a line feed that a file lacks at its end, in texts where it cannot be. */
const NO_END = '\u{10fffe}';
const NO_END_LINE = '\n\\ No newline at end of file';

/** Empty where nothing differs. (git: Documentation/diff-generate-patch) */
export function gitPatch(files: readonly ChangedFile[]): string {
  return [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(patchOfFile)
    .join('');
}

function patchOfFile({ path, before, after }: ChangedFile): string {
  if (before === after) return '';
  const [a, b] = [quote(`a/${path}`), quote(`b/${path}`)];
  const head = [`diff --git ${a} ${b}`, ...(before === undefined ? ['new file mode 100644'] : [])].join('\n');
  const from = before === undefined ? '/dev/null' : closed(a);
  const hunks = unifiedDiff(withEnd(before ?? ''), withEnd(after), from, closed(b)).replaceAll(NO_END, NO_END_LINE);
  return `${head}\n${hunks}`;
}

function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}${NO_END}\n`;
}

/** A name with a blank ends at a tab in these lines. */
function closed(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}

/** As git quotes names that hold more than plain characters (`core.quotePath`). */
function quote(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name) && !/["\\]/.test(name)) return name;
  const bytes = [...new TextEncoder().encode(name)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\') return `\\${character}`;
    return byte >= 0x20 && byte < 0x7f ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${bytes.join('')}"`;
}
