// hawser app history: the deployments that `hawser app rollback` can bring back.

import type { Application, Source } from '../../application/types.ts';
import { formatTable } from '../table.ts';
import { getApplication } from './applications.ts';
import { type AppContext, addVerb, outputOption, parseRef } from './context.ts';

export function addHistoryVerb(context: AppContext): void {
  addVerb(context, 'history <name>', 'the deployments that rollback can bring back')
    .addOption(outputOption('wide', 'id'))
    .action(async (name, { output, appNamespace }) => {
      const app = await getApplication(await context.connect(), parseRef(name, appNamespace));
      const { history = [] } = app.status;
      context.io.stdout(output === 'id' ? history.map(({ id }) => `${id}\n`).join('') : formatHistory(app));
    });
}

/** A table for each repository, the newest last (Argo CD: printApplicationHistoryTable; who did it is hawser's own). */
export function formatHistory({ status: { history = [] } }: Application): string {
  const tables = new Map<string, (readonly string[])[]>();
  for (const { id, deployedAt, revision, revisions, source, sources, initiatedBy } of history) {
    const by = initiatedBy?.automated ? 'automated sync' : (initiatedBy?.username ?? '');
    const all: readonly (readonly [Source | undefined, string | undefined])[] = sources
      ? sources.map((one, index) => [one, revisions?.[index]])
      : [[source, revision]];
    for (const [one, commit = ''] of all) {
      const target = one?.targetRevision ?? '';
      const text = commit.length >= 7 && commit !== target ? `${target} (${commit.slice(0, 7)})`.trimStart() : target;
      const url = one?.repoURL ?? '';
      tables.set(url, [...(tables.get(url) ?? []), [String(id), deployedAt, text, by]]);
    }
  }
  return [...tables]
    .map(([url, rows]) => `SOURCE  ${url}\n${formatTable(['ID', 'DATE', 'REVISION', 'BY'], rows)}`)
    .join('\n');
}
