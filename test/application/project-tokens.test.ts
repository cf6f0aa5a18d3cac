import { expect, it } from 'vitest';
import { normaliseTokens, withTokensOf } from '../../src/application/project-tokens.ts';

const projectOf = (spec: unknown, status?: unknown) => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'shop' } },
  ...{ spec, ...(status !== undefined && { status }) },
});

it('has the tokens of a role in both places, the newest first, each once', () => {
  const spec = { roles: [{ name: 'ci', jwtTokens: [{ iat: 1 }, { iat: 3, id: 'new' }] }, { name: 'none' }] };
  const status = {
    jwtTokensByRole: {
      ci: {
        items: [
          { iat: 2, id: 'a', exp: 9 },
          { iat: 3, id: 'new' },
        ],
      },
      gone: { items: [{ iat: 1 }] },
    },
  };
  const items = [
    { iat: 3, id: 'new' },
    { iat: 2, id: 'a', exp: 9 },
    { iat: 1, id: '1' },
  ];
  expect(normaliseTokens(projectOf(spec, status))).toMatchObject({
    spec: { roles: [{ name: 'ci', jwtTokens: items }, { name: 'none' }] },
    status: { jwtTokensByRole: { ci: { items } } },
  });
  expect(JSON.stringify(normaliseTokens(projectOf(spec, status)))).not.toContain('gone');
});

it.each([
  ['without roles', projectOf({})],
  ['without tokens', projectOf({ roles: [{ name: 'ci' }] })],
])('leaves a project %s as it is', (_, project) => {
  expect(normaliseTokens(project)).toEqual(project);
});

it('takes the tokens of another version, and none of its own', () => {
  const live = projectOf(
    { roles: [{ name: 'ci' }, { name: 'gone' }] },
    { jwtTokensByRole: { ci: { items: [{ iat: 2, id: 'a' }] } } },
  );
  const changed = projectOf({
    roles: [
      { name: 'ci', jwtTokens: [{ iat: 1, id: 'old' }] },
      { name: 'new', jwtTokens: [{ iat: 1 }] },
    ],
  });
  expect(withTokensOf(changed, live)).toEqual(
    projectOf(
      { roles: [{ name: 'ci', jwtTokens: [{ iat: 2, id: 'a' }] }, { name: 'new' }] },
      { jwtTokensByRole: { ci: { items: [{ iat: 2, id: 'a' }] } } },
    ),
  );
  expect(withTokensOf(projectOf({}), projectOf({}))).toEqual(projectOf({}));
});
