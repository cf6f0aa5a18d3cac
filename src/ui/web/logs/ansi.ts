// What programs write for terminals: colours become names of ours, everything else that steers a terminal goes.

export interface Span {
  readonly text: string;
  readonly color?: AnsiColor;
  readonly isBold?: boolean;
  readonly isDim?: boolean;
}

export type AnsiColor = 'black' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'white';

const COLORS: readonly AnsiColor[] = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const ESCAPE = /\u001b(?:\[([0-9;:?]*)([ -/]*[@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_]|[ -/][0-~])/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g;

export function stripAnsi(text: string): string {
  return text.includes('\u001b') ? clean(text.replace(ESCAPE, '')) : clean(text);
}

export function parseAnsi(text: string): readonly Span[] {
  if (!text.includes('\u001b')) return [{ text: clean(text) }];
  const spans: Span[] = [];
  let style: Omit<Span, 'text'> = {};
  let at = 0;
  const take = (end: number) => {
    const part = clean(text.slice(at, end));
    if (part !== '') spans.push({ text: part, ...style });
  };
  for (const match of text.matchAll(ESCAPE)) {
    take(match.index);
    at = match.index + match[0].length;
    if (match[2] === 'm') style = styleAfter(style, match[1] ?? '');
  }
  take(text.length);
  return spans.length > 0 ? spans : [{ text: '' }];
}

/** Select Graphic Rendition: of backgrounds and exact colours nothing is kept, which no theme could promise to be legible. */
function styleAfter(style: Omit<Span, 'text'>, parameters: string): Omit<Span, 'text'> {
  let { color, isBold, isDim } = style;
  const codes = parameters.split(/[;:]/).map(Number);
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    if (code === 0) [color, isBold, isDim] = [undefined, undefined, undefined];
    else if (code === 1) isBold = true;
    else if (code === 2) isDim = true;
    else if (code === 22) [isBold, isDim] = [undefined, undefined];
    else if (code === 39) color = undefined;
    else if (code >= 30 && code <= 37) color = COLORS[code - 30];
    else if (code >= 90 && code <= 97) color = COLORS[code - 90];
    else if (code === 38 || code === 48) {
      const [mode, value = -1] = [codes[index + 1], codes[index + 2]];
      if (mode === 5 && code === 38) color = value < 16 ? COLORS[value % 8] : undefined;
      index += mode === 5 ? 2 : 4;
    }
  }
  return { ...(color && { color }), ...(isBold && { isBold }), ...(isDim && { isDim }) };
}

function clean(text: string): string {
  return text.replace(CONTROL, '');
}
