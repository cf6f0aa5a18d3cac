// The corpus of kustomizations with remote bases: those of kustomize's own tests that need no public network, with their repositories made
// again and served by the real `git http-backend`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { isObject } from '../../../src/base/json.ts';
import { buildCommand } from '../../../src/cli/build.ts';
import { buildWithNetwork } from '../../../src/cli/remote-bases.ts';
import { createConnectedFetch } from '../../../src/node/connected-fetch.ts';
import { diskTree } from '../../../src/node/disk-tree.ts';
import { captureIo } from '../../support/captured-io.ts';
import { hasGit, temporaryFolder } from '../../support/git-cli.ts';
import { startHttpBackend } from '../../support/git-http-backend.ts';
import { createKustomizeRepositories } from '../../support/kustomize-repositories.ts';
import { type Case, type LayerResult, readCases, runCases } from '../layer.ts';
import { firstDifference } from './first-difference.ts';

const LAYER = 'kustomize/remote';

/** Runs the rows of `kustomize/remote.jsonl` whose test says what to expect; the others need servers of the public network. */
export async function runKustomizeRemoteLayer(corpusDir: string): Promise<LayerResult[]> {
  const rows = readCases(join(corpusDir, 'kustomize', 'remote.jsonl'));
  const judged = rows.filter(({ expectedByTest, errorByTest }) => expectedByTest !== null || errorByTest !== null);
  console.warn(
    `${LAYER}: ${rows.length - judged.length} of ${rows.length} rows need the public network and are skipped`,
  );
  if (!hasGit()) return [];
  const folder = temporaryFolder();
  const backend = await startHttpBackend(folder.path);
  const failing = await startFailingServer();
  try {
    // Without a suffix, two parts of the path are taken for the repository.
    const repositories = `${backend.url}/repositories`;
    await createKustomizeRepositories(join(folder.path, 'repositories'), repositories);
    const relocate = (text: string) =>
      text
        .replaceAll(/file:\/\/\/tmp\/[^/]+\/\d+\//g, `${repositories}/`)
        .replaceAll(/http:\/\/127\.0\.0\.1:\d+(?=\/(segments|long))/g, failing.url);
    return [await runCases(LAYER, judged, (row) => checkRow(row, join(folder.path, 'rows', String(row.id)), relocate))];
  } finally {
    await Promise.all([backend.close(), failing.close()]);
    folder.remove();
  }
}

/** What is wrong with a row; the text of an error is kustomize's own affair. */
async function checkRow(
  { root, flags, files, expectedByTest }: Case,
  folder: string,
  relocate: (text: string) => string,
): Promise<string | undefined> {
  for (const [path, text] of Object.entries(isObject(files) ? files : {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), relocate(String(text)));
  }
  const { io, output } = captureIo(folder, { TZ: 'UTC' });
  const args = [String(root), ...(Array.isArray(flags) ? flags.map(String) : [])];
  const exit = await buildCommand(args, io, diskTree, () =>
    buildWithNetwork(args, io, diskTree, async () => createConnectedFetch({})),
  );
  const { stdout, stderr } = output();
  if (expectedByTest === null) return exit === 0 ? 'succeeds, and should fail' : undefined;
  return exit === 0 ? firstDifference(relocate(String(expectedByTest)), stdout) : `exit ${exit}: ${stderr}`;
}

/** As the server of kustomize's test: 404 for what cannot be a repository, 500 for everything else. */
async function startFailingServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer(({ url }, response) => {
    response.writeHead(url?.startsWith('/segments-too-few') ? 404 : 500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
