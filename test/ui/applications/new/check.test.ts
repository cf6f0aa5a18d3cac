import { describe, expect, it } from 'vitest';
import { type Complaints, checkForm, fieldOf, splitProblems } from '../../../../src/ui/web/applications/new/check.ts';
import { parseDraft } from '../../../../src/ui/web/applications/new/draft.ts';
import {
  formOf,
  nameOfImage,
  overrideImage,
  overrideOf,
  withOption,
  withPropagation,
} from '../../../../src/ui/web/applications/new/form-state.ts';
import { firstDraft } from '../../../../src/ui/web/applications/new/prefill.ts';

const GOOD = { name: 'web', repoURL: 'https://git.example.com/a/b', path: 'apps/web', destination: 'web' };

function complaintsOf(values: Readonly<Record<string, string>>): Complaints {
  const { value = {} } = parseDraft(firstDraft((key) => ({ ...GOOD, ...values })[key], 'argocd'));
  return checkForm(formOf(value), (name) => name === 'taken');
}

describe('checking a new Application while it is typed', () => {
  it('has nothing against what can be sent', () => {
    expect(complaintsOf({})).toEqual({});
  });

  it.each<[Readonly<Record<string, string>>, Complaints]>([
    [{ name: '' }, { name: 'required' }],
    [{ name: 'Web' }, { name: 'dnsName' }],
    [{ name: 'web-' }, { name: 'dnsName' }],
    [{ name: 'a'.repeat(254) }, { name: 'tooLong' }],
    [{ name: 'taken' }, { name: 'exists' }],
    [{ name: 'team.web' }, {}],
    [{ repoURL: '' }, { repoURL: 'required' }],
    [{ repoURL: 'git@git.example.com:a/b.git' }, { repoURL: 'ssh' }],
    [{ repoURL: 'ssh://git@git.example.com/a/b' }, { repoURL: 'ssh' }],
    [{ repoURL: 'ftp://git.example.com/a' }, { repoURL: 'url' }],
    [{ path: '' }, { path: 'required' }],
    [{ path: '/etc' }, { path: 'relative' }],
    [{ path: 'a/../../b' }, { path: 'relative' }],
    [{ path: '.' }, {}],
    [
      { chart: '', targetRevision: '' },
      { chart: 'required', revision: 'required' },
    ],
    [{ chart: 'nginx', targetRevision: '1.*', repoURL: 'registry.example.com/charts' }, {}],
    [{ destination: 'Web' }, { namespace: 'dnsLabel' }],
    [{ destination: 'team.web' }, { namespace: 'dnsLabel' }],
    [{ destination: '' }, { namespace: 'required' }],
    [{ server: '' }, { cluster: 'required' }],
    [{ project: '' }, { project: 'required' }],
  ])('says of %j what is wrong: %j', (values, expected) => {
    expect(complaintsOf(values)).toEqual(expected);
  });

  it('needs no namespace where none is to be made', () => {
    const json = JSON.stringify({ spec: { syncPolicy: {}, destination: { server: 'https://a.example.com' } } });
    expect(complaintsOf({ new: json })).toEqual({});
  });
});

describe('what the server says', () => {
  it.each([
    ['app is not allowed in project "x", or the project does not exist', 'project'],
    ["application repo https://a.example.com/x is not permitted in project 'default'", 'repoURL'],
    ['existing application spec is different, use upsert flag to force update', 'name'],
    ['repository not accessible: GitFailed: no branch or tag v9 in https://a.example.com/x', 'revision'],
    ['repository not accessible: ConnectionFailed: https://a.example.com/x cannot be reached', 'repoURL'],
    ['Unable to generate manifests: apps/gone: app path does not exist', 'path'],
    [
      "application destination server 'https://x' and namespace 'kube-system' do not match any of the allowed destinations in project 'a'",
      'cluster',
    ],
    ['Unable to generate manifests: values-x.yaml: no such file', 'values'],
    ['application destination spec for web is invalid: there are no clusters with this name: prod-x', 'cluster'],
    ["'v9' is no branch, tag, commit or matched version range of the repository (check targetRevision)", 'revision'],
    ['something else', undefined],
  ])('%s: belongs to %s', (message, field) => {
    expect(fieldOf(message)).toBe(field);
  });

  it('is told apart where it is several things', () => {
    const message =
      "application spec for web is invalid: InvalidSpecError: application repo a is not permitted in project 'b';InvalidSpecError: application destination c; really";
    expect(splitProblems(message)).toEqual([
      "application repo a is not permitted in project 'b'",
      'application destination c; really',
    ]);
  });
});

describe('options of the form', () => {
  it('are put on in place of the other value, and taken off', () => {
    expect(withOption(['CreateNamespace=false', 'PruneLast=true'], 'CreateNamespace=true', true)).toEqual([
      'PruneLast=true',
      'CreateNamespace=true',
    ]);
    expect(withOption(['Validate=false'], 'Validate=false', false)).toEqual([]);
    expect(withPropagation(['PrunePropagationPolicy=orphan'], 'background')).toEqual([
      'PrunePropagationPolicy=background',
    ]);
    expect(withPropagation(['PrunePropagationPolicy=orphan'], '')).toEqual([]);
  });

  it.each([
    ['1.27', 'nginx:1.27'],
    ['mirror.example.com/nginx:1.27', 'nginx=mirror.example.com/nginx:1.27'],
    [`sha256:${'0'.repeat(64)}`, `nginx@sha256:${'0'.repeat(64)}`],
  ])('write the image that is typed as %s as kustomize has it', (typed, image) => {
    expect(overrideImage(['nginx:1', 'redis:7'], 'nginx', typed)).toEqual(['redis:7', image]);
    expect(overrideOf([image], 'nginx')).toBe(typed);
    expect(overrideImage([image], 'nginx', '')).toEqual([]);
  });

  it.each([
    ['nginx:1.27', 'nginx'],
    ['registry:5000/shop/web:1.2@sha256:0', 'registry:5000/shop/web'],
    ['registry:5000/shop/web', 'registry:5000/shop/web'],
  ])('know %s by its name', (image, name) => {
    expect(nameOfImage(image)).toBe(name);
  });
});
