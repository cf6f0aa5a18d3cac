import { describe, expect, it } from 'vitest';
import type { RepositorySecret, RepositorySecrets } from '../../src/git/credentials.ts';
import { locateDependency, locateSource } from '../../src/source/chart-locations.ts';

const LOGIN = { username: 'reader', password: 'pw' };
const BASIC = 'Basic cmVhZGVyOnB3';

function secretsOf(repositories: readonly RepositorySecret[], templates: readonly RepositorySecret[] = []) {
  return { repositories, templates, certificates: { 'registry.example.com': 'PEM' } } satisfies RepositorySecrets;
}

interface Row {
  readonly title: string;
  readonly repoURL: string;
  readonly chart?: string;
  readonly repositories?: readonly RepositorySecret[];
  readonly templates?: readonly RepositorySecret[];
  readonly expected: Record<string, unknown>;
}

const ROWS: readonly Row[] = [
  {
    title: 'of an HTTP repository come from its Secret, with and without a slash at the end',
    repoURL: 'https://charts.example.com/stable',
    repositories: [{ url: 'https://charts.example.com/stable/', ...LOGIN }],
    expected: { kind: 'http', url: 'https://charts.example.com/stable', authorization: BASIC },
  },
  {
    title: 'of a registry come from its Secret without a scheme, also for an address with one',
    repoURL: 'oci://registry.example.com/charts',
    repositories: [{ url: 'registry.example.com/charts', enableOCI: 'true', ...LOGIN }],
    expected: {
      kind: 'oci',
      registry: 'https://registry.example.com',
      authorization: BASIC,
      connection: { ca: 'PEM' },
    },
  },
  {
    title: 'of a registry come from a Secret with a scheme, also for an address without one',
    repoURL: 'registry.example.com/charts',
    repositories: [{ url: 'oci://registry.example.com/charts', ...LOGIN }],
    expected: { kind: 'oci', repository: 'charts/web', authorization: BASIC },
  },
  {
    title: 'of a registry come from the Secret of the chart itself',
    repoURL: 'registry.example.com/charts',
    repositories: [{ url: 'registry.example.com/charts/web', ...LOGIN }],
    expected: { authorization: BASIC },
  },
  {
    title: 'of a registry come from a template of its host',
    repoURL: 'registry.example.com:5000/charts',
    templates: [{ url: 'registry.example.com:5000', ...LOGIN }],
    expected: { registry: 'https://registry.example.com:5000', authorization: BASIC },
  },
  {
    title: 'of a registry do not go to a host that begins alike',
    repoURL: 'registry.example.com.evil.org/charts',
    templates: [
      { url: 'registry.example.com', ...LOGIN },
      { url: 'oci://registry.example.com', ...LOGIN },
    ],
    expected: { registry: 'https://registry.example.com.evil.org', authorization: undefined },
  },
  {
    title: 'of a registry do not go to another port',
    repoURL: 'oci://registry.example.com:50001/charts',
    templates: [{ url: 'oci://registry.example.com:5000', ...LOGIN }],
    expected: { authorization: undefined },
  },
  {
    title: 'of another project are not taken',
    repoURL: 'https://charts.example.com',
    repositories: [{ url: 'https://charts.example.com', project: 'other', ...LOGIN }],
    expected: { authorization: undefined },
  },
];

describe('the credentials of a chart', () => {
  it.each(ROWS)('$title', ({ repoURL, chart = 'web', repositories = [], templates = [], expected }) => {
    const location = locateSource({ repoURL, chart }, 'default', secretsOf(repositories, templates));
    const { authorization } = location;
    expect({ ...location, authorization }).toMatchObject(expected);
  });
});

describe('a dependency', () => {
  const secrets = secretsOf([
    { name: 'ours', url: 'https://charts.example.com', ...LOGIN },
    { name: 'theirs', url: 'https://theirs.example.com', project: 'other' },
  ]);
  it.each(['@ours', 'alias:ours', 'https://charts.example.com'])(
    'of %s is found with its credentials',
    (repository) => {
      expect(locateDependency({ name: 'web', repository }, 'default', secrets, false)).toMatchObject({
        url: 'https://charts.example.com',
        chart: 'web',
        authorization: BASIC,
      });
    },
  );
  it.each(['@nobody', '@theirs'])('of %s is refused', (repository) => {
    expect(() => locateDependency({ name: 'web', repository }, 'default', secrets, false)).toThrow(
      `no repository definition for ${repository}`,
    );
  });
});

describe('a chart that leads out of its address', () => {
  it.each([
    ['oci://registry.example.com/team', '../other/web'],
    ['registry.example.com/team/../other', 'web'],
    ['https://charts.example.com/team/%2e%2e/other', 'web'],
  ])('%s with %s is nowhere', (repoURL, chart) => {
    expect(() => locateSource({ repoURL, chart }, 'team', secretsOf([]))).toThrow('leads elsewhere than it says');
  });
});
