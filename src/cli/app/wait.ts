// hawser app wait: until an Application is as it is wanted (Argo CD: checkAppWaitConditions, waitOnApplicationStatus).

import { stateSentence } from '../../application/state-sentence.ts';
import type { Application } from '../../application/types.ts';
import { HawserError } from '../../base/errors.ts';
import type { ServerAddress } from '../api-client.ts';
import { formatData } from '../output.ts';
import { followFromNow } from '../progress/follow.ts';
import { createProgress } from '../progress/progress.ts';
import { keyOf, type ResourceRow, resourceRows } from '../progress/rows.ts';
import { parseResourcePattern, selectResources } from '../select-resources.ts';
import { applicationIn, chooseRefs } from './applications.ts';
import {
  type AppContext,
  type AppRef,
  addVerb,
  collect,
  DEFAULT_TIMEOUT_S,
  outputOption,
  parseRef,
  parseTimeout,
  shownName,
} from './context.ts';
import { formatState } from './summary.ts';

export interface Wanted {
  readonly sync?: boolean;
  readonly health?: boolean;
  readonly operation?: boolean;
  readonly suspended?: boolean;
  readonly degraded?: boolean;
  readonly delete?: boolean;
}

export function addWaitVerb(context: AppContext): void {
  const { io } = context;
  addVerb(
    context,
    'wait [names...]',
    'until it is Synced and Healthy and no operation runs; or until what is chosen of these is so',
  )
    .option('-l, --selector <selector>', 'the Applications with these labels')
    .option('--sync', 'until it is Synced')
    .option('--health', 'until it is Healthy')
    .option('--operation', 'until no operation runs')
    .option('--suspended', 'until it is Suspended')
    .option('--degraded', 'until it is Degraded')
    .option('--delete', 'until it is gone')
    .option('--hydrated', 'at once: hawser hydrates nothing')
    .option('--resource <resource>', 'only GROUP:KIND:NAME, or with ! all but it; * for any', collect)
    .option('--timeout <seconds>', 'how long to wait; 0 for no limit', DEFAULT_TIMEOUT_S)
    .addOption(outputOption('wide', 'json', 'yaml', 'tree', 'tree=detailed'))
    .action(async (names: string[], options) => {
      const timeoutMs = parseTimeout(options.timeout);
      const wanted = wantedOf(options);
      const patterns = (options.resource ?? []).map(parseResourcePattern);
      const server = await context.connect();
      const given = names.map((name) => parseRef(name, options.appNamespace));
      for (const ref of await chooseRefs(server, given, options)) {
        const isSilent = options.output === 'json' || options.output === 'yaml';
        const waiting = { server, ref, wanted, timeoutMs, isSilent };
        const found = await waitFor(context, waiting, (rows) => selectResources(rows, patterns));
        if (found === undefined) {
          io.stdout(`Application '${shownName(ref)}' deleted\n`);
          continue;
        }
        io.stdout(formatData(found, options.output) ?? formatState(applicationIn(found)));
      }
    });
}

function wantedOf({ sync, health, operation, suspended, degraded, delete: gone }: Wanted): Wanted {
  const chosen = { sync, health, operation, suspended, degraded, delete: gone };
  const given = Object.fromEntries(Object.entries(chosen).filter(([, isOn]) => isOn));
  return Object.keys(given).length > 0 ? given : { sync: true, health: true, operation: true };
}

interface Waiting {
  readonly server: ServerAddress;
  readonly ref: AppRef;
  readonly wanted: Wanted;
  readonly timeoutMs: number;
  readonly isSilent: boolean;
}

/** The Application once it is as wanted; undefined once it is gone, where that is wanted. Throws `Timeout` with what it is instead. */
export async function waitFor(
  { io }: Pick<AppContext, 'io'>,
  { server, ref, wanted, timeoutMs, isSilent }: Waiting,
  choose: (rows: readonly ResourceRow[]) => readonly ResourceRow[] = (rows) => rows,
) {
  const ended = new AbortController();
  const signal = timeoutMs > 0 ? AbortSignal.any([ended.signal, AbortSignal.timeout(timeoutMs)]) : ended.signal;
  const progress = createProgress(io, isSilent || wanted.delete === true);
  const healthBefore = new Map<string, string>();
  let last = '';
  try {
    for await (const change of followFromNow(server, ref, signal)) {
      if (change === undefined) {
        if (wanted.delete) return undefined;
        throw new HawserError('NotFound', `the Application ${shownName(ref)} does not exist`, {
          hint: 'hawser app list shows all',
        });
      }
      const app = applicationIn(change);
      const rows = choose(resourceRows(app));
      const isPart = rows.length < resourceRows(app).length;
      progress.show(app);
      if (!wanted.delete && isAsWanted(app, wanted, isPart ? rows : undefined)) return change;
      if (wanted.health && !wanted.degraded) refuseDegraded(ref, rows, healthBefore);
      last = wanted.delete
        ? (app.status.conditions?.find(({ type }) => type === 'DeletionError')?.message ?? '')
        : `${stateSentence(app)} Health: ${app.status.health?.status ?? 'Unknown'}`;
    }
  } finally {
    progress.end();
    ended.abort();
  }
  const what = wanted.delete ? 'is not gone' : 'is not as wanted';
  throw new HawserError('Timeout', `${shownName(ref)} ${what} after ${timeoutMs / 1000} s${last ? `: ${last}` : ''}`);
}

/** Of parts, each must be so; otherwise the Application. */
function isAsWanted(app: Application, wanted: Wanted, parts: readonly ResourceRow[] | undefined): boolean {
  const phase = app.status.operationState?.phase;
  if (wanted.operation && (app.operation || phase === 'Running' || phase === 'Terminating')) return false;
  const states = parts ?? [
    { status: app.status.sync?.status ?? 'Unknown', health: app.status.health?.status ?? 'Unknown' },
  ];
  return states.every(({ status, health }) => {
    if (wanted.sync && status !== 'Synced') return false;
    const healths = [
      ...(wanted.health ? ['Healthy'] : []),
      ...(wanted.suspended ? ['Suspended'] : []),
      ...(wanted.degraded ? ['Degraded'] : []),
    ];
    // Objects that have no health, as a ConfigMap has none, are never unwell.
    return healths.length === 0 || healths.includes(health) || (parts !== undefined && health === '');
  });
}

/** What turns Degraded while it is waited for will not become well by itself. */
function refuseDegraded(ref: AppRef, rows: readonly ResourceRow[], before: Map<string, string>): void {
  for (const row of rows) {
    const old = before.get(keyOf(row));
    before.set(keyOf(row), row.health);
    if (row.health !== 'Degraded' || old === undefined || old === 'Degraded' || old === 'Unknown') continue;
    throw new HawserError(
      'FailedPrecondition',
      `application '${shownName(ref)}' health state has transitioned from ${old} to ${row.health}: ${row.kind} ${row.name}`,
    );
  }
}
