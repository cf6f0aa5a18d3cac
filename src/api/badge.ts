// The status badge as an image: what it says, in the colours that Argo CD's has (server/badge).

export interface Badge {
  /** A health, or `Not Found`. */
  readonly left: string;
  /** A sync status; empty beside `Not Found`. */
  readonly right: string;
  readonly revision?: string;
  /** A row of its own, above. */
  readonly title?: string;
  readonly width?: number;
}

const GREEN = 'rgb(11, 97, 42)';
const PURPLE = 'rgb(115, 31, 77)';
const GREY = 'rgb(41, 52, 61)';

const COLOURS: Readonly<Record<string, string>> = {
  Healthy: GREEN,
  Synced: GREEN,
  Progressing: 'rgb(16, 61, 102)',
  OutOfSync: 'rgb(189, 115, 0)',
  Degraded: 'rgb(167, 46, 38)',
  Missing: PURPLE,
  Unknown: PURPLE,
};

const ROW = 20;
const LEFT = 77;
const PLAIN = 131;
const TITLE_CHARACTER = 6;
const REVISION_WIDTHS = { short: 192, long: 400 } as const;

/** SVG. Texts are escaped; a width of nobody's concern is kept within reason. */
export function drawBadge({ left, right, revision, title, width }: Badge): string {
  const isLong = (revision?.length ?? 0) > 9;
  const own = revision === undefined ? PLAIN : REVISION_WIDTHS[isLong ? 'long' : 'short'];
  const row = Math.max(width ?? own, PLAIN);
  const total = Math.max(row, (title?.length ?? 0) * TITLE_CHARACTER);
  const y = title === undefined ? 0 : ROW;
  const rightEnd = revision === undefined ? total : PLAIN;
  const middle = (from: number, to: number) => (from + to) / 2;
  const parts = [
    ...(title === undefined ? [] : [box('title', GREY, 0, 0, total)]),
    box('left', colourOf(left), 0, y, LEFT),
    box('right', colourOf(right), LEFT, y, rightEnd - LEFT),
    ...(revision === undefined ? [] : [box('revision', colourOf(right), PLAIN, y, total - PLAIN)]),
    ...(title === undefined ? [] : [label('title', title, 8, 0, 'start')]),
    label('left', left, middle(0, LEFT), y),
    label('right', right, middle(LEFT, rightEnd), y),
    ...(revision === undefined ? [] : [label('revision', `(${revision})`, middle(PLAIN, total), y)]),
  ];
  return [
    `<svg width="${total}" height="${y + ROW}" xmlns="http://www.w3.org/2000/svg" role="img">`,
    '<clipPath id="corners"><rect width="100%" height="100%" rx="3"/></clipPath>',
    '<g clip-path="url(#corners)" fill="#fff" font-family="DejaVu Sans, Verdana, sans-serif" font-size="9">',
    ...parts,
    '</g>',
    '</svg>',
  ].join('\n');
}

function colourOf(text: string): string {
  return COLOURS[text] ?? GREY;
}

function box(name: string, fill: string, x: number, y: number, width: number): string {
  return `<rect id="${name}Rect" fill="${fill}" x="${x}" y="${y}" width="${width}" height="${ROW}"/>`;
}

function label(name: string, text: string, x: number, y: number, anchor = 'middle'): string {
  return `<text id="${name}Text" x="${x}" y="${y + 13}" text-anchor="${anchor}">${escapeText(text)}</text>`;
}

function escapeText(text: string): string {
  return text.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
}
