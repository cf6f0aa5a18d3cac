// hawser admin import: an installation of Argo CD, from its export or where it is, taken over. What it would become is rendered and compared
// first; nothing is written before somebody said so.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type ImportOptions,
  type ImportStep,
  parseExport,
  planImport,
  planTakeOver,
} from '../../application/import-plan.ts';
import { parseApplication } from '../../application/parse.ts';
import { mapConcurrent } from '../../base/concurrency.ts';
import { HawserError, messageOf } from '../../base/errors.ts';
import { createKubeClient, type KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/object.ts';
import { refuseBesideArgoCd } from '../../operation/beside-argo-cd.ts';
import type { Hawser } from '../../operation/hawser.ts';
import { requireApplications } from '../../operation/prepare-home.ts';
import { FIELD_MANAGER } from '../../operation/road.ts';
import type { ClusterTransport } from '../../platform.ts';
import type { CommandIo } from '../io.ts';
import { formatData } from '../output.ts';
import { type ApplicationReport, formatReports, isDifferent, reportApplication, stepOf } from './import-report.ts';
import { overlayCluster } from './overlaid-cluster.ts';
import { findInstallation, type InstallationFlags, readInstallation, withNamed } from './read-installation.ts';
import { formatStep, type PlanAgain, writeImport } from './write-import.ts';

export interface ImportFlags extends InstallationFlags {
  readonly live?: boolean;
  readonly apply?: boolean;
  /** The same. */
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly stopOperation?: boolean;
  readonly verbose?: boolean;
  readonly ignoreTracking?: boolean;
  readonly skipResourcesWithLabel?: string;
  /** False: nothing is rendered. */
  readonly render: boolean;
  readonly output?: string;
}

export interface ImportParts {
  /** A hawser over this cluster that serves nobody, for what it can tell. */
  readonly openPreview: (
    cluster: ClusterTransport,
    namespace: string,
  ) => Promise<{
    preview: (app: Parameters<Hawser['preview']>[0]) => ReturnType<Hawser['preview']>;
    close(): Promise<void>;
  }>;
}

/** Sources are fetched meanwhile, and other programs run. */
const AT_ONCE = 4;

interface Work {
  readonly steps: readonly ImportStep[];
  /** What Applications are looked at among. */
  readonly objects: readonly KubeObject[];
  readonly planAgain: PlanAgain;
}

/** Gives the exit code: 1 where nothing was written and something is to be looked at, or where a write failed. */
export async function importInstallation(
  source: string | undefined,
  given: ImportFlags,
  io: CommandIo,
  cluster: ClusterTransport,
  parts: ImportParts,
): Promise<number> {
  const flags: ImportFlags = { ...given, apply: given.apply === true || given.yes === true };
  const client = createKubeClient(cluster, { fieldManager: FIELD_MANAGER });
  await requireApplications(client);
  const work = flags.live ? await planLive(client, flags, source) : await planFile(client, flags, io, source);
  const reports = flags.render ? await previewAll(work, cluster, flags.namespace, parts) : [];
  const isWanted = work.steps.some(isWrite);
  const told = formatData({ objects: work.steps.map(stepOf), applications: reports }, flags.output);
  io.stdout(told ?? describe(work.steps, reports, flags));
  const differs = reports.some(isDifferent);
  if (!isWanted || flags.dryRun) return differs ? 1 : 0;
  if (!(await isAgreed(flags, io))) {
    io.stderr('Nothing was written. --apply writes it.\n');
    return differs ? 1 : 0;
  }
  await refuseBesideArgoCd(client, flags.namespace);
  return write(client, work, flags, io);
}

async function planFile(
  client: KubeClient,
  flags: ImportFlags,
  io: CommandIo,
  source: string | undefined,
): Promise<Work> {
  if (source === undefined) {
    throw new HawserError('InvalidInput', 'what to import is not said', {
      hint: 'name a file that argocd admin export has written, - for standard input, or --live for what is in the cluster',
    });
  }
  const installation = await findInstallation(client, flags);
  const objects = parseExport(await readSource(source, io), flags.namespace, source === '-' ? 'the input' : source);
  const live = await withNamed(client, await readInstallation(client, installation), objects);
  const skipLabel = readSkipLabel(flags.skipResourcesWithLabel);
  const options: ImportOptions = {
    installation,
    ...{ prune: flags.prune === true, stopOperation: flags.stopOperation === true },
    ...{ ignoreTracking: flags.ignoreTracking === true, ...(skipLabel && { skipLabel }) },
  };
  const steps = planImport(objects, live, options);
  const ofFile = new Map(steps.slice(0, objects.length).map((step, index) => [step, objects[index]]));
  return {
    steps,
    objects: steps.filter(({ action }) => /^(create|update|unchanged)$/.test(action)).map(({ object }) => object),
    planAgain: (step, now) => {
      const object = ofFile.get(step);
      return object && planImport([object], [now], { ...options, prune: false })[0];
    },
  };
}

/** What is in the cluster stays as it is, but for operations that were running. */
async function planLive(client: KubeClient, flags: ImportFlags, source: string | undefined): Promise<Work> {
  if (source !== undefined) {
    throw new HawserError('InvalidInput', '--live takes what is in the cluster, and no file');
  }
  const objects = await readInstallation(client, await findInstallation(client, flags));
  return { steps: planTakeOver(objects), objects, planAgain: (_, now) => planTakeOver([now])[0] };
}

async function previewAll(
  { objects }: Work,
  cluster: ClusterTransport,
  namespace: string,
  { openPreview }: ImportParts,
): Promise<readonly ApplicationReport[]> {
  const applications = objects.filter(({ kind }) => kind === 'Application').map(parseApplication);
  if (applications.length === 0) return [];
  const { preview, close } = await openPreview(overlayCluster(cluster, objects), namespace);
  try {
    return await mapConcurrent(applications, AT_ONCE, async (app) => {
      const { namespace: place, name } = app.metadata;
      return reportApplication({ namespace: place, name, preview: await preview(app) });
    });
  } finally {
    await close();
  }
}

/** With --apply the lines of what is done come anyway. */
function describe(steps: readonly ImportStep[], reports: readonly ApplicationReport[], flags: ImportFlags): string {
  const shown = steps.filter(({ action }) => action !== 'unchanged' || flags.verbose);
  const isDone = flags.apply && !flags.dryRun && shown.some(isWrite);
  const lines = isDone ? [] : shown.map((step) => `${formatStep(step, ' (dry run)')}\n`);
  const rest = shown.length === 0 ? 'nothing to do: all is as the import has it\n' : '';
  return [lines.join('') + rest, formatReports(reports)].filter((part) => part !== '').join('\n');
}

function isWrite({ action }: ImportStep): boolean {
  return action === 'create' || action === 'update' || action === 'prune';
}

async function isAgreed({ apply, output }: ImportFlags, io: CommandIo): Promise<boolean> {
  if (apply) return true;
  if (!io.ask || output) return false;
  return /^y(es)?$/i.test((await io.ask('Write this to the cluster? [y/N] ')).trim());
}

async function write(
  client: KubeClient,
  { steps, planAgain }: Work,
  { verbose, namespace, output }: ImportFlags,
  io: CommandIo,
): Promise<number> {
  const say = output ? io.stderr : io.stdout;
  let failed = 0;
  for await (const { step, failure } of writeImport(client, steps, planAgain)) {
    if (failure !== undefined) {
      failed++;
      io.stderr(`Error: ${step.key.kind} ${step.key.namespace}/${step.key.name}: ${failure}\n`);
    } else if (step.action !== 'unchanged' || verbose) say(`${formatStep(step)}\n`);
  }
  if (failed > 0) return 1;
  say(`Import completed in namespace ${namespace}\n`);
  return 0;
}

async function readSource(source: string, io: CommandIo): Promise<string> {
  if (source === '-') return io.readStdin();
  try {
    return readFileSync(resolve(io.cwd, source), 'utf8');
  } catch (error) {
    throw new HawserError('InvalidInput', messageOf(error), { cause: error });
  }
}

function readSkipLabel(text: string | undefined): ImportOptions['skipLabel'] {
  if (text === undefined) return undefined;
  const [, key, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return { key, value };
  throw new HawserError('InvalidInput', `--skip-resources-with-label ${text} is no label`, {
    hint: 'write it as my-label/example.io=true',
  });
}
