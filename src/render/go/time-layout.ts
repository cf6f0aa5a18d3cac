// The layouts of Go's package time, in which a reference time is written out: `2006-01-02 15:04:05` (Go: time/format.go, nextStdChunk).

export type LayoutElement =
  | 'January'
  | 'Jan'
  | '1'
  | '01'
  | 'Monday'
  | 'Mon'
  | '2'
  | '_2'
  | '02'
  | '__2'
  | '002'
  | '15'
  | '3'
  | '03'
  | '4'
  | '04'
  | '5'
  | '05'
  | '2006'
  | '06'
  | 'PM'
  | 'pm'
  | 'MST'
  | 'Z0700'
  | 'Z070000'
  | 'Z07'
  | 'Z07:00'
  | 'Z07:00:00'
  | '-0700'
  | '-070000'
  | '-07'
  | '-07:00'
  | '-07:00:00'
  | 'fraction0'
  | 'fraction9';

export interface LayoutChunk {
  /** Text before the element. */
  readonly prefix: string;
  /** Undefined at the end of the layout. */
  readonly element: LayoutElement | undefined;
  /** The element as written; for fractions `.000` and alike. */
  readonly written: string;
  readonly rest: string;
}

/** The elements that a character may begin, those first that Go tries first. */
const ELEMENTS: Readonly<Record<string, readonly LayoutElement[]>> = {
  J: ['January', 'Jan'],
  M: ['Monday', 'Mon', 'MST'],
  '0': ['01', '02', '03', '04', '05', '06', '002'],
  '1': ['15', '1'],
  '2': ['2006', '2'],
  '3': ['3'],
  '4': ['4'],
  '5': ['5'],
  P: ['PM'],
  p: ['pm'],
  '-': ['-070000', '-07:00:00', '-0700', '-07:00', '-07'],
  Z: ['Z070000', 'Z07:00:00', 'Z0700', 'Z07:00', 'Z07'],
};

/** The first element of `layout`, with what stands around it. */
export function nextLayoutChunk(layout: string): LayoutChunk {
  for (let at = 0; at < layout.length; at++) {
    const found = elementAt(layout, at);
    if (!found) continue;
    const { element, written, skipped = 0 } = found;
    const start = at + skipped;
    return { prefix: layout.slice(0, start), element, written, rest: layout.slice(start + written.length) };
  }
  return { prefix: layout, element: undefined, written: '', rest: '' };
}

interface Found {
  readonly element: LayoutElement;
  readonly written: string;
  /** Characters before it that are literal text after all. */
  readonly skipped?: number;
}

function elementAt(layout: string, at: number): Found | undefined {
  const character = layout.charAt(at);
  if (character === '.' || character === ',') return fractionAt(layout, at);
  if (character === '_') return paddedAt(layout, at);
  for (const element of ELEMENTS[character] ?? []) {
    if (!layout.startsWith(element, at)) continue;
    // `Jan` is no element in `Janet`, nor `Mon` in `Month`.
    const following = layout.charAt(at + element.length);
    if ((element === 'Jan' || element === 'Mon') && following >= 'a' && following <= 'z') continue;
    return { element, written: element };
  }
  return undefined;
}

function paddedAt(layout: string, at: number): Found | undefined {
  // `_2006` is a literal `_` before a year.
  if (layout.startsWith('_2006', at)) return { element: '2006', written: '2006', skipped: 1 };
  if (layout.startsWith('_2', at)) return { element: '_2', written: '_2' };
  return layout.startsWith('__2', at) ? { element: '__2', written: '__2' } : undefined;
}

/** `.000` or `.999`, of any length, not followed by another digit. */
function fractionAt(layout: string, at: number): Found | undefined {
  const written = /^[.,](?:0+|9+)(?!\d)/.exec(layout.slice(at))?.[0];
  if (written === undefined) return undefined;
  return { element: written[1] === '9' ? 'fraction9' : 'fraction0', written };
}
