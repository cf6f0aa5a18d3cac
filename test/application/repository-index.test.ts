// The index must find whatever Argo CD's rule (repositoryPattern) accepts.

import { describe, expect, it } from 'vitest';
import { repositoryIndexOf } from '../../src/application/repository-index.ts';
import type { Application } from '../../src/application/types.ts';
import { repositoryMatcher } from '../../src/git/repository-url.ts';

const application = (name: string, ...urls: readonly string[]): Application => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec: { project: 'default', destination: {}, sources: urls.map((repoURL) => ({ repoURL, path: '.' })) },
  status: {},
});
const names = (apps: readonly Application[]) => apps.map(({ metadata }) => metadata.name);

const REPO_URLS = [
  'https://git.example.com/devops/app',
  'https://git.example.com/devops/app.git',
  'http://git.example.com:3000/devops/app',
  'https://kim@git.example.com/devops/app',
  'HTTPS://GIT.EXAMPLE.COM/Devops/App.GIT',
  'ssh://git@git.example.com:2222/devops/app',
  'git@git.example.com:devops/app.git',
  'git@ssh.git.example.com:devops/app',
  'ssh://git@altssh.git.example.com:443/devops/app',
  'git.example.com/devops/app',
  'git.example.com:22/devops/app',
  'git@git.example.com:22/devops/app',
  'git@git.example.com:22/app',
  'https://git.example.com/devops/app/',
  'https://git.example.com/devops/app?x=1',
  'https://git.example.com/devops/application',
  'https://git.example.com/devops',
  'https://other.example.com/devops/app',
  'https://kim:secret@git.example.com/devops/app',
  'oci://git.example.com/devops/app',
  '',
];
const PUSHED = [
  'https://git.example.com/devops/app',
  'http://git.example.com:3000/devops/app.git',
  'https://ssh.git.example.com/devops/app',
  'ssh://git@git.example.com:2222/devops/app.git',
  'https://git.example.com/22/app',
  'https://git.example.com/devops/',
  'https://git.example.com',
  '',
];

describe('the index of Applications by repository', () => {
  it.each(PUSHED)('finds for a push to %j all that the rule accepts', (pushed) => {
    const apps = REPO_URLS.map((url, index) => application(`app-${index}`, 'https://another.example.com/x', url));
    const found = names(repositoryIndexOf(apps).atAddresses([pushed]));
    const isOfRepository = repositoryMatcher([pushed]);
    const accepted = apps.filter(({ spec }) => spec.sources?.some(({ repoURL }) => isOfRepository(repoURL)));
    expect(names(accepted).filter((name) => !found.includes(name))).toEqual([]);
    expect(found).toEqual(found.toSorted((left, right) => Number(left.slice(4)) - Number(right.slice(4))));
  });

  it('leaves nearly all others out', () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      application(`other-${index}`, `https://git.example.com/o/${index}`),
    );
    const apps = [...many, application('app', 'https://git.example.com/devops/app')];
    expect(names(repositoryIndexOf(apps).atAddresses(['http://git.example.com:3000/devops/app.git']))).toEqual(['app']);
  });

  it('finds the same path on other hosts', () => {
    const apps = REPO_URLS.map((url) => application(url, url));
    const found = names(repositoryIndexOf(apps).atPaths(['https://mirror.example.com/devops/app']));
    expect(found).toContain('https://other.example.com/devops/app');
    expect(found).not.toContain('https://git.example.com/devops/application');
  });
});
