// RFC 6902, with the examples of its appendix A and what Kubernetes' library makes of what does not fit.

import { describe, expect, it } from 'vitest';
import { applyJsonPatch } from '../../src/base/json-patch.ts';

describe('a JSON patch', () => {
  it.each([
    ['adds a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    ['adds to a list', { a: [1, 2] }, [{ op: 'add', path: '/a/1', value: 9 }], { a: [1, 9, 2] }],
    ['adds at the end of a list', { a: [1] }, [{ op: 'add', path: '/a/-', value: [2] }], { a: [1, [2]] }],
    ['removes a member', { a: 1, b: 2 }, [{ op: 'remove', path: '/a' }], { b: 2 }],
    ['removes from a list', { a: [1, 2] }, [{ op: 'remove', path: '/a/0' }], { a: [2] }],
    ['replaces', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: null }], { a: { b: null } }],
    ['replaces all', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    ['moves', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
    ['copies', { a: [1], b: 2 }, [{ op: 'copy', from: '/a', path: '/c' }], { a: [1], b: 2, c: [1] }],
    ['tests', { a: [1, { b: 'x' }] }, [{ op: 'test', path: '/a/1', value: { b: 'x' } }], { a: [1, { b: 'x' }] }],
    ['tests for nothing', {}, [{ op: 'test', path: '/a', value: null }], {}],
    [
      'unescapes ~1 and ~0',
      { 'a/b': { '~c': 1 } },
      [{ op: 'replace', path: '/a~1b/~0c', value: 2 }],
      { 'a/b': { '~c': 2 } },
    ],
    [
      'does all in order',
      { a: 1 },
      [
        { op: 'add', path: '/b', value: [] },
        { op: 'add', path: '/b/0', value: 1 },
      ],
      { a: 1, b: [1] },
    ],
  ])('%s', (_, document, patch, expected) => {
    const before = structuredClone(document);
    expect(applyJsonPatch(document, patch)).toEqual(expected);
    expect(document).toEqual(before);
  });

  it('takes __proto__ for a key like any other', () => {
    const patched = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]);
    expect(Object.hasOwn(patched as object, '__proto__')).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(() => applyJsonPatch({}, [{ op: 'add', path: '/__proto__/x', value: 1 }])).toThrow('does not fit');
  });

  it('copies not without end', () => {
    const doubling = Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' }));
    expect(() => applyJsonPatch({ a: ['some text'] }, doubling)).toThrow(
      expect.objectContaining({ code: 'InvalidInput', message: 'the JSON patch copies too much' }),
    );
  });

  it.each([
    ['{}', {}, 'InvalidInput', 'not a list'],
    ['an operation that is none', [{ op: 'frob', path: '/a' }], 'FailedPrecondition', 'frob /a'],
    ['a member that is not there', [{ op: 'remove', path: '/b' }], 'FailedPrecondition', 'remove /b'],
    ['a parent that is not there', [{ op: 'add', path: '/b/c', value: 1 }], 'FailedPrecondition', 'add /b/c'],
    ['a place beyond the list', [{ op: 'add', path: '/a/5', value: 1 }], 'FailedPrecondition', 'add /a/5'],
    ['another value', [{ op: 'test', path: '/a', value: 1 }], 'FailedPrecondition', 'test /a'],
  ])('%s is refused', (_, patch, code, message) => {
    expect(() => applyJsonPatch({ a: [1] }, patch)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
