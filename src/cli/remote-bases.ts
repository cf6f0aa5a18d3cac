// hawser build where the kustomization, or something that it leads to, is not on this machine: repositories, files at URLs, charts.

import { bringMissing } from '../base/bring-missing.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { createChartClient } from '../charts/client.ts';
import { locateChart } from '../charts/location.ts';
import { createGitClient } from '../git/client.ts';
import { NO_SECRETS } from '../git/credentials.ts';
import { createFetchedCharts } from '../source/fetched-charts.ts';
import { createFetchedRemotes } from '../source/fetched-remotes.ts';
import { treeOfArchive } from '../source/opened-source.ts';
import { readBuildJob, reportBuild } from './build.ts';
import type { CommandIo } from './io.ts';
import { createLocalRepositories } from './local-repositories.ts';
import type { Connect } from './remote-charts.ts';
import type { OpenTree } from './template.ts';

/** What `helm pull --devel` takes for a version. */
const DEVELOPMENT = '>0.0.0-0';

/** The same as `buildCommand`, with the network, and with the repositories of this machine. */
export function buildWithNetwork(
  args: readonly string[],
  io: CommandIo,
  openTree: OpenTree,
  connect: Connect,
): Promise<number> {
  return reportBuild(io, async (warn, forgetWarnings) => {
    const job = readBuildJob(args, io, openTree);
    const fetch = await connect();
    const git = createGitClient({ fetch });
    const local = createLocalRepositories({ git, fetch });
    const remotes = createFetchedRemotes({ git, fetch, secrets: NO_SECRETS, project: '' });
    const charts = createFetchedCharts(createChartClient({ fetch }), ({ name, repository }) =>
      locateChart({ repoURL: repository, chart: name, connection: {} }),
    );
    const elsewhere = {
      remote: {
        readFile: remotes.readFile,
        openRepository: (url: Parameters<typeof remotes.openRepository>[0]) =>
          url.cloneUrl.startsWith('file://') ? local.openRepository(url) : remotes.openRepository(url),
      },
      pull: ({ repo, name, version, devel }: { repo: string; name: string; version: string; devel: boolean }) =>
        treeOfArchive(charts.find({ name, repository: repo, version: version || (devel ? DEVELOPMENT : '') })),
    };
    try {
      return await bringMissing([local, remotes, charts], undefined, () => {
        forgetWarnings();
        return job.run(warn, elsewhere);
      });
    } catch (error) {
      // What helps a server, a Secret, does not help here.
      if (!isHawserError(error, 'GitUnauthorized')) throw error;
      const hint = 'write user and token into the URL: https://USER:TOKEN@HOST/…';
      throw new HawserError(error.code, error.message, { hint, data: error.data, cause: error });
    }
  });
}
