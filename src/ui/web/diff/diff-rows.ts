// What differs between two objects, as the lines of their YAML in one order: that of the second. It walks both at once, so that a line says
// which field it belongs to, and items of lists that only moved are no rewrite.

import { alignItems, alignKeyed, alignKeys } from './align.ts';
import { LAST_APPLIED } from './clean.ts';
import { isMap, listKey, ownValue } from './list-key.ts';
import { blockOf, printScalar, type Scalar } from './print-scalar.ts';
import { matchSequences } from './sequence.ts';

/** `masked`: it differs, and what it holds is shown to nobody. */
export type RowKind = 'same' | 'del' | 'ins' | 'masked';

export interface Row {
  readonly kind: RowKind;
  /** With its indentation. Those that are not `ins` are the first text, those that are not `del` the second. */
  readonly text: string;
  /** The field: `spec.template.spec.containers[web].image`. */
  readonly path: string;
  /** Shared by a line that went and the one that took its place. */
  readonly pair?: number;
  /** The first line of an item that stands elsewhere in its list now. */
  readonly isMoved?: true;
}

export interface RowCounts {
  readonly added: number;
  readonly removed: number;
  readonly masked: number;
  readonly moved: number;
}

export const MASK = '••••••••';

/** undefined or null: there is none. Both are values as JSON has them. */
export function diffObjects(before: unknown, after: unknown): readonly Row[] {
  const isSecret = [before, after].some((one) => isMap(one) && one.kind === 'Secret' && one.apiVersion === 'v1');
  return new Walk(isSecret).rows(before ?? undefined, after ?? undefined);
}

/** The same for two texts, by their lines. */
export function diffTexts(before: string, after: string): readonly Row[] {
  const walk = new Walk(false);
  walk.lines(splitLines(before), splitLines(after), '', '');
  return walk.done;
}

export function countRows(rows: readonly Row[]): RowCounts {
  const counts = { added: 0, removed: 0, masked: 0, moved: 0 };
  for (const { kind, isMoved } of rows) {
    if (kind === 'ins') counts.added += 1;
    if (kind === 'del') counts.removed += 1;
    if (kind === 'masked') counts.masked += 1;
    if (isMoved) counts.moved += 1;
  }
  return counts;
}

function splitLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Where a value stands: what is written before it, how far in, and which field it is. */
interface Place {
  /** `image:`, or nothing for the whole and for items of lists. */
  readonly head: string;
  readonly indent: string;
  readonly path: string;
  /** The name of the field that holds it: lists are matched by it. */
  readonly name: string;
}

class Walk {
  readonly #isSecret: boolean;
  #pairs = 0;
  done: Row[] = [];

  constructor(isSecret: boolean) {
    this.#isSecret = isSecret;
  }

  rows(before: unknown, after: unknown): readonly Row[] {
    if (before !== undefined || after !== undefined) {
      this.#value(before, after, { head: '', indent: '', path: '', name: '' });
    }
    return this.done;
  }

  /** Lines of which each stands for itself. */
  lines(before: readonly string[], after: readonly string[], indent: string, path: string): void {
    const padded = (line: string) => (line === '' ? '' : `${indent}${line}`);
    let [x, y] = [0, 0];
    for (const [nextX, nextY] of [...matchSequences(before, after), [before.length, after.length] as const]) {
      const [gone, come] = [before.slice(x, nextX), after.slice(y, nextY)];
      const first = this.#pairs;
      const pairOf = (index: number) => (index < Math.min(gone.length, come.length) ? { pair: first + index } : {});
      this.#pairs += Math.min(gone.length, come.length);
      for (const [index, line] of gone.entries()) this.#push('del', padded(line), path, pairOf(index));
      for (const [index, line] of come.entries()) this.#push('ins', padded(line), path, pairOf(index));
      if (nextX < before.length) this.#push('same', padded(before[nextX] ?? ''), path);
      [x, y] = [nextX + 1, nextY + 1];
    }
  }

  #push(kind: RowKind, text: string, path: string, more: Partial<Row> = {}): void {
    this.done.push({ kind, text, path, ...more });
  }

  #value(before: unknown, after: unknown, place: Place): void {
    if (before === undefined) this.#whole('ins', after, place);
    else if (after === undefined) this.#whole('del', before, place);
    else if (this.#isSecret && isMasked(place.path)) this.#masked(before, after, place);
    else if (isFullMap(before) && isFullMap(after)) this.#map(before, after, place);
    else if (isFullList(before) && isFullList(after)) this.#list(before, after, place);
    else this.#scalar(before, after, place);
  }

  #whole(kind: 'ins' | 'del', value: unknown, place: Place): void {
    const inside = new Walk(this.#isSecret);
    inside.#value(value, value, place);
    for (const row of inside.done) this.done.push({ ...row, kind });
  }

  #masked(before: unknown, after: unknown, { head, indent, path }: Place): void {
    this.#push(isSame(before, after) ? 'same' : 'masked', `${indent}${head} ${MASK}`, path);
  }

  #map(before: FullMap, after: FullMap, { head, indent, path }: Place): void {
    if (head !== '') this.#push('same', `${indent}${head}`, path);
    const deeper = head === '' ? indent : `${indent}  `;
    for (const key of alignKeys(before, after, path)) {
      const field = path === '' ? key : `${path}.${key}`;
      this.#value(ownValue(before, key), ownValue(after, key), {
        head: `${printScalar(key)}:`,
        indent: deeper,
        path: field,
        name: key,
      });
    }
  }

  #list(before: readonly unknown[], after: readonly unknown[], { head, indent, path, name }: Place): void {
    if (head !== '') this.#push('same', `${indent}${head}`, path);
    const key = listKey(name, before, after);
    const pairs = key ? alignKeyed(before, after, key.keyOf) : alignItems(before, after);
    for (const { from, to, isMoved } of pairs) {
      const item = to ?? from;
      const label = key && isMap(item) ? String(item[key.fields[0] ?? ''] ?? '') : '';
      const outer = this.done;
      this.done = [];
      const deeper = `${indent}  `;
      this.#value(from, to, { head: '', indent: deeper, path: `${path}[${label}]`, name });
      const rows = withDash(this.done, indent.length);
      this.done = outer;
      for (const [index, row] of rows.entries()) {
        this.done.push(isMoved && index === 0 && row.kind === 'same' ? { ...row, isMoved: true } : row);
      }
    }
  }

  #scalar(before: unknown, after: unknown, place: Place): void {
    const { head, indent, path } = place;
    const [old, next] = [blockOf(before), blockOf(after)];
    const lead = head === '' ? indent : `${indent}${head} `;
    const deeper = head === '' ? indent : `${indent}  `;
    if (old && next) {
      if (old.header === next.header) this.#push('same', `${lead}${next.header}`, path);
      else this.#exchange(`${lead}${old.header}`, `${lead}${next.header}`, path);
      this.lines(old.lines, next.lines, deeper, path);
      return;
    }
    const isBroad = (value: unknown) => isFullMap(value) || isFullList(value) || blockOf(value) !== undefined;
    if (isBroad(before) || isBroad(after)) {
      this.#printed('del', before, place);
      this.#printed('ins', after, place);
      return;
    }
    const [was, is] = [`${lead}${printLeaf(before)}`, `${lead}${printLeaf(after)}`];
    if (was === is) this.#push('same', is, path);
    else this.#exchange(was, is, path);
  }

  /** A value of another shape than its counterpart's. */
  #printed(kind: 'ins' | 'del', value: unknown, place: Place): void {
    if (isFullMap(value) || isFullList(value) || blockOf(value)) this.#whole(kind, value, place);
    else this.#push(kind, `${place.indent}${place.head === '' ? '' : `${place.head} `}${printLeaf(value)}`, place.path);
  }

  #exchange(was: string, is: string, path: string): void {
    this.#pairs += 1;
    this.#push('del', was, path, { pair: this.#pairs - 1 });
    this.#push('ins', is, path, { pair: this.#pairs - 1 });
  }
}

/**
 * The first line of an item, on each side, begins with its dash. Where both sides have one line in common, and one of them has others before
 * it, it has to be two.
 */
function withDash(rows: readonly Row[], at: number): readonly Row[] {
  const dashed = (row: Row): Row => ({ ...row, text: `${row.text.slice(0, at)}- ${row.text.slice(at + 2)}` });
  const [first, ...rest] = rows;
  if (!first) return rows;
  if (first.kind === 'same' || first.kind === 'masked') return [dashed(first), ...rest];
  const other = first.kind === 'del' ? 'ins' : 'del';
  const index = rest.findIndex(({ kind }) => kind !== first.kind);
  const row = rest[index];
  if (!row) return [dashed(first), ...rest];
  if (row.kind === other) return [dashed(first), ...rest.with(index, dashed(row))];
  const { pair: _, ...plain } = row;
  const [del, ins]: [Row, Row] =
    other === 'ins'
      ? [{ ...plain, kind: 'del' }, dashed({ ...plain, kind: 'ins' })]
      : [dashed({ ...plain, kind: 'del' }), { ...plain, kind: 'ins' }];
  return [dashed(first), ...rest.toSpliced(index, 1, del, ins)];
}

type FullMap = Readonly<Record<string, unknown>>;

function isFullMap(value: unknown): value is FullMap {
  return isMap(value) && Object.keys(value).length > 0;
}

function isFullList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function printLeaf(value: unknown): string {
  if (Array.isArray(value)) return '[]';
  if (isMap(value)) return '{}';
  return printScalar(value as Scalar); // What JSON has beside lists and maps.
}

function isSame(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

/** Of a Secret: its data, and the annotation that has all of it once more. */
function isMasked(path: string): boolean {
  return /^(?:data|stringData)\../.test(path) || path === `metadata.annotations.${LAST_APPLIED}`;
}
