import { describe, expect, it } from 'vitest';
import { parseApplication } from '../../src/application/parse.ts';
import {
  isDestinationPermitted,
  isSourcePermitted,
  type ProjectWorld,
  parseProject,
  projectProblems,
  resourceProblem,
  withGlobalProject,
  withProjectScoped,
} from '../../src/application/project.ts';

const HOME = { server: 'https://kubernetes.default.svc', name: 'in-cluster' };

function project(spec: Record<string, unknown>) {
  return parseProject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'team' }, spec });
}

function application(spec: Record<string, unknown>, namespace = 'argocd') {
  return parseApplication({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace },
    spec: {
      project: 'team',
      source: { repoURL: 'https://git.example.com/team/shop.git', path: '.' },
      destination: { server: HOME.server, namespace: 'shop' },
      ...spec,
    },
  });
}

describe('isSourcePermitted', () => {
  const repo = 'https://git.example.com/team/shop.git';
  it.each<[string, readonly string[], string, boolean]>([
    ['no entry', [], repo, false],
    ['any', ['*'], repo, true],
    ['without .git, in other letters', ['https://GIT.example.com/team/shop'], repo, true],
    ['a glob of one part', ['https://git.example.com/team/*'], repo, true],
    ['a star does not cross a slash', ['https://git.example.com/*'], repo, false],
    ['two stars do', ['https://git.example.com/**'], repo, true],
    ['denied beside any', ['*', '!https://git.example.com/team/shop'], repo, false],
    ['denied before any', ['!https://git.example.com/team/*', '*'], repo, false],
    ['another one is denied', ['*', '!https://git.example.com/other/*'], repo, true],
    ['a denial alone permits the rest, as in Argo CD', ['!https://git.example.com/other/*'], repo, true],
    [
      'the scp form is an ssh address',
      ['ssh://git@git.example.com/team/shop'],
      'git@git.example.com:team/shop.git',
      true,
    ],
    ['up and away', ['https://git.example.com/team/**'], 'https://git.example.com/team/../other/shop', false],
    [
      'up and away, encoded',
      ['https://git.example.com/team/**'],
      'https://git.example.com/team/%2E./other/shop',
      false,
    ],
    [
      'up and away by backslashes',
      ['https://git.example.com/team/*'],
      'https://git.example.com/team/..\\other\\a',
      false,
    ],
    ['around a denial', ['*', '!https://git.example.com/team/shop'], 'https://git.example.com/team/./shop', false],
    ['dots within names', ['https://git.example.com/**'], 'https://git.example.com/team/..shop/a.b.git', true],
    ['https is not http', ['http://git.example.com/team/shop'], repo, false],
  ])('%s', (_, sourceRepos, url, expected) => {
    expect(isSourcePermitted({ sourceRepos }, url)).toBe(expected);
  });
});

describe('isDestinationPermitted', () => {
  it.each<[string, readonly Record<string, string>[], string, boolean]>([
    ['no entry', [], 'shop', false],
    ['any', [{ server: '*', namespace: '*' }], 'shop', true],
    ['by server', [{ server: HOME.server, namespace: 'shop' }], 'shop', true],
    ['by name', [{ name: 'in-cluster', namespace: 'sh*' }], 'shop', true],
    ['another cluster', [{ name: 'other', namespace: '*' }], 'shop', false],
    ['another namespace', [{ server: '*', namespace: 'team-*' }], 'shop', false],
    [
      'a denied namespace',
      [
        { server: '*', namespace: '*' },
        { server: '*', namespace: '!kube-system' },
      ],
      'kube-system',
      false,
    ],
    ['beside it', [{ server: '*', namespace: '!kube-system' }], 'shop', true],
    [
      'a denied cluster',
      [
        { server: '*', namespace: '*' },
        { server: `!${HOME.server}`, namespace: '*' },
      ],
      'shop',
      false,
    ],
    [
      'a denied name',
      [
        { server: '*', namespace: '*' },
        { name: '!in-*', namespace: '*' },
      ],
      'shop',
      false,
    ],
    [
      'another name is denied',
      [
        { server: '*', namespace: '*' },
        { name: '!other', namespace: '*' },
      ],
      'shop',
      true,
    ],
  ])('%s', (_, destinations, namespace, expected) => {
    expect(isDestinationPermitted(project({ destinations }), HOME, namespace)).toBe(expected);
  });

  it('takes only the clusters of the project where it says so', () => {
    const strict = project({
      destinations: [{ server: '*', namespace: '*' }],
      permitOnlyProjectScopedClusters: true,
    });
    expect(isDestinationPermitted(strict, HOME, 'shop')).toBe(false);
    expect(isDestinationPermitted(strict, HOME, 'shop', [{ server: 'https://other' }])).toBe(false);
    expect(isDestinationPermitted(strict, HOME, 'shop', [{ server: 'https://other' }, HOME])).toBe(true);
  });
});

describe('resourceProblem', () => {
  const anywhere = { destinations: [{ server: '*', namespace: '*' }] };
  const secret = { group: '', kind: 'Secret', namespace: 'shop', name: 'a' };
  const role = { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'team-reader' };
  const forbidden = (kind: string) => `resource ${kind} is not permitted in project team`;
  it.each<[string, Record<string, unknown>, typeof secret | typeof role, string | undefined]>([
    ['namespaced kinds are permitted by default', {}, secret, undefined],
    ['cluster-scoped kinds are not', {}, role, forbidden('rbac.authorization.k8s.io:ClusterRole')],
    ['all are whitelisted', { clusterResourceWhitelist: [{ group: '*', kind: '*' }] }, role, undefined],
    [
      'one name is',
      { clusterResourceWhitelist: [{ group: '*', kind: 'ClusterRole', name: 'team-*' }] },
      role,
      undefined,
    ],
    [
      'another name is',
      { clusterResourceWhitelist: [{ group: '*', kind: 'ClusterRole', name: 'x' }] },
      role,
      forbidden('rbac.authorization.k8s.io:ClusterRole'),
    ],
    [
      'blacklisted among whitelisted',
      {
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        clusterResourceBlacklist: [{ group: 'rbac*', kind: '*' }],
      },
      role,
      forbidden('rbac.authorization.k8s.io:ClusterRole'),
    ],
    ['an empty whitelist permits nothing', { namespaceResourceWhitelist: [] }, secret, forbidden(':Secret')],
    ['whitelisted', { namespaceResourceWhitelist: [{ group: '', kind: 'Sec*' }] }, secret, undefined],
    ['blacklisted', { namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] }, secret, forbidden(':Secret')],
    [
      'a whitelist with an exception',
      {
        namespaceResourceWhitelist: [
          { group: '*', kind: '*' },
          { group: '', kind: '!Secret' },
        ],
      },
      secret,
      forbidden(':Secret'),
    ],
    [
      'an exception alone permits nothing',
      { namespaceResourceWhitelist: [{ group: '', kind: '!Role' }] },
      secret,
      forbidden(':Secret'),
    ],
    [
      'in a namespace that is no destination',
      { destinations: [{ server: '*', namespace: 'team-*' }] },
      secret,
      "namespace shop is not permitted in project 'team'",
    ],
  ])('%s', (_, spec, resource, expected) => {
    expect(resourceProblem(project({ ...anywhere, ...spec }), resource, HOME)).toBe(expected);
  });
});

describe('projectProblems', () => {
  const open = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };
  it.each<[string, Record<string, unknown> | undefined, Record<string, unknown>, ProjectWorld, readonly string[]]>([
    ['all is permitted', open, {}, {}, []],
    [
      'there is no such project',
      undefined,
      {},
      {},
      ['Application referencing project team which does not exist: create the AppProject or set spec.project'],
    ],
    [
      'neither source nor destination',
      { sourceRepos: ['https://git.example.com/x'], destinations: [{ server: '*', namespace: 'x' }] },
      {},
      {},
      [
        "application repo https://git.example.com/team/shop.git is not permitted in project 'team'",
        "application destination server 'https://kubernetes.default.svc' and namespace 'shop' do not match any of the allowed destinations in project 'team'",
      ],
    ],
    [
      'the project demands signed commits',
      { ...open, signatureKeys: [{ keyID: '4AEE18F83AFDEB23' }] },
      {},
      {},
      [
        "project 'team' demands signed commits, and hawser verifies no signatures: remove signatureKeys and sourceIntegrity from the AppProject to deploy without",
      ],
    ],
    ['no key is named', { ...open, signatureKeys: [] }, {}, {}, []],
    [
      'one of several sources',
      { ...open, sourceRepos: ['https://git.example.com/a'] },
      { sources: [{ repoURL: 'https://git.example.com/a' }, { repoURL: 'https://git.example.com/b' }] },
      {},
      ["application repo https://git.example.com/b is not permitted in project 'team'"],
    ],
    [
      'a cluster by name',
      { ...open, destinations: [] },
      { destination: { name: 'prod', namespace: 'shop' } },
      { cluster: { name: 'prod', server: 'https://10.0.0.1' } },
      [
        "application destination server 'prod' and namespace 'shop' do not match any of the allowed destinations in project 'team'",
      ],
    ],
    [
      'an entry names the server, the Application the name',
      { ...open, destinations: [{ server: 'https://10.0.0.1', namespace: 'shop' }] },
      { destination: { name: 'prod', namespace: 'shop' } },
      { cluster: { name: 'prod', server: 'https://10.0.0.1' } },
      [],
    ],
  ])('%s', (_, spec, appSpec, world, expected) => {
    const found = projectProblems(application(appSpec), spec && project(spec), world);
    expect(found.map(({ message }) => message)).toEqual(expected);
    expect(found.every(({ type }) => type === 'InvalidSpecError')).toBe(true);
  });

  it.each<[readonly string[], string, boolean]>([
    [[], 'argocd', true],
    [[], 'team-a', false],
    [['team-*'], 'team-a', true],
    [['/^team-[ab]$/'], 'team-b', true],
    [['/^team-[ab]$/'], 'team-c', false],
    [['/(/'], 'team-c', false],
  ])('sourceNamespaces %j and an Application in %s', (sourceNamespaces, namespace, expected) => {
    const found = projectProblems(application({}, namespace), project({ ...open, sourceNamespaces }), {
      controlNamespace: 'argocd',
    });
    expect(found.map(({ message }) => message)).toEqual(
      expected ? [] : [`application 'shop' in namespace '${namespace}' is not allowed to use project team`],
    );
  });
});

describe('projects that get more', () => {
  it('a global project adds its lists', () => {
    const merged = withGlobalProject(
      project({ sourceRepos: ['a'] }),
      project({ sourceRepos: ['b'], namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }] }),
    );
    expect(merged.sourceRepos).toEqual(['a', 'b']);
    expect(merged.namespaceResourceWhitelist).toBeUndefined();
    expect(merged.namespaceResourceBlacklist).toEqual([{ group: '', kind: 'Secret' }]);
  });

  it('what is registered for the project alone is permitted', () => {
    const scoped = withProjectScoped(
      project({}),
      ['https://git.example.com/own'],
      [{ server: 'https://10.0.0.1' }, { server: 'https://10.0.0.2', namespaces: ['x'] }],
    );
    expect(isSourcePermitted(scoped, 'https://git.example.com/own')).toBe(true);
    expect(isDestinationPermitted(scoped, { server: 'https://10.0.0.1' }, 'any')).toBe(true);
    expect(isDestinationPermitted(scoped, { server: 'https://10.0.0.2' }, 'any')).toBe(false);
  });
});
