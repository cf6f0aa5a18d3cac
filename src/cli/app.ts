// hawser app list|get|history|diff|refresh|sync|wait|…: the server's API in the verbs that Argo CD users know.

import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { parseApplication } from '../application/parse.ts';
import { stateSentence } from '../application/state-sentence.ts';
import type { Application } from '../application/types.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { at, isObject, stringAt } from '../base/json.ts';
import type { KubeObject } from '../kube/object.ts';
import { parseEntries } from '../operation/drift-record.ts';
import type { DeliveryAnswer } from '../operation/push.ts';
import type { Tree } from '../render/tree.ts';
import { callServer, type ServerAddress } from './api-client.ts';
import { diffCommand } from './app-diff.ts';
import { formatApplication, formatHistory, formatList, formatOperation } from './app-text.ts';
import { formatDrift } from './drift-text.ts';
import type { CommandIo } from './io.ts';
import { readLocalFiles } from './local-files.ts';
import { formatData } from './output.ts';
import { prepareProgram, runProgram } from './parse-command.ts';
import { matchesLabels, parseResourcePattern, type SelectedResource, selectResources } from './select-resources.ts';
import { type OpenServer, offerServer } from './server-options.ts';

export interface AppCommandParts {
  readonly openServer: OpenServer;
  /** A folder of this machine. */
  readonly openFolder: (folder: string) => Promise<Tree>;
}

const DEFAULT_TIMEOUT_S = 300;
const LOOK_AGAIN_MS = 150;

/** Runs `hawser app ARGS` and gives the exit code. */
export async function appCommand(args: readonly string[], io: CommandIo, parts: AppCommandParts): Promise<number> {
  let exitCode = 0;
  const program = prepareProgram(new Command('hawser app').description('Applications on a hawser server'), io);

  const connect = offerServer(program, parts.openServer);
  const addVerb = (usage: string, description: string) => program.command(usage).description(description);

  addVerb('list', 'list the Applications')
    .addOption(outputOption('wide', 'name', 'json', 'yaml'))
    .action(async (options) => {
      const answer = await callServer(await connect(), 'GET', '/api/v1/applications');
      const items = at(answer, 'items') ?? [];
      const apps = Array.isArray(items) ? items.map(applicationIn) : [];
      if (options.output === 'name') io.stdout(apps.map(({ metadata }) => `${metadata.name}\n`).join(''));
      else io.stdout(formatData(items, options.output) ?? formatList(apps, options.output === 'wide'));
    });
  addVerb('get <name>', 'show one Application')
    .addOption(outputOption('json', 'yaml'))
    .option('--refresh', 'compare it with Git and the cluster first')
    .option('--hard-refresh', 'the same, rendering anew')
    .action(async (name, options) => {
      const query = options.hardRefresh ? '?refresh=hard' : options.refresh ? '?refresh=normal' : '';
      const answer = await callServer(await connect(), 'GET', `${pathOf(name)}${query}`);
      io.stdout(formatData(answer, options.output) ?? formatApplication(applicationIn(answer)));
    });
  addVerb('history <name>', 'the deployments that rollback can bring back').action(async (name) => {
    io.stdout(formatHistory(applicationIn(await callServer(await connect(), 'GET', pathOf(name)))));
  });
  addVerb('drift <name>', 'who changed its objects in the cluster, and when')
    .addOption(outputOption('json', 'yaml'))
    .action(async (name, options) => {
      const answer = await callServer(await connect(), 'GET', `${pathOf(name)}/drift`);
      const items = at(answer, 'items') ?? [];
      io.stdout(formatData(items, options.output) ?? formatDrift(parseEntries(items)));
    });
  addVerb('diff <name>', 'what a sync would change; exit code 1 when something differs, 2 when it cannot be told')
    .option('--revision <revision>', 'instead of the targetRevision')
    .option('--local <folder>', 'a folder of this machine instead of the path in Git')
    .option('--refresh', 'look at Git and the cluster first; always done')
    .option('--hard-refresh', 'the same, asking the API server for everything')
    .option('--server-side-diff', 'by dry runs of the API server: the default')
    .option('--diff-exit-code <number>', 'the exit code when something differs', '1')
    .option('--no-exit-code', 'end with 0 when something differs')
    .action(async (name, { revision, local, ...options }) => {
      const differs = options.exitCode ? parseWhole('--diff-exit-code', options.diffExitCode) : 0;
      const files = local === undefined ? undefined : await readLocalFiles(local, parts.openFolder);
      const chosen = {
        differs,
        ...(revision && { revision }),
        ...(files && { files }),
        ...(options.hardRefresh && { hard: true }),
      };
      exitCode = await diffCommand(await connect(), pathOf(name), chosen, io);
    });
  addVerb('refresh <name>', 'compare with Git and the cluster now')
    .option('--hard', 'render anew')
    .action(async (name, options) => {
      const body = { application: name, wait: true, ...(options.hard && { hard: true }) };
      const answer = (await callServer(await connect(), 'POST', '/api/refresh', body)) as unknown as DeliveryAnswer;
      if (answer.reason) throw new HawserError('NotFound', answer.reason, { hint: 'hawser app list shows all' });
      for (const { name: app, verdict, reason } of answer.applications) io.stdout(`${app}: ${verdict}: ${reason}\n`);
      if (answer.applications.some(({ verdict }) => verdict === 'error')) exitCode = 1;
    });
  addVerb('sync <name>', 'make the cluster as Git says, and wait for the end of it')
    .option('--prune', 'delete what Git no longer has')
    .option('--dry-run', 'only try it')
    .option('--revision <revision>', 'instead of the targetRevision')
    .option(
      '--resource <resource>',
      'only GROUP:KIND:NAME, or with ! all but it; * for any',
      (text: string, all: readonly string[] = []) => [...all, text],
    )
    .option('--label <selector>', 'only what Git gives these labels')
    .option('--async', 'do not wait')
    .option('--retry-limit <number>', 'attempts after a failed one; below 0 without end')
    .option('--retry-backoff-duration <duration>', 'the first pause', '5s')
    .option('--retry-backoff-factor <number>', 'by how much the pauses grow', '2')
    .option('--retry-backoff-max-duration <duration>', 'the longest pause', '3m0s')
    .option('--retry-refresh', 'attempt the newest revision')
    .option('--timeout <seconds>', 'how long to wait', String(DEFAULT_TIMEOUT_S))
    .action(async (name, options) => {
      const server = await connect();
      const timeoutMs = parseSeconds(options.timeout);
      const request = {
        ...(options.prune && { prune: true }),
        ...(options.dryRun && { dryRun: true }),
        ...(options.revision && { revision: options.revision }),
        ...(await chooseResources(server, name, options)),
        ...(options.retryLimit !== undefined && { retryStrategy: retryStrategyOf(options) }),
      };
      exitCode = await operate(server, name, 'sync', request, options.async ? 0 : timeoutMs);
    });
  addVerb('wait <name>', 'until it is Synced and Healthy and no operation runs; or until what is chosen of these is so')
    .option('--sync', 'until it is Synced')
    .option('--health', 'until it is Healthy')
    .option('--operation', 'until no operation runs')
    .option('--timeout <seconds>', 'how long to wait', String(DEFAULT_TIMEOUT_S))
    .action(async (name, { sync, health, operation, ...options }) => {
      const isAny = !sync && !health && !operation;
      const wanted = { sync: isAny || sync, health: isAny || health, operation: isAny || operation };
      const app = await waitForState(await connect(), name, wanted, parseSeconds(options.timeout));
      io.stdout(`${stateSentence(app)}\n`);
    });
  addVerb(
    'rollback <name> [id]',
    'bring back an entry of the history (the one before the newest), and wait for the end of it',
  )
    .option('--prune', 'delete what it did not have')
    .option('--dry-run', 'only try it')
    .option('--disable-auto-sync', 'turn automated sync off first, which otherwise refuses')
    .option('--timeout <seconds>', 'how long to wait', String(DEFAULT_TIMEOUT_S))
    .action(async (name, id, options) => {
      const request = {
        ...(id !== undefined && { id: parseWhole('the id', id) }),
        ...(options.prune && { prune: true }),
        ...(options.dryRun && { dryRun: true }),
        ...(options.disableAutoSync && { disableAutoSync: true }),
      };
      exitCode = await operate(await connect(), name, 'rollback', request, parseSeconds(options.timeout));
    });
  addVerb('approve <name>', 'let a sync that a sync window holds go on now, and wait for the end of it')
    .option('--timeout <seconds>', 'how long to wait', String(DEFAULT_TIMEOUT_S))
    .action(async (name, options) => {
      exitCode = await operate(await connect(), name, 'approve-sync', {}, parseSeconds(options.timeout));
    });
  addVerb('terminate-op <name>', 'end the operation that runs, or waits for its next attempt').action(async (name) => {
    await callServer(await connect(), 'DELETE', `${pathOf(name)}/operation`);
    io.stdout(`Application '${name}' operation terminating\n`);
  });
  addVerb('delete <name...>', 'delete Applications, and their objects with them')
    .option('--cascade [boolean]', 'false: leave the objects', 'true')
    .addOption(
      new Option('-p, --propagation-policy <policy>', 'what becomes of what the objects own').choices([
        'foreground',
        'background',
        'orphan',
      ]),
    )
    .option('-y, --yes', 'taken for granted: nothing is asked')
    .option('--wait', 'until they are gone')
    .option('--timeout <seconds>', 'how long to wait', String(DEFAULT_TIMEOUT_S))
    .action(async (names: string[], options) => {
      const server = await connect();
      const timeoutMs = parseSeconds(options.timeout);
      const query = new URLSearchParams({
        ...(options.cascade !== 'true' && options.cascade !== true && { cascade: String(options.cascade) }),
        ...(options.propagationPolicy && { propagationPolicy: options.propagationPolicy }),
      });
      for (const name of names) {
        await callServer(server, 'DELETE', `${pathOf(name)}${query.size > 0 ? `?${query}` : ''}`);
        if (options.wait) await waitForDeletion(server, name, timeoutMs);
        io.stdout(`application '${name}' deleted\n`);
      }
    });
  addVerb(
    'confirm-deletion <name>',
    'let deletions go on that wait for a confirmation (Delete=confirm, Prune=confirm)',
  ).action(async (name) => {
    await callServer(await connect(), 'POST', `${pathOf(name)}/confirm-deletion`);
    io.stdout(`Application '${name}' updated successfully\n`);
  });

  return (await runProgram(program, args)) ?? exitCode;

  /** Asks for an operation and waits for its end; 0 does not wait. Gives the exit code. */
  async function operate(
    server: ServerAddress,
    name: string,
    verb: string,
    request: object,
    timeoutMs: number,
  ): Promise<number> {
    await callServer(server, 'POST', `${pathOf(name)}/${verb}`, request);
    if (timeoutMs === 0) return 0;
    const done = await waitForOperation(server, name, timeoutMs);
    io.stdout(formatOperation(done));
    return done.status.operationState?.phase === 'Succeeded' ? 0 : 1;
  }
}

interface SelectionFlags {
  readonly resource?: readonly string[];
  readonly label?: string;
  readonly revision?: string;
}

/** Which they are is decided here, as in Argo CD: the server is told the names. */
async function chooseResources(server: ServerAddress, name: string, { resource, label, revision }: SelectionFlags) {
  if (resource === undefined && label === undefined) return {};
  const patterns = (resource ?? []).map(parseResourcePattern);
  const known =
    label === undefined ? await knownResources(server, name) : await labelled(server, name, label, revision);
  const chosen = selectResources(known, patterns);
  if (chosen.length === 0) {
    throw new HawserError('NotFound', 'no resource of the Application is meant by these flags', {
      hint: `hawser app get ${name} -o yaml shows them all`,
    });
  }
  const resources = chosen.map(({ group, kind, namespace, name }) => ({
    ...(group && { group }),
    kind,
    name,
    ...(namespace && { namespace }),
  }));
  return { resources };
}

async function knownResources(server: ServerAddress, name: string): Promise<readonly SelectedResource[]> {
  return applicationIn(await callServer(server, 'GET', pathOf(name))).status.resources ?? [];
}

async function labelled(server: ServerAddress, name: string, selector: string, revision: string | undefined) {
  const query = revision ? `?revision=${encodeURIComponent(revision)}` : '';
  const items = at(await callServer(server, 'GET', `${pathOf(name)}/managed-resources${query}`), 'items');
  return (Array.isArray(items) ? items : []).flatMap((item): SelectedResource[] => {
    const target = stringAt(item, 'targetState');
    const labels = target ? at(JSON.parse(target), 'metadata', 'labels') : undefined;
    if (!matchesLabels(selector, isObject(labels) ? labels : {})) return [];
    const text = (key: string) => stringAt(item, key) ?? '';
    return [{ group: text('group'), kind: text('kind'), namespace: text('namespace'), name: text('name') }];
  });
}

interface RetryFlags {
  readonly retryLimit: string;
  readonly retryBackoffDuration: string;
  readonly retryBackoffFactor: string;
  readonly retryBackoffMaxDuration: string;
  readonly retryRefresh?: boolean;
}

function retryStrategyOf(flags: RetryFlags) {
  return {
    limit: parseWhole('--retry-limit', flags.retryLimit),
    ...(flags.retryRefresh && { refresh: true }),
    backoff: {
      duration: flags.retryBackoffDuration,
      factor: parseWhole('--retry-backoff-factor', flags.retryBackoffFactor),
      maxDuration: flags.retryBackoffMaxDuration,
    },
  };
}

function parseWhole(what: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new HawserError('InvalidInput', `${what} must be a whole number, not ${text}`);
}

function outputOption(...formats: string[]): Option {
  return new Option('-o, --output <format>', 'another form').choices(formats);
}

/** The Application once the operation that was put on it has ended: whoever begins it takes it off and writes its state at once. */
async function waitForOperation(server: ServerAddress, name: string, timeoutMs: number): Promise<Application> {
  let reason = '';
  for (let waited = 0; waited < timeoutMs; waited += LOOK_AGAIN_MS) {
    const app = applicationIn(await callServer(server, 'GET', pathOf(name)));
    const { phase } = app.status.operationState ?? {};
    if (!app.operation && phase && phase !== 'Running' && phase !== 'Terminating') return app;
    reason = stateSentence(app);
    await sleep(LOOK_AGAIN_MS);
  }
  const late = `the operation of ${name} did not end within ${timeoutMs / 1000} s; it goes on. ${reason}`;
  throw new HawserError('Timeout', late, { hint: `hawser app terminate-op ${name} ends it` });
}

interface WantedState {
  readonly sync: boolean;
  readonly health: boolean;
  readonly operation: boolean;
}

/** The Application once it is as wanted. Throws Timeout with what it is instead. */
async function waitForState(
  server: ServerAddress,
  name: string,
  wanted: WantedState,
  timeoutMs: number,
): Promise<Application> {
  let reason = '';
  for (let waited = 0; waited < timeoutMs; waited += LOOK_AGAIN_MS) {
    const app = applicationIn(await callServer(server, 'GET', pathOf(name)));
    if (isAsWanted(app, wanted)) return app;
    reason = `${stateSentence(app)} Health: ${app.status.health?.status ?? 'Unknown'}`;
    await sleep(LOOK_AGAIN_MS);
  }
  throw new HawserError('Timeout', `${name} is not there after ${timeoutMs / 1000} s. ${reason}`);
}

function isAsWanted({ operation, status }: Application, wanted: WantedState): boolean {
  const phase = status.operationState?.phase;
  if (wanted.operation && (operation || phase === 'Running' || phase === 'Terminating')) return false;
  if (wanted.sync && status.sync?.status !== 'Synced') return false;
  return !wanted.health || status.health?.status === 'Healthy';
}

async function waitForDeletion(server: ServerAddress, name: string, timeoutMs: number): Promise<void> {
  let reason = '';
  for (let waited = 0; waited < timeoutMs; waited += LOOK_AGAIN_MS) {
    try {
      const { status } = applicationIn(await callServer(server, 'GET', pathOf(name)));
      reason = status.conditions?.find(({ type }) => type === 'DeletionError')?.message ?? '';
    } catch (error) {
      if (isHawserError(error, 'NotFound')) return;
      throw error;
    }
    await sleep(LOOK_AGAIN_MS);
  }
  const after = `${name} is not gone after ${timeoutMs / 1000} s; its deletion goes on`;
  throw new HawserError('Timeout', reason ? `${after}: ${reason}` : after);
}

function pathOf(name: string): string {
  return `/api/v1/applications/${encodeURIComponent(name)}`;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * 1000;
  throw new HawserError('InvalidInput', `--timeout ${text} is no number of seconds`);
}

function applicationIn(value: unknown): Application {
  if (!isObject(value) || !isObject(value.metadata)) {
    throw new HawserError('Unavailable', 'the server answered with something that is no Application', {
      hint: 'name another server with --server or HAWSER_SERVER',
    });
  }
  return parseApplication(value as unknown as KubeObject);
}
