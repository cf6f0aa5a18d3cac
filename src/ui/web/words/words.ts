// Texts in each language that the UI speaks. Every view has a table of its own beside it:
//
//   const words = defineWords({ en: { differ: (n: number) => `${n} differ` }, ko: { differ: (n) => `${n}개가 다릅니다` } });
//   const t = useWords(words); t.differ(2)

import { language } from '../state/preferences.ts';

export type Language = 'en' | 'ko';

export type Words<T> = Readonly<Record<Language, T>>;

/** The same keys in every language; English says which there are. */
export function defineWords<T extends Readonly<Record<string, unknown>>>(words: { en: T; ko: NoInfer<T> }): Words<T> {
  return words;
}

/** The texts of the language that is chosen; in a component, it renders anew when another one is chosen. */
export function useWords<T>(words: Words<T>): T {
  return words[language.value];
}
