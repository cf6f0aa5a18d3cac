// Where paths lead over symbolic links of all kinds, against a checkout by real git on a real file system. Nothing above the root is read.

import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HawserError } from '../../src/base/errors.ts';
import { openCheckout } from '../../src/git/checkout.ts';
import { createGitClient } from '../../src/git/client.ts';
import { commitFiles, type FileChange } from '../../src/sandbox/git/repository.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { git, hasGit, temporaryFolder } from '../support/git-cli.ts';
import { exportRepository } from '../support/git-servers.ts';

const DETAILS = { message: 'x', author: { name: 'Alice', email: 'alice@example.com' }, atMs: 1_700_000_000_000 };
const URL = 'http://git.test/team';
const FOLDERS = ['', 'a', 'a/b', 'a/b/c', 'd', 'lib', 'lib/e'];

/** Numbers that are the same in every run (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Files and symlinks of one repository; `folders` are those of its own. */
function randomFiles(random: (below: number) => number, folders: readonly string[]): Record<string, FileChange> {
  const files: Record<string, FileChange> = {};
  for (const folder of folders) files[folder === '' ? 'file' : `${folder}/file`] = `in ${folder}\n`;
  for (let n = 0; n < 14; n++) {
    const folder = folders[random(folders.length)] ?? '';
    const names = [...folders, 'file', '..', '..', 'lib', '.', 'outside', `l${random(14)}`];
    const parts = names.flatMap((name) => name.split('/')).filter((name) => name !== '');
    const target = Array.from({ length: 1 + random(3) }, () => parts[random(parts.length)]).join('/');
    const content = random(12) === 0 ? `/${target}` : target;
    files[`${folder === '' ? '' : `${folder}/`}l${n}`] = { content, mode: '120000' };
  }
  return files;
}

describe.skipIf(!hasGit())('symbolic links', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it.each(Array.from({ length: 6 }, (_, seed) => [seed]))('lead where they do in a checkout (%i)', async (seed) => {
    const random = createRandom(seed);
    const server = createGitServer();
    const lib = server.create('team/lib');
    const inLib = FOLDERS.filter((one) => one.startsWith('lib')).map((one) => one.slice('lib/'.length));
    const pinned = commitFiles(lib, 'main', randomFiles(random, inLib), DETAILS).after;
    const app = server.create('team/app');
    const own = FOLDERS.filter((one) => !one.startsWith('lib'));
    const files = {
      ...randomFiles(random, own),
      '.gitmodules': '[submodule "lib"]\npath = lib\nurl = ../lib\n',
      lib: { content: pinned, mode: '160000' as const },
    };
    const { after } = commitFiles(app, 'main', files, DETAILS);

    // As real git has it: each repository is cloned to its place. What lies outside is there, and must not be read.
    const root = join(folder.path, String(seed), 'checkout');
    for (const repository of [app, lib]) {
      const bare = join(folder.path, String(seed), repository.path);
      await exportRepository(repository, bare, true);
      await git('/', 'clone', '-q', bare, repository === app ? root : join(root, 'lib'));
    }
    await git(join(root, 'lib'), 'checkout', '-q', pinned);

    const tree = await openCheckout(
      {
        git: createGitClient({ fetch: (url, init) => server.handle(new Request(url, init)) }),
        fetch: (url, init) => fetch(url, init),
        remoteOf: async (url) => ({ url }),
      },
      { url: `${URL}/app` },
      after,
      { paths: [''] },
    );
    const reading = async <T>(read: () => T): Promise<T | string> => {
      for (;;) {
        try {
          return read();
        } catch (error) {
          if (!(error instanceof HawserError)) throw error;
          if (tree.missing().length === 0) return error.code;
          await tree.load(tree.missing());
        }
      }
    };
    const paths = FOLDERS.flatMap((one) =>
      Array.from({ length: 14 }, (_, n) => `${one === '' ? '' : `${one}/`}l${n}`).flatMap((link) => [
        link,
        `${link}/file`,
        `${link}/../file`,
        `${link}/l${random(14)}/e`,
      ]),
    );
    let seen = 0;
    for (const path of paths) {
      const found = await reading(() => tree.realPath(path));
      const content = await reading(() => tree.readFile(path));
      const expected = realPathOf(root, path);
      if (expected === undefined) {
        // Nothing is there, or it is outside: which of both is told only of what leads outside.
        expect([path, found === undefined || found === 'PathEscapes' || found === 'LimitExceeded']).toEqual([
          path,
          true,
        ]);
        expect([path, content === undefined || typeof content === 'string']).toEqual([path, true]);
        continue;
      }
      seen++;
      expect([path, found]).toEqual([path, expected]);
      const isFile = statSync(join(root, expected)).isFile();
      const text = content instanceof Uint8Array ? new TextDecoder().decode(content) : content;
      expect([path, text]).toEqual([path, isFile ? readFileSync(join(root, expected), 'utf8') : undefined]);
    }
    expect(seen).toBeGreaterThan(5);
  });
});

/** Where a path leads inside `root`; undefined where it leads to nothing, or on its way out of `root`. */
function realPathOf(root: string, path: string): string | undefined {
  // As the system has it: `link/..` is the parent of what the link leads to.
  const full = `${root}/${path}`;
  if (!existsSync(full)) return undefined;
  const real = relative(realpathSync(root), realpathSync.native(full));
  return real.startsWith('..') ? undefined : real;
}
