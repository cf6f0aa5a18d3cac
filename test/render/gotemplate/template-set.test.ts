// Sets of templates: redefinition, clones, overrides, re-entry.

import { describe, expect, it } from 'vitest';
import type { GoMethod, GoValue } from '../../../src/render/go/value.ts';
import { createTemplateSet, type TemplateSet } from '../../../src/render/gotemplate/gotemplate.ts';

function setOf(files: Record<string, string>, functions: Record<string, GoMethod> = {}): TemplateSet {
  const set = createTemplateSet({ functions });
  for (const [name, text] of Object.entries(files)) set.parse(name, text);
  return set;
}

const constant = (value: GoValue): GoMethod => ({ params: [], result: 'interface {}', call: () => value });

describe('a template set', () => {
  it('lets a later definition replace an earlier one, unless it is blank', () => {
    const set = setOf({
      a: '{{define "h"}}1{{end}}',
      b: '{{define "h"}}2{{end}}',
      c: '{{define "h"}} {{/* */}}\n{{end}}',
    });
    expect(set.execute('h', null)).toBe('2');
    expect(set.names()).toEqual(['a', 'b', 'c', 'h']);
    expect(set.has('h') && !set.has('x')).toBe(true);
  });

  it('adds nothing of a text that does not parse', () => {
    const set = setOf({ a: '{{define "h"}}1{{end}}' });
    expect(() => set.parse('b', '{{define "h"}}2{{end}}{{if}}')).toThrow('missing value for if');
    expect(set.execute('h', null)).toBe('1');
  });

  it('tells which template is missing', () => {
    expect(() => setOf({}).execute('x', null)).toThrow('template: no template "x" associated with template "gotpl"');
  });

  it('gives clones that share what was there and keep apart what comes', () => {
    const set = setOf({ a: '{{define "h"}}1{{end}}{{template "h"}}' });
    const clone = set.clone();
    clone.parse('b', '{{define "h"}}2{{end}}');
    set.parse('c', '{{define "only"}}3{{end}}');
    expect([set.execute('a', null), clone.execute('a', null), clone.clone().execute('a', null)]).toEqual([
      '1',
      '2',
      '2',
    ]);
    expect([clone.has('only'), set.has('b')]).toEqual([false, false]);
  });

  it('runs a parsed template by its handle, even where a blank one did not replace its namesake', () => {
    const set = setOf({ a: 'text' });
    const blank = set.parse('a', ' ');
    expect([set.execute(blank, null), set.execute('a', null)]).toEqual([' ', 'text']);
  });

  it('binds functions at execution, and overrides them for one', () => {
    const set = setOf({ a: '{{f}}' }, { f: constant('own') });
    expect(set.execute('a', null)).toBe('own');
    expect(set.execute('a', null, { functions: { f: constant('other'), unknown: constant(1) } })).toBe('other');
    expect(set.execute('a', null)).toBe('own');
  });

  it('lets a function run templates of the set, its failure wrapped', () => {
    const include: GoMethod = {
      params: ['string', 'interface {}'],
      result: 'string',
      call: (name, data) => set.execute(String(name), data ?? null),
    };
    const set = setOf({ a: '{{define "h"}}[{{.x}}]{{end}}{{include "h" .}}' }, { include });
    expect(set.execute('a', new Map([['x', 'y']]))).toBe('[y]');
    expect(() => set.execute('a', 'text')).toThrow(
      'template: a:1:31: executing "a" at <include "h" .>: error calling include: ' +
        'template: a:1:17: executing "h" at <.x>: can\'t evaluate field x in type string',
    );
  });
});
