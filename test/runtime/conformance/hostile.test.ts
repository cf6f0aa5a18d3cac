// What would take a runtime down ends in each of them with an error that names it, and the runtime goes on. In workerd no clock runs
// while code does, and Node's time limits are far: it is counting that ends them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_INPUTS } from '../../fuzz/hostile.ts';
import { type HostedModule, hostModule } from '../support/module-host.ts';
import type { Question } from './hostile-entry.ts';

describe('a hostile chart or kustomization', () => {
  let hosted: HostedModule;
  beforeAll(async () => {
    hosted = await hostModule(new URL('./hostile-entry.ts', import.meta.url));
  });
  afterAll(() => hosted?.close());

  it.each(HOSTILE_INPUTS)('ends with an error: $name', async ({ name, make, codes, message }) => {
    const made = make ? Buffer.from(make()).toString('base64') : '';
    const question: Question = { name, made };
    expect(await hosted.ask(question)).toEqual({
      code: expect.toBeOneOf([...codes]),
      message: expect.stringMatching(message),
    });
  });
});
