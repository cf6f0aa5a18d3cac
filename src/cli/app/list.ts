// hawser app list: the Applications, one a line (Argo CD: printApplicationTable).

import { sourcesOf } from '../../application/parse.ts';
import type { Application } from '../../application/types.ts';
import { formatData } from '../output.ts';
import { formatTable } from '../table.ts';
import { applicationIn, listApplications, refOf } from './applications.ts';
import { type AppContext, addVerb, collect, outputOption, shownName } from './context.ts';

const HEADER = ['NAME', 'CLUSTER', 'NAMESPACE', 'PROJECT', 'STATUS', 'HEALTH', 'SYNCPOLICY', 'CONDITIONS'];

export function addListVerb(context: AppContext): void {
  addVerb(context, 'list', 'list the Applications')
    .addOption(outputOption('wide', 'name', 'json', 'yaml').default('wide'))
    .option('-l, --selector <selector>', 'only those with these labels')
    .option('-p, --project <name>', 'only those of this project; may be given again', collect)
    .option('-r, --repo <url>', 'only those of this repository')
    .option('-c, --cluster <cluster>', 'only those of this cluster, by its name or address')
    .option('-P, --path <folder>', 'only those of this folder')
    .action(async ({ output, ...choice }) => {
      const raw = await listApplications(await context.connect(), choice);
      const apps = raw.map(applicationIn);
      if (output === 'name') context.io.stdout(apps.map((app) => `${shownName(refOf(app))}\n`).join(''));
      else context.io.stdout(formatData(raw, output) ?? formatList(apps));
    });
}

export function formatList(apps: readonly Application[]): string {
  const rows = apps.map((app) => {
    const { destination, project } = app.spec;
    const source = sourcesOf(app.spec)[0];
    return [
      shownName(refOf(app)),
      destination.server || destination.name || '',
      destination.namespace ?? '',
      project,
      app.status.sync?.status ?? 'Unknown',
      app.status.health?.status ?? 'Unknown',
      syncPolicy(app),
      conditions(app),
      source?.repoURL ?? '',
      source?.path ?? source?.chart ?? '',
      source?.targetRevision ?? '',
    ];
  });
  return formatTable([...HEADER, 'REPO', 'PATH', 'TARGET'], rows);
}

function syncPolicy({ spec: { syncPolicy: policy } }: Application): string {
  const { automated } = policy ?? {};
  if (!automated || automated.enabled === false) return 'Manual';
  return automated.prune ? 'Auto-Prune' : 'Auto';
}

/** `ComparisonError,OrphanedResourceWarning(2)`. */
function conditions({ status }: Application): string {
  const counts = new Map<string, number>();
  for (const { type } of status.conditions ?? []) counts.set(type, (counts.get(type) ?? 0) + 1);
  const texts = [...counts].map(([type, count]) => (count > 1 ? `${type}(${count})` : type));
  return texts.sort().join(',') || '<none>';
}
