import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from '../../../../src/render/kustomize/config/label-selector.ts';

const LABELS = new Map([
  ['app', 'web'],
  ['example.org/tier', 'front'],
  ['size', '12'],
  ['empty', ''],
]);

describe('a label selector', () => {
  it.each([
    ['', true],
    ['app', true],
    ['app=web', true],
    ['app==web', true],
    ['app != web', false],
    ['app!=db', true],
    ['other!=x', true],
    ['!app', false],
    ['!other', true],
    ['app in (db, web)', true],
    ['app notin (db, web)', false],
    ['other notin (x)', true],
    ['example.org/tier=front', true],
    ['app=web,size=12', true],
    ['app=web,size=13', false],
    ['size>11', true],
    ['size<12', false],
    ['app>1', false],
    ['empty=', true],
    ['empty in ()', true],
    ['in in (x)', false],
  ])('`%s` matches as Kubernetes has it', (selector, matches) => {
    expect(parseLabelSelector(selector)(LABELS)).toBe(matches);
  });

  it.each(['app in', 'app in (', 'app=(', 'a b', '=x', '-a=b', 'a=b c', 'size>x', `${'a'.repeat(64)}=b`, 'A/b/c=d'])(
    '`%s` is refused',
    (selector) => {
      expect(() => parseLabelSelector(selector)).toThrow();
    },
  );
});
