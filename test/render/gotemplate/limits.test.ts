// Templates that would never end, or end the process: each limit is an error that names it.

import { describe, expect, it } from 'vitest';
import type { GoMethod, GoValue } from '../../../src/render/go/value.ts';
import { createBudget, createTemplateSet, type TemplateSet } from '../../../src/render/gotemplate/gotemplate.ts';

function setOf(text: string, functions: Record<string, GoMethod> = {}): TemplateSet {
  const set = createTemplateSet({ functions });
  set.parse('t', text);
  return set;
}

const limitError = (limit: string, message: RegExp) =>
  expect.objectContaining({
    code: 'LimitExceeded',
    message: expect.stringMatching(message),
    data: expect.objectContaining({ limit }),
  });

describe('a budget', () => {
  it('bounds the output of all executions together', () => {
    const budget = createBudget({ maxOutput: 10 });
    const set = setOf('12345678');
    expect(set.execute('t', null, { budget })).toBe('12345678');
    expect(() => set.execute('t', null, { budget })).toThrow(limitError('output', /more than 10 characters/));
  });

  it('bounds operations', () => {
    const budget = createBudget({ maxOperations: 1000 });
    expect(setOf('{{range 900}}{{end}}').execute('t', null, { budget })).toBe('');
    expect(() => setOf('{{range 200}}{{end}}').execute('t', null, { budget })).toThrow(
      limitError('operations', /more than 1000 operations/),
    );
  });

  it.each([
    ['a long text', { params: ['string'], result: 'string', call: () => 'x'.repeat(10_000) }],
    ['a cost of its own', { params: ['string'], result: 'string', cost: 200, call: () => '' }],
    [
      'work that it tells of',
      {
        params: ['string'],
        result: 'string',
        call: () => '',
        counted: (work, text) => {
          work.spend(200);
          return text;
        },
      },
    ],
  ] satisfies [string, GoMethod][])('counts a call for several operations: %s', (_, heavy: GoMethod) => {
    const run = (turns: number) =>
      setOf(`{{range ${turns}}}{{$_ := heavy "x"}}{{end}}`, { heavy }).execute('t', null, {
        budget: createBudget({ maxOperations: 5000 }),
      });
    expect(run(10)).toBe('');
    expect(() => run(100)).toThrow(limitError('operations', /more than 5000 operations/));
  });

  it('bounds time by the clock that it is given', () => {
    let time = 0;
    const budget = createBudget({ maxTimeMs: 50, now: () => time++ });
    expect(() => setOf('{{range 1000000000}}{{end}}').execute('t', null, { budget })).toThrow(
      limitError('time', /longer than 50 ms/),
    );
  });

  it('passes through the functions that run templates, unwrapped', () => {
    const budget = createBudget({ maxOutput: 100 });
    const include: GoMethod = {
      params: ['string'],
      result: 'string',
      call: (name: GoValue) => set.execute(String(name), null, { budget }),
    };
    const set = setOf('{{define "loop"}}{{range 1000}}x{{end}}{{end}}{{include "loop"}}', { include });
    expect(() => set.execute('t', null, { budget })).toThrow(limitError('output', /^templates gave more/));
  });
});

describe('the depth of templates', () => {
  it('is bounded by maxDepth with Go’s error', () => {
    const set = setOf('{{define "r"}}{{template "r"}}{{end}}{{template "r"}}');
    expect(() => set.execute('t', null, { maxDepth: 100 })).toThrow(
      'template: t:1:25: executing "r" at <{{template "r"}}>: exceeded maximum template depth (100)',
    );
  });

  it('ends with the same error where the stack ends first', () => {
    const set = setOf('{{define "r"}}x{{template "r"}}{{end}}{{template "r"}}');
    expect(() => set.execute('t', null)).toThrow(
      limitError('depth', /executing "r" at <{{template "r"}}>: exceeded maximum template depth \(100000\)$/),
    );
  });

  it('holds for functions that run templates too', () => {
    const include: GoMethod = { params: [], result: 'string', call: () => set.execute('r', null) };
    const set = setOf('{{define "r"}}{{if true}}{{include | print}}{{end}}{{end}}', { include });
    expect(() => set.execute('r', null)).toThrow(limitError('depth', /exceeded maximum template depth/));
  });
});
