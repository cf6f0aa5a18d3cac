// The reader's styles and tags as go-yaml v3 has them on nodes.

import { STYLE as WRITTEN } from '../../yaml/node.ts';
import { STYLE } from './node.ts';

const LONG_TAG = 'tag:yaml.org,2002:';

/** go-yaml v3's style bits, by the style of the reader. */
export const SCALAR_STYLES = {
  [WRITTEN.plain]: 0,
  [WRITTEN.single]: STYLE.single,
  [WRITTEN.double]: STYLE.double,
  [WRITTEN.literal]: STYLE.literal,
  [WRITTEN.folded]: STYLE.folded,
  [WRITTEN.flow]: STYLE.flow,
} as const;

/** `tag:yaml.org,2002:str` as `!!str`; `!` alone says nothing. */
export function shortTag(tag: string): string {
  if (tag === '!') return '';
  return tag.startsWith(LONG_TAG) ? `!!${tag.slice(LONG_TAG.length)}` : tag;
}
