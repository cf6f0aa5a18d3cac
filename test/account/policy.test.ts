// Argo CD's RBAC: the policy's text, roles of roles, globs and regular expressions, projects, groups, and what happens to what cannot be read.

import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../src/account/policy/parse.ts';
import { parseProjectAccess } from '../../src/account/policy/project-policy.ts';
import { parseRbacConfig } from '../../src/account/policy/rbac-config.ts';
import { ANONYMOUS, MACHINE, type Principal } from '../../src/account/principal.ts';
import type { RbacResource } from '../../src/account/rights.ts';
import { rightsOf } from '../../src/account/rights-of.ts';
import type { KubeObject } from '../../src/kube/object.ts';

const local = (subject: string): Principal => ({
  ...{ kind: 'user', subject, name: subject, issuer: 'argocd', groups: [] },
});
const person = (subject: string, ...groups: string[]): Principal => ({
  ...{ kind: 'user', subject, name: subject, issuer: 'https://id.example.com', groups },
});
const token = (project: string, role: string): Principal => ({
  ...local(`proj:${project}:${role}`),
  kind: 'project',
});

const project = (name: string, roles: readonly object[]): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name, resourceVersion: '1' },
  spec: { roles },
});

const SHOP = project('shop', [
  {
    name: 'ci',
    groups: ['shop-team'],
    policies: [
      'p, proj:shop:ci, applications, sync, shop/*, allow',
      'p, proj:shop:ci, applications, get, shop/*, allow',
    ],
  },
]);
const OTHER = project('other', [{ name: 'ci', policies: ['p, proj:other:ci, applications, *, other/*, allow'] }]);

/** `who resource action object` → whether it may. */
type Question = readonly [who: Principal, resource: RbacResource, action: string, object: string, may: boolean];

function ask(data: Readonly<Record<string, string>>, [who, resource, action, object]: Question): boolean {
  const projects = new Map([SHOP, OTHER].map((each) => [each.metadata.name ?? '', parseProjectAccess(each)] as const));
  return rightsOf(who, { rbac: parseRbacConfig(data), projects }).may(resource, action, object);
}

function table(title: string, data: Readonly<Record<string, string>>, questions: readonly Question[]): void {
  describe(title, () => {
    it.each(questions.map((question) => [sentenceOf(question), question] as const))('%s', (_, question) => {
      expect(ask(data, question)).toBe(question[4]);
    });
  });
}

function sentenceOf([who, resource, action, object, may]: Question): string {
  const name = [who.name || 'anonymous', ...who.groups].join(' of ');
  return `${name} ${may ? 'may' : 'may not'} ${action} ${resource} ${object}`;
}

table('the built-in roles', {}, [
  [local('admin'), 'applications', 'sync', 'any/app', true],
  [local('admin'), 'applications', 'delete/apps/Deployment/shop/web', 'any/app', true],
  [local('admin'), 'applications', 'action/apps/Deployment/restart', 'any/team/app', true],
  [local('admin'), 'accounts', 'update', 'bob', true],
  [local('admin'), 'exec', 'create', 'shop/app', true],
  [local('admin'), 'accounts', 'create', 'bob', false],
  [local('alice'), 'applications', 'get', 'shop/app', false],
  [local('alice'), 'projects', 'get', 'shop', false],
  [ANONYMOUS, 'applications', 'get', 'shop/app', false],
  [MACHINE, 'applications', 'delete', 'shop/app', true],
  // Whom a provider calls admin is somebody else, and so is one who is called as a role is.
  [person('admin'), 'applications', 'get', 'shop/app', false],
  [person('role:admin'), 'applications', 'get', 'shop/app', false],
  [person('kim', 'admin'), 'applications', 'get', 'shop/app', false],
  [person('kim', 'role:admin'), 'applications', 'get', 'shop/app', false],
  [person('proj:shop:ci'), 'applications', 'get', 'shop/app', false],
]);

table('role:readonly', { 'policy.csv': 'g, alice, role:readonly' }, [
  [local('alice'), 'applications', 'get', 'shop/app', true],
  [local('alice'), 'logs', 'get', 'shop/app', true],
  [local('alice'), 'repositories', 'get', 'https://git.example.com/a/b', true],
  [local('alice'), 'applications', 'sync', 'shop/app', false],
  [local('alice'), 'applications', 'update/apps/Deployment/shop/web', 'shop/app', false],
  [local('alice'), 'exec', 'create', 'shop/app', false],
  [local('alice'), 'accounts', 'update', 'alice', false],
]);

table(
  'policies of the operator',
  {
    'policy.csv': [
      '# who deploys',
      'p, role:deployer, applications, sync, shop/*, allow',
      'p, role:deployer, applications, "get", "shop/*", allow',
      'p,role:deployer,applications,action/apps/Deployment/*,shop/*,allow',
      'p, role:deployer, applications, sync, shop/secret-*, deny',
      'g, bob, role:lead',
      'g, role:lead, role:deployer',
      'p, carol, applications, "{get,sync}", */dev-?, allow',
      'g, dave, role:admin',
      'p, dave, clusters, *, *, deny',
    ].join('\n'),
    'policy.team.csv': 'p, erin, projects, get, shop, allow',
  },
  [
    [local('bob'), 'applications', 'sync', 'shop/app', true],
    [local('bob'), 'applications', 'get', 'shop/team/app', true],
    [local('bob'), 'applications', 'sync', 'shop/secret-app', false],
    [local('bob'), 'applications', 'get', 'shop/secret-app', true],
    [local('bob'), 'applications', 'sync', 'other/app', false],
    [local('bob'), 'applications', 'delete', 'shop/app', false],
    [local('bob'), 'applications', 'action/apps/Deployment/restart', 'shop/app', true],
    [local('bob'), 'applications', 'action/apps/StatefulSet/restart', 'shop/app', false],
    [local('bo'), 'applications', 'sync', 'shop/app', false],
    [local('carol'), 'applications', 'sync', 'shop/dev-1', true],
    [local('carol'), 'applications', 'sync', 'shop/dev-12', false],
    [local('carol'), 'applications', 'delete', 'shop/dev-1', false],
    [local('dave'), 'applications', 'delete', 'shop/app', true],
    [local('dave'), 'clusters', 'get', 'https://kubernetes.default.svc', false],
    [local('erin'), 'projects', 'get', 'shop', true],
    [local('erin'), 'projects', 'get', 'other', false],
  ],
);

table(
  'a policy of regular expressions',
  {
    'policy.matchMode': 'regex',
    'policy.csv':
      'p, alice, applications, ^(get|sync)$, ^shop/(dev|stage)$, allow\np, alice, applications, delete, op/d, allow',
  },
  [
    [local('alice'), 'applications', 'sync', 'shop/dev', true],
    [local('alice'), 'applications', 'sync', 'shop/dev-2', false],
    // Nothing holds it to the ends.
    [local('alice'), 'applications', 'delete', 'shop/dev', true],
    [local('admin'), 'applications', 'delete', 'shop/app', true],
  ],
);

table(
  'the default role',
  { 'policy.default': 'role:readonly', 'policy.csv': 'p, alice, applications, get, */*, deny' },
  [
    [local('bob'), 'applications', 'get', 'shop/app', true],
    [ANONYMOUS, 'applications', 'get', 'shop/app', true],
    [ANONYMOUS, 'applications', 'sync', 'shop/app', false],
    [token('other', 'ci'), 'applications', 'get', 'shop/app', true],
    // It is asked first (Argo CD: enforce).
    [local('alice'), 'applications', 'get', 'shop/app', true],
  ],
);

table('roles of projects', {}, [
  [token('shop', 'ci'), 'applications', 'sync', 'shop/app', true],
  [token('shop', 'ci'), 'applications', 'delete', 'shop/app', false],
  [token('shop', 'ci'), 'applications', 'sync', 'other/app', false],
  [token('shop', 'ci'), 'applications', 'sync', 'nosuch/app', false],
  [token('shop', 'ci'), 'projects', 'get', 'shop', true],
  [token('shop', 'ci'), 'projects', 'get', 'other', false],
  [token('shop', 'ci'), 'projects', 'update', 'shop', false],
  [token('shop', 'nosuch'), 'applications', 'sync', 'shop/app', false],
  [person('kim', 'shop-team'), 'applications', 'sync', 'shop/app', true],
  [person('kim', 'shop-team'), 'projects', 'get', 'shop', true],
  [person('kim', 'shop-team'), 'applications', 'sync', 'other/app', false],
  [person('kim', 'others'), 'applications', 'sync', 'shop/app', false],
]);

table(
  'what the operator denies a role of a project',
  { 'policy.csv': 'p, proj:shop:ci, applications, sync, *, deny' },
  [
    [token('shop', 'ci'), 'applications', 'sync', 'shop/app', false],
    [token('shop', 'ci'), 'applications', 'get', 'shop/app', true],
  ],
);

table('groups', { 'policy.csv': 'g, platform, role:admin\np, kim, clusters, get, *, deny' }, [
  [person('kim', 'platform'), 'applications', 'delete', 'shop/app', true],
  [person('kim', 'nobody', 'platform'), 'applications', 'delete', 'shop/app', true],
  [person('kim'), 'applications', 'delete', 'shop/app', false],
  // A group that has no role is not asked for, though a rule may name it.
  [person('lee', 'kim'), 'clusters', 'get', 'a', false],
]);

describe('a policy that cannot be read', () => {
  it.each([
    ['too few fields', 'p, alice, applications, get, */*'],
    ['an unknown kind of line', 'q, alice, role:admin'],
    ['a role without a member', 'g, alice'],
    ['an unknown effect', 'p, alice, applications, get, */*, maybe'],
    ['an open quote', 'p, alice, applications, get, "*/*, allow'],
    ['a quote within a field', 'p, alice, applications, get, */"x"*, allow'],
    ['a glob that is none', 'p, alice, applications, get, [a, allow'],
  ])('%s: nobody has more than the built-in roles, and the reason is told', (_, line) => {
    const data = {
      'policy.csv': `p, alice, applications, get, */*, allow\n${line}`,
      'policy.default': 'role:readonly',
    };
    expect(parseRbacConfig(data).problem).toContain('invalid RBAC policy');
    expect(ask(data, [local('alice'), 'applications', 'get', 'shop/app', false])).toBe(false);
    expect(ask(data, [ANONYMOUS, 'applications', 'get', 'shop/app', false])).toBe(false);
    expect(ask(data, [local('admin'), 'applications', 'get', 'shop/app', true])).toBe(true);
  });

  it('of a project gives that project nothing, and is told of', () => {
    const told: string[] = [];
    const rbac = parseRbacConfig({}, (name, problem) => told.push(`${name}: ${problem}`));
    const broken = parseProjectAccess(project('shop', [{ name: 'ci', policies: ['p, proj:shop:ci'] }]));
    const rights = rightsOf(token('shop', 'ci'), { rbac, projects: new Map([['shop', broken]]) });
    expect(rights.may('projects', 'get', 'shop')).toBe(false);
    expect(told).toEqual([expect.stringMatching(/^shop: invalid RBAC policy: line 2/)]);
  });

  it('keeps quotes, commas and spaces as CSV has them', () => {
    expect(parsePolicy('  p, "a, ""b""", applications , get,o,allow ').rules).toEqual([
      { subject: 'a, "b"', resource: 'applications ', action: 'get', object: 'o', effect: 'allow' },
    ]);
  });
});

describe('the scopes', () => {
  it.each([
    [undefined, ['groups']],
    ['[groups, email]', ['groups', 'email']],
    ['- cognito:groups\n', ['cognito:groups']],
    ['', ['groups']],
  ])('%j names %j', (scopes, expected) => {
    expect(parseRbacConfig(scopes === undefined ? {} : { scopes }).scopes).toEqual(expected);
  });
});
