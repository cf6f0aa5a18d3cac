import { describe, expect, it } from 'vitest';
import { HOSTILE_INPUTS } from './hostile.ts';

describe('a hostile chart', () => {
  it.each(HOSTILE_INPUTS)('ends with an error that names it: $name', ({ make, run, codes, message }) => {
    const made = make?.() ?? new Uint8Array();
    expect(() => run(made)).toThrow(
      expect.objectContaining({ code: expect.toBeOneOf([...codes]), message: expect.stringMatching(message) }),
    );
  });
});
