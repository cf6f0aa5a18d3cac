// hawser app get: one Application, with its objects as a table or a tree.

import { sourcesOf } from '../../application/parse.ts';
import { sourcePosition } from '../../application/source-position.ts';
import type { Application } from '../../application/types.ts';
import { isHawserError } from '../../base/errors.ts';
import { at, isObject, stringAt } from '../../base/json.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { formatData } from '../output.ts';
import { formatTable } from '../table.ts';
import { applicationIn, getRaw, specOf } from './applications.ts';
import { type AppContext, type AppRef, addVerb, outputOption, parseRef, pathOf } from './context.ts';
import { formatAppTree, readTree } from './resource-tree.ts';
import {
  formatConditions,
  formatOperationResult,
  formatResources,
  formatState,
  formatSummary,
  type SummaryExtras,
} from './summary.ts';

export function addGetVerb(context: AppContext): void {
  const { io } = context;
  addVerb(context, 'get <name>', 'show one Application')
    .addOption(outputOption('wide', 'json', 'yaml', 'tree', 'tree=detailed'))
    .option('--refresh', 'compare it with Git and the cluster first')
    .option('--hard-refresh', 'the same, rendering anew')
    .option('--show-operation', 'with the last operation')
    .option('--show-params', "with Helm's parameters")
    .option('--source-position <number>', 'of which source, from 1')
    .option('--source-name <name>', 'of which source')
    .option('--timeout <seconds>', 'accepted')
    .action(async (name, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      const refresh = options.hardRefresh ? 'hard' : options.refresh ? 'normal' : undefined;
      const raw = await getRaw(server, ref, { refresh });
      const data = formatData(raw, options.output);
      if (data !== undefined) return io.stdout(data);
      const app = applicationIn(raw);
      const parts = [formatSummary(app, await readExtras(server, ref))];
      const conditions = formatConditions(app);
      if (conditions) parts.push(conditions);
      const { operationState } = app.status;
      if (options.showOperation && operationState) parts.push(formatOperationResult(operationState));
      if (options.showParams) {
        const { sourcePosition: position, sourceName } = options;
        parts.push(formatParameters(app, sourcePosition(specOf(raw), { position, name: sourceName })));
      }
      parts.push(formatState(app, await readSentence(server, ref)));
      const isTree = options.output?.startsWith('tree');
      const objects = isTree
        ? formatAppTree(app, await readTree(server, ref), options.output === 'tree=detailed')
        : formatResources(app);
      if (objects) parts.push(objects);
      io.stdout(parts.join('\n'));
    });
}

/** What the Application itself does not tell: a server that cannot tell it, or may not, leaves it out. */
async function readExtras(server: ServerAddress, ref: AppRef): Promise<SummaryExtras> {
  const [settings, windows] = await Promise.all([
    callServer(server, 'GET', '/api/v1/settings').catch(nothing),
    callServer(server, 'GET', pathOf(ref, '/syncwindows')).catch(nothing),
  ]);
  const base = stringAt(settings, 'url') || server.url;
  return {
    url: `${base.replace(/\/+$/, '')}/applications/${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`,
    ...(windows && { windows: windowFacts(windows) }),
  };
}

/** With the commit's author and age, which the Application itself does not have. */
async function readSentence(server: ServerAddress, ref: AppRef): Promise<string | undefined> {
  return stringAt(await callServer(server, 'GET', pathOf(ref, '/state')).catch(nothing), 'sentence');
}

function nothing(error: unknown): undefined {
  if (isHawserError(error)) return undefined;
  throw error;
}

function windowFacts(answer: Record<string, unknown>) {
  const assigned = listAt(answer, 'assignedWindows');
  const active = listAt(answer, 'activeWindows');
  const isDenied = active.some((window) => stringAt(window, 'kind') === 'deny');
  const isAllowed = active.some((window) => stringAt(window, 'kind') !== 'deny');
  const hasAllows = assigned.some((window) => stringAt(window, 'kind') !== 'deny');
  const isClosed = isDenied || (!isAllowed && hasAllows);
  const state = isClosed ? (answer.canSync === true ? 'Manual Allowed' : 'Sync Denied') : 'Sync Allowed';
  const texts = assigned.map((window) =>
    ['kind', 'schedule', 'duration'].map((key) => stringAt(window, key) ?? '').join(':'),
  );
  return [
    ['SyncWindow:', state],
    ['Assigned Windows:', texts.join(',') || undefined],
  ] as const;
}

function listAt(answer: Record<string, unknown>, key: string): readonly unknown[] {
  const list = at(answer, key);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function formatParameters(app: Application, position: number | undefined): string {
  const { parameters = [] } = sourcesOf(app.spec)[(position ?? 1) - 1]?.helm ?? {};
  return formatTable(
    ['NAME', 'VALUE'],
    parameters.map(({ name, value = '' }) => [name, value.length > 80 ? `${value.slice(0, 77)}...` : value]),
  );
}
