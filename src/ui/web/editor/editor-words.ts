// What the editor says beside the text.

import { defineWords } from '../words/words.ts';

export const editorWords = defineWords({
  en: { problem: (line: number, message: string) => `Line ${line}: ${message}` },
  ko: { problem: (line, message) => `${line}번째 줄: ${message}` },
});
