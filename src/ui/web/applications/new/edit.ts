// How the parts of the form change the draft.

import type { Complaint, Complaints, Field } from './check.ts';
import type { Draft, Path } from './draft.ts';
import type { FormState } from './form-state.ts';
import type { newWords } from './new-words.ts';
import type { Offers } from './offers.ts';

export interface Edit {
  readonly form: FormState;
  readonly draft: Draft;
  readonly offers: Offers;
  readonly set: (path: Path, value: unknown) => void;
  /** Several at once; what is undefined goes, even what stays empty otherwise. */
  readonly setAll: (changes: readonly (readonly [path: Path, value: unknown])[]) => void;
  /** What stands below a field; undefined where nothing is wrong with it. */
  readonly errorOf: (field: Field) => string | undefined;
}

/** What is missing is told when one has tried to create; what is wrong, at once. */
export function complaintShown(complaints: Complaints, field: Field, isTried: boolean): Complaint | undefined {
  const complaint = complaints[field];
  return complaint === 'required' && !isTried ? undefined : complaint;
}

export type NewWords = (typeof newWords)['en'];
