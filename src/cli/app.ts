// hawser app list|get|diff|sync|refresh: the server's API in the verbs that Argo CD users know.

import { Command, CommanderError } from 'commander';
import { parseApplication, sourcesOf } from '../application/parse.ts';
import { stateSentence } from '../application/state-sentence.ts';
import type { Application } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import { at, isObject } from '../base/json.ts';
import type { ResourceDiff } from '../compare/resource-diff.ts';
import { formatResourceDiff } from '../compare/resource-diff-text.ts';
import type { KubeObject } from '../kube/object.ts';
import type { DeliveryAnswer } from '../operation/push.ts';
import { callServer, type ServerAddress } from './api-client.ts';
import type { CommandIo } from './io.ts';
import { formatTable } from './table.ts';

export interface AppCommandParts {
  /** The server when neither flag nor environment names one: a running demo, or the default address. */
  readonly defaultServer: ServerAddress;
  readonly sleep: (ms: number) => Promise<void>;
}

/** `app diff` ends with this code when something differs, as in Argo CD. */
const DIFFERS = 1;
const DEFAULT_TIMEOUT_S = 300;
const LOOK_AGAIN_MS = 150;

/** Runs `hawser app ARGS` and gives the exit code. */
export async function appCommand(args: readonly string[], io: CommandIo, parts: AppCommandParts): Promise<number> {
  let exitCode = 0;
  const program = new Command('hawser app').description('Applications on a hawser server').exitOverride();
  program.configureOutput({ writeOut: io.stdout, writeErr: io.stderr });

  const addVerb = (usage: string, description: string) =>
    program
      .command(usage)
      .description(description)
      .option('--server <url>', 'address of the hawser server (HAWSER_SERVER)')
      .option('--auth-token <token>', 'bearer token (HAWSER_TOKEN)');
  const serverOf = (options: { server?: string; authToken?: string }): ServerAddress => {
    const url = options.server ?? io.env.HAWSER_SERVER;
    const token = options.authToken ?? io.env.HAWSER_TOKEN ?? (url ? undefined : parts.defaultServer.token);
    return { url: url ?? parts.defaultServer.url, ...(token && { token }) };
  };

  addVerb('list', 'list the Applications')
    .option('-o, --output <format>', 'wide, name or json')
    .action(async (options) => {
      const answer = await callServer(serverOf(options), 'GET', '/api/v1/applications');
      io.stdout(formatList(applicationsIn(answer), answer, options.output));
    });
  addVerb('get <name>', 'show one Application')
    .option('-o, --output <format>', 'json')
    .option('--refresh', 'compare it with Git and the cluster first')
    .option('--hard-refresh', 'the same, rendering anew')
    .action(async (name, options) => {
      const query = options.hardRefresh ? '?refresh=hard' : options.refresh ? '?refresh=normal' : '';
      const answer = await callServer(serverOf(options), 'GET', `/api/v1/applications/${name}${query}`);
      io.stdout(
        options.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : formatApplication(applicationIn(answer)),
      );
    });
  addVerb('diff <name>', 'what a sync would change; exit code 1 when something differs')
    .option('--no-exit-code', 'end with 0 even then')
    .action(async (name, options) => {
      const answer = await callServer(serverOf(options), 'GET', `/api/v1/applications/${name}/managed-resources`);
      const items = at(answer, 'items');
      const texts = (Array.isArray(items) ? (items as ResourceDiff[]) : []).map(formatResourceDiff).filter(Boolean);
      io.stdout(texts.join(''));
      if (texts.length > 0 && options.exitCode) exitCode = DIFFERS;
    });
  addVerb('refresh <name>', 'compare with Git and the cluster now')
    .option('--hard', 'render anew')
    .action(async (name, options) => {
      const body = { application: name, ...(options.hard && { hard: true }) };
      const answer = (await callServer(serverOf(options), 'POST', '/api/refresh', body)) as DeliveryAnswer;
      if (answer.reason) throw new HawserError('NotFound', answer.reason);
      for (const { name: app, verdict, reason } of answer.applications) io.stdout(`${app}: ${verdict}: ${reason}\n`);
    });
  addVerb('sync <name>', 'make the cluster as Git says, and wait for the end of it')
    .option('--prune', 'delete what Git no longer has')
    .option('--dry-run', 'only try it')
    .option('--revision <revision>', 'instead of the targetRevision')
    .option('--async', 'do not wait')
    .option('--timeout <seconds>', 'how long to wait', String(DEFAULT_TIMEOUT_S))
    .action(async (name, options) => {
      const server = serverOf(options);
      const request = {
        ...(options.prune && { prune: true }),
        ...(options.dryRun && { dryRun: true }),
        ...(options.revision && { revision: options.revision }),
      };
      const before = applicationIn(await callServer(server, 'GET', `/api/v1/applications/${name}`));
      await callServer(server, 'POST', `/api/v1/applications/${name}/sync`, request);
      if (options.async) return;
      const done = await waitForOperation(server, before, Number(options.timeout) * 1000, parts.sleep);
      io.stdout(formatOperation(done));
      if (done.status.operationState?.phase !== 'Succeeded') exitCode = 1;
    });

  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return exitCode;
}

/** The Application once an operation that is newer than `before`'s has ended. */
async function waitForOperation(
  server: ServerAddress,
  before: Application,
  timeoutMs: number,
  sleep: (ms: number) => Promise<void>,
): Promise<Application> {
  const { name } = before.metadata;
  const last = JSON.stringify(before.status.operationState ?? null);
  for (let waited = 0; waited < timeoutMs; waited += LOOK_AGAIN_MS) {
    const app = applicationIn(await callServer(server, 'GET', `/api/v1/applications/${name}`));
    const state = app.status.operationState;
    const isNew = JSON.stringify(state ?? null) !== last;
    if (!app.operation && isNew && state && state.phase !== 'Running' && state.phase !== 'Terminating') return app;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new HawserError('Timeout', `the operation of ${name} did not end within ${timeoutMs / 1000} s; it goes on`, {
    hint: `hawser app get ${name} shows it`,
  });
}

function applicationIn(value: unknown): Application {
  if (!isObject(value) || !isObject(value.metadata))
    throw new HawserError('Internal', 'the server answered with no Application');
  return parseApplication(value as unknown as KubeObject);
}

function applicationsIn(value: unknown): Application[] {
  const items = at(value, 'items');
  return Array.isArray(items) ? items.map(applicationIn) : [];
}

function formatList(apps: readonly Application[], answer: unknown, output: string | undefined): string {
  if (output === 'json') return `${JSON.stringify(at(answer, 'items') ?? [], null, 2)}\n`;
  if (output === 'name') return apps.map(({ metadata }) => `${metadata.name}\n`).join('');
  const rows = apps.map((app) => {
    const source = sourcesOf(app.spec)[0];
    return [
      app.metadata.name,
      app.spec.destination.namespace ?? '',
      app.status.sync?.status ?? 'Unknown',
      app.status.health?.status ?? 'Unknown',
      app.status.sync?.revision?.slice(0, 7) ?? '',
      app.spec.syncPolicy?.automated ? 'Auto' : 'Manual',
      ...(output === 'wide' ? [source?.repoURL ?? '', source?.path ?? '', source?.targetRevision || 'HEAD'] : []),
    ];
  });
  const header = ['NAME', 'NAMESPACE', 'STATUS', 'HEALTH', 'REVISION', 'SYNCPOLICY'];
  return formatTable(output === 'wide' ? [...header, 'REPO', 'PATH', 'TARGET'] : header, rows);
}

function formatApplication(app: Application): string {
  const { status, spec, metadata } = app;
  const source = sourcesOf(spec)[0];
  const facts = [
    ['Name:', metadata.name],
    ['Project:', spec.project],
    ['Server:', spec.destination.server ?? spec.destination.name ?? ''],
    ['Namespace:', spec.destination.namespace ?? ''],
    ['Repo:', source?.repoURL ?? ''],
    ['Target:', source?.targetRevision || 'HEAD'],
    ['Path:', source?.path ?? ''],
    [
      'Sync Policy:',
      spec.syncPolicy?.automated ? `Automated${spec.syncPolicy.automated.prune ? ' (Prune)' : ''}` : 'Manual',
    ],
    ['Sync Status:', `${status.sync?.status ?? 'Unknown'} ${status.sync?.revision ?? ''}`.trim()],
    ['Health Status:', status.health?.status ?? 'Unknown'],
  ].map(([name = '', value = '']) => `${name.padEnd(20)}${value}`);
  const conditions = (status.conditions ?? []).map(({ type, message }) => `${type}: ${message}`);
  const resources = formatTable(
    ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH'],
    (status.resources ?? []).map(({ group, kind, namespace, name, status: sync, health, requiresPruning }) => [
      group ?? '',
      kind,
      namespace ?? '',
      name,
      requiresPruning ? 'OutOfSync (prune)' : (sync ?? ''),
      health?.status ?? '',
    ]),
  );
  return `${[...facts, '', stateSentence(app), ...conditions].join('\n')}\n\n${resources}`;
}

function formatOperation(app: Application): string {
  const state = app.status.operationState;
  const rows = (state?.syncResult?.resources ?? []).map(({ group, kind, namespace, name, status, message }) => [
    group,
    kind,
    namespace,
    name,
    status ?? '',
    message ?? '',
  ]);
  const table =
    rows.length > 0 ? `${formatTable(['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'MESSAGE'], rows)}\n` : '';
  return `${table}${state?.phase ?? ''}: ${state?.message ?? ''}\n${stateSentence(app)}\n`;
}
