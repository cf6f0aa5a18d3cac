// How high each line of a log is, so that only those in view are in the page. Pure: the type has one width.

export interface RowHeights {
  /** Where each line begins, in rows of text; one more than there are lines. */
  readonly tops: Uint32Array;
}

/** `columns`: characters beside each other where lines wrap; undefined where they do not. */
export function measureRows(lengths: readonly number[], columns: number | undefined): RowHeights {
  const tops = new Uint32Array(lengths.length + 1);
  let top = 0;
  lengths.forEach((length, index) => {
    tops[index] = top;
    top += columns === undefined ? 1 : Math.max(1, Math.ceil(length / Math.max(1, columns)));
  });
  tops[lengths.length] = top;
  return { tops };
}

/** The first line that reaches below `row`. */
export function lineAt({ tops }: RowHeights, row: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** In columns of a type of one width: letters of East Asia take two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    width += code >= 0x1100 && WIDE.test(character) ? 2 : 1;
  }
  return width;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
