// The flags of `app sync`, and what they become in the request (Argo CD: NewApplicationSyncCommand, ApplicationSyncRequest).

import type { Command } from 'commander';
import { hasSeveralSources } from '../../application/parse.ts';
import { sourcePosition } from '../../application/source-position.ts';
import type { Application } from '../../application/types.ts';
import { HawserError, isHawserError } from '../../base/errors.ts';
import { at, isObject, stringAt } from '../../base/json.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { readLocalFiles } from '../local-files.ts';
import { matchesLabels, parseResourcePattern, type SelectedResource, selectResources } from '../select-resources.ts';
import { type AppContext, type AppRef, collect, parseWhole, pathOf } from './context.ts';

export interface SyncFlags {
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly sourcePositions?: readonly string[];
  readonly sourceNames?: readonly string[];
  readonly resource?: readonly string[];
  readonly label?: readonly string[];
  readonly strategy?: string;
  readonly force?: boolean;
  readonly replace?: boolean;
  readonly serverSide?: boolean;
  readonly applyOutOfSyncOnly?: boolean;
  readonly info?: readonly string[];
  readonly retryLimit?: string;
  readonly retryRefresh?: boolean;
  readonly retryBackoffDuration: string;
  readonly retryBackoffFactor: string;
  readonly retryBackoffMaxDuration: string;
  readonly local?: string;
}

export function addSyncFlags(command: Command): Command {
  return command
    .option('--prune', 'delete what Git no longer has')
    .option('--dry-run', 'only try it')
    .option('--revision <revision>', 'instead of the targetRevision')
    .option('--revisions <revision>', 'of one of several sources; may be given again', collect)
    .option('--source-positions <number>', 'for which source a revision is, from 1; may be given again', collect)
    .option('--source-names <name>', 'the same by name', collect)
    .option('--resource <resource>', 'only GROUP:KIND:NAME, or with ! all but it; * for any', collect)
    .option('--label <selector>', 'only what Git gives these labels; may be given again', collect)
    .option('--strategy <strategy>', 'hook, or apply: without hooks')
    .option('--force', 'make anew what cannot be changed')
    .option('--replace', 'replace objects instead of applying them')
    .option('--server-side', 'apply on the server, whatever the sync options say')
    .option('--apply-out-of-sync-only', 'leave alone what is as Git says')
    .option('--info <info>', 'key=value, kept with the operation; may be given again', collect)
    .option('--retry-limit <number>', 'attempts after a failed one; below 0 without end')
    .option('--retry-backoff-duration <duration>', 'the first pause', '5s')
    .option('--retry-backoff-factor <number>', 'by how much the pauses grow', '2')
    .option('--retry-backoff-max-duration <duration>', 'the longest pause', '3m0s')
    .option('--retry-refresh', 'attempt the newest revision')
    .option('--local <folder>', 'what this folder holds, instead of what is in Git')
    .addOption(command.createOption('--local-repo-root <folder>').hideHelp())
    .addOption(command.createOption('--ignore-normalizer-jq-execution-timeout <duration>').hideHelp());
}

/** What to send. The objects that are meant are decided here, as in Argo CD: the server is told their names. */
export async function syncRequestOf(
  context: AppContext,
  server: ServerAddress,
  ref: AppRef,
  app: () => Promise<Application>,
  flags: SyncFlags,
): Promise<Record<string, unknown>> {
  const { prune, dryRun, revision, local } = flags;
  const items = syncOptions(flags);
  const infos = (flags.info ?? []).map(parseInfo);
  return {
    ...(prune && { prune: true }),
    ...(dryRun && { dryRun: true }),
    ...(revision && { revision: await ofOneSource(app, '--revision', revision) }),
    ...(flags.revisions && (await revisionsOf(app, flags, flags.revisions))),
    ...(await chooseResources(server, ref, app, flags)),
    ...(flags.strategy !== undefined || flags.force ? { strategy: strategyOf(flags) } : {}),
    ...(items.length > 0 && { syncOptions: { items } }),
    ...(infos.length > 0 && { infos }),
    ...(flags.retryLimit !== undefined && { retryStrategy: retryStrategyOf(flags, flags.retryLimit) }),
    ...(local !== undefined && { manifests: await localManifests(context, server, ref, app, local, dryRun === true) }),
  };
}

/** Renders files of this machine in place of what is in Git, as JSON texts. */
export type RenderLocal = (
  app: Application,
  files: Readonly<Record<string, Uint8Array>>,
  cluster: { readonly kubeVersion?: string; readonly apiVersions?: readonly string[] },
) => Promise<readonly string[]>;

/** Rendered here, for the cluster that the Application is for: nobody else needs to know how (Argo CD: getLocalObjects). */
export async function renderLocally(
  { openFolder, renderLocal }: Pick<AppContext, 'openFolder' | 'renderLocal'>,
  server: ServerAddress,
  app: Application,
  folder: string,
): Promise<readonly string[]> {
  const files = await readLocalFiles(folder, openFolder);
  const contents = Object.entries(files).map(([name, text]) => [name, Buffer.from(text, 'base64')] as const);
  return renderLocal(app, Object.fromEntries(contents), await clusterOf(server, app));
}

/** What the server knows of the cluster; one that does not tell, or may not, leaves it out. */
async function clusterOf(server: ServerAddress, { spec: { destination } }: Application) {
  const { server: url, name } = destination;
  const path = `/api/v1/clusters/${encodeURIComponent(url || name || '')}${url ? '' : '?id.type=name'}`;
  const cluster = await callServer(server, 'GET', path).catch((error: unknown) => {
    if (isHawserError(error)) return undefined;
    throw error;
  });
  const kubeVersion = stringAt(cluster, 'serverVersion') ?? stringAt(cluster, 'info', 'serverVersion');
  const versions = at(cluster, 'info', 'apiVersions');
  const apiVersions = Array.isArray(versions) ? versions.filter((version) => typeof version === 'string') : [];
  return { ...(kubeVersion && { kubeVersion }), ...(apiVersions.length > 0 && { apiVersions }) };
}

async function localManifests(
  context: AppContext,
  server: ServerAddress,
  ref: AppRef,
  readApp: () => Promise<Application>,
  folder: string,
  isDryRun: boolean,
): Promise<readonly string[]> {
  const app = await readApp();
  const { automated } = app.spec.syncPolicy ?? {};
  if (automated && automated.enabled !== false && !isDryRun) {
    throw new HawserError(
      'FailedPrecondition',
      'Cannot use local sync when Automatic Sync Policy is enabled except with --dry-run',
      { hint: `hawser app set ${ref.name} --sync-policy none turns it off` },
    );
  }
  await ofOneSource(async () => app, '--local', folder);
  return renderLocally(context, server, app, folder);
}

async function ofOneSource(app: () => Promise<Application>, flag: string, value: string): Promise<string> {
  if (!hasSeveralSources((await app()).spec)) return value;
  throw new HawserError('InvalidInput', `${flag} is for Applications of one source`, {
    hint: '--revisions with --source-positions or --source-names',
  });
}

async function revisionsOf(app: () => Promise<Application>, flags: SyncFlags, revisions: readonly string[]) {
  const { sourcePositions = [], sourceNames = [] } = flags;
  if (sourcePositions.length > 0 && sourceNames.length > 0) {
    throw new HawserError('InvalidInput', 'Only one of source-positions and source-names can be specified.');
  }
  if (sourcePositions.length + sourceNames.length !== revisions.length) {
    throw new HawserError('InvalidInput', '--revisions must be given as often as --source-positions or --source-names');
  }
  const { spec } = await app();
  const raw = { ...spec };
  const positions = [
    ...sourcePositions.map((position) => sourcePosition(raw, { position })),
    ...sourceNames.map((name) => sourcePosition(raw, { name })),
  ];
  return { revisions, sourcePositions: positions.map((position) => position ?? 1) };
}

async function chooseResources(
  server: ServerAddress,
  ref: AppRef,
  app: () => Promise<Application>,
  { resource, label, revision }: SyncFlags,
) {
  if (resource === undefined && label === undefined) return {};
  const patterns = (resource ?? []).map(parseResourcePattern);
  const known =
    label === undefined
      ? ((await app()).status.resources ?? [])
      : await labelled(server, ref, label.join(','), revision);
  const chosen = selectResources<SelectedResource>(known, patterns);
  if (chosen.length === 0) {
    throw new HawserError('NotFound', 'no resource of the Application is meant by these flags', {
      hint: `hawser app get ${ref.name} shows them all`,
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

async function labelled(server: ServerAddress, ref: AppRef, selector: string, revision: string | undefined) {
  const items = at(await callServer(server, 'GET', pathOf(ref, '/managed-resources', { revision })), 'items');
  return (Array.isArray(items) ? items : []).flatMap((item): SelectedResource[] => {
    const target = stringAt(item, 'targetState');
    const labels = target ? at(JSON.parse(target), 'metadata', 'labels') : undefined;
    if (!matchesLabels(selector, isObject(labels) ? labels : {})) return [];
    const text = (key: string) => stringAt(item, key) ?? '';
    return [{ group: text('group'), kind: text('kind'), namespace: text('namespace'), name: text('name') }];
  });
}

function strategyOf({ strategy = 'hook', force }: SyncFlags) {
  if (strategy !== 'hook' && strategy !== 'apply') {
    throw new HawserError('InvalidInput', `Unknown sync strategy: '${strategy}'`, { hint: 'hook or apply' });
  }
  return { [strategy]: force ? { force: true } : {} };
}

function syncOptions({ replace, serverSide, applyOutOfSyncOnly }: SyncFlags): readonly string[] {
  return [
    ...(replace ? ['Replace=true'] : []),
    ...(serverSide ? ['ServerSideApply=true'] : []),
    ...(applyOutOfSyncOnly ? ['ApplyOutOfSyncOnly=true'] : []),
  ];
}

function parseInfo(text: string) {
  const equals = text.indexOf('=');
  if (equals > 0) return { name: text.slice(0, equals), value: text.slice(equals + 1) };
  throw new HawserError('InvalidInput', `--info must be of the form key=value, not ${text}`);
}

function retryStrategyOf(flags: SyncFlags, limit: string) {
  return {
    limit: parseWhole('--retry-limit', limit),
    ...(flags.retryRefresh && { refresh: true }),
    backoff: {
      duration: flags.retryBackoffDuration,
      factor: parseWhole('--retry-backoff-factor', flags.retryBackoffFactor),
      maxDuration: flags.retryBackoffMaxDuration,
    },
  };
}
