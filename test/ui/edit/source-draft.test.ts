import { describe, expect, it } from 'vitest';
import {
  imagePartsOf,
  imageTagsOf,
  replicaLines,
  replicasOf,
  setIn,
  sourcesIn,
  tagOfRules,
  withImageTag,
  withParameter,
  withSource,
} from '../../../src/ui/web/edit/source-draft.ts';

const source = { repoURL: 'https://git/x', path: 'a', helm: { releaseName: 'web', valueFiles: ['v.yaml'] } };

describe('setting a field of a source', () => {
  it.each([
    [['helm', 'releaseName'], 'app', { ...source, helm: { releaseName: 'app', valueFiles: ['v.yaml'] } }],
    [['helm', 'releaseName'], '', { ...source, helm: { valueFiles: ['v.yaml'] } }],
    [['kustomize', 'images'], ['a:1'], { ...source, kustomize: { images: ['a:1'] } }],
    [['directory', 'recurse'], false, source],
    [['helm'], undefined, { repoURL: 'https://git/x', path: 'a' }],
  ])('%j to %j leaves nothing that is empty', (path, value, wanted) => {
    expect(setIn(source, path, value)).toEqual(wanted);
  });

  it('leaves the order of the fields as it was', () => {
    expect(Object.keys(setIn(source, ['path'], 'b'))).toEqual(['repoURL', 'path', 'helm']);
  });
});

it('finds and replaces one of several sources, or the one', () => {
  const [first, second] = [{ repoURL: 'a' }, { repoURL: 'b' }];
  expect(sourcesIn({ sources: [first, second] })).toEqual([first, second]);
  expect(sourcesIn({ source: first })).toEqual([first]);
  expect(sourcesIn({})).toEqual([]);
  expect(withSource({ sources: [first, second] }, 1, { repoURL: 'c' })).toEqual({ sources: [first, { repoURL: 'c' }] });
  expect(withSource({ source: first, project: 'p' }, 0, second)).toEqual({ source: second, project: 'p' });
});

describe('images', () => {
  it.each([
    ['nginx', { name: 'nginx', suffix: '' }],
    ['nginx:1.29', { name: 'nginx', suffix: ':1.29' }],
    ['registry:5000/a/b', { name: 'registry:5000/a/b', suffix: '' }],
    ['registry:5000/a/b:2', { name: 'registry:5000/a/b', suffix: ':2' }],
    ['a/b@sha256:00', { name: 'a/b', suffix: '@sha256:00' }],
    ['a/b:1@sha256:00', { name: 'a/b', suffix: ':1@sha256:00' }],
  ])('%s is a name and what chooses among its versions', (image, parts) => {
    expect(imagePartsOf(image)).toEqual(parts);
  });

  const digest = `sha256:${'0'.repeat(64)}`;
  it.each([
    [[], '1.30', ['nginx:1.30']],
    [['nginx:1.29', 'redis:7'], '1.30', ['nginx:1.30', 'redis:7']],
    [['nginx=reg/nginx:1.29'], '1.30', ['nginx=reg/nginx:1.30']],
    [['nginx:1.29'], digest, [`nginx@${digest}`]],
    [['nginx:1.29', 'redis:7'], '', ['redis:7']],
  ])('rules %j with the tag %j', (rules, tag, wanted) => {
    expect(withImageTag(rules, 'nginx', tag)).toEqual(wanted);
  });

  it('have the tag that a rule gives them', () => {
    expect(tagOfRules(['nginx=reg:5000/nginx:1.29'], 'nginx')).toBe('1.29');
    expect(tagOfRules(['redis:7'], 'nginx')).toBeUndefined();
  });

  it('of a chart are those whose values end as tags do', () => {
    const values = [
      { name: 'image.repository', value: 'nginx' },
      { name: 'image.tag', value: '1.29' },
      { name: 'side.imageTag', value: '2' },
      { name: 'stage', value: 'x' },
    ];
    expect(imageTagsOf(values)).toEqual([
      { name: 'image.tag', repository: 'nginx', tag: '1.29' },
      { name: 'side.imageTag', repository: 'side', tag: '2' },
    ]);
  });
});

it('parameters are set where they stand, added, and taken away', () => {
  const old = [{ name: 'a', value: '1', forceString: true }];
  expect(withParameter(old, 'a', '2')).toEqual([{ name: 'a', value: '2', forceString: true }]);
  expect(withParameter(old, 'b', '3')).toEqual([...old, { name: 'b', value: '3' }]);
  expect(withParameter(old, 'a', undefined)).toEqual([]);
});

it('replicas are lines', () => {
  expect(replicaLines([{ name: 'web', count: 3 }])).toEqual(['web=3']);
  expect(replicasOf(['web=3', 'a = x'])).toEqual([
    { name: 'web', count: 3 },
    { name: 'a', count: 'x' },
  ]);
});
