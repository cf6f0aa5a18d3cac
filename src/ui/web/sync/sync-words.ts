// What the SYNC sheet says: before, while and after.

import { defineWords } from '../words/words.ts';
import { SYNC_TEXTS } from './sync-texts.ts';

export const syncWords = defineWords(SYNC_TEXTS);
