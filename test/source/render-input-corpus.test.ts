// The charts and kustomizations of the corpora, rendered from what was captured of them: the same objects as from their repositories.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitFiles } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { createSourceReaders } from '../../src/source/reader.ts';
import { renderInput } from '../../src/source/render-input.ts';
import { readCorpusApplications } from '../support/corpus-applications.ts';

const CORPUS = process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus');
/** One of each chart, and of the kustomizations of each repository; of these, a quarter. HAWSER_ALL_CASES=1 takes all. */
const MOST = process.env.HAWSER_ALL_CASES ? Number.POSITIVE_INFINITY : 1;
const EVERY = process.env.HAWSER_ALL_CASES ? 1 : 4;
const HOST = 'https://git.test';
const NOW_MS = 1_700_000_000_000;
const AUTHOR = { name: 'Corpus', email: 'corpus@example.com' };

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

const isThere = existsSync(CORPUS);
if (!isThere) console.warn(`SKIPPED: no corpus at ${CORPUS}`);

describe.skipIf(!isThere)('what was captured of the corpora', () => {
  it('is rendered to the same objects', { timeout: 600_000 }, async () => {
    const { applications: all, repositories } = readCorpusApplications(CORPUS, MOST);
    const applications = all.filter((_, index) => index % EVERY === 0);
    const git = createGitServer();
    const commits = new Map<string, string>();
    for (const { repository, branch, files } of repositories) {
      const place = git.get(repository) ?? git.create(repository);
      const { after } = commitFiles(place, branch, files, { message: branch, author: AUTHOR, atMs: NOW_MS });
      commits.set(`${repository} ${branch}`, after);
    }
    const read = createSourceReaders({
      fetch: async (url, init) => git.handle(new Request(url, init)),
      cache: { get: async () => undefined, put: async () => undefined },
      clock: { now: () => NOW_MS },
      random,
      background: () => undefined,
    });
    let rendered = 0;
    const different: string[] = [];
    for (const { name, repository, branch, source, namespace } of applications) {
      const reader = read({ repositories: [], templates: [], certificates: {} });
      const revision = commits.get(`${repository} ${branch}`) ?? '';
      const resolved = [{ source: { repoURL: `${HOST}/${repository}`, ...source }, revision }];
      const kubeVersion = source.helm?.kubeVersion ?? source.kustomize?.kubeVersion ?? 'v1.34.1';
      const context = {
        ...{ appName: name, appNamespace: 'argocd', project: 'default', namespace, kubeVersion },
        apiVersions: [],
      };
      const objects = await reader.render(resolved, context).then(
        (found) => found.objects,
        () => undefined,
      );
      if (!objects) continue;
      const input = await reader.capture(resolved, context);
      const generated = { recall: () => undefined, keep: () => undefined };
      const again = renderInput(JSON.parse(JSON.stringify(input)), {}, { generated, random });
      rendered++;
      // Keys and certificates are made by chance and by the clock.
      if (!input.generates && JSON.stringify(again) !== JSON.stringify(objects)) different.push(name);
      else if (again.length !== objects.length) different.push(name);
    }
    expect(different).toEqual([]);
    expect(rendered).toBeGreaterThan(20);
    console.info(`${rendered} of ${applications.length} Applications of the corpora`);
  });
});
