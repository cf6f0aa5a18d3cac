// The mark in the place of a variable whose declaration has been skipped by `and` or `or`.

import { GoOpaque } from '../go/value.ts';

export const UNDECLARED = new GoOpaque('undeclared', undefined, '');
