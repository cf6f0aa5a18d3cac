// What a choice of a filter is called.

import { stateWords } from '../parts/state-words.ts';
import { useWords } from '../words/words.ts';
import { listWords } from './applications-words.ts';
import type { Facet } from './find.ts';
import { shortRepo } from './row.ts';

export function useChoiceWord(): (facet: Facet, value: string) => string {
  const t = useWords(listWords);
  const states = useWords(stateWords);
  return (facet, value) => {
    if (facet === 'sync' || facet === 'health') return states[facet][value] ?? value;
    if (facet === 'operation' || facet === 'autoSync') return t.choices[value] ?? value;
    return facet === 'repos' ? shortRepo(value) : value;
  };
}
