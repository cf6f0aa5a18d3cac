// hawser proj windows: when the Applications of a project may be synced. A window has no name; its place in the list counts, as in Argo CD.

import type { Command } from 'commander';
import { activeWindows, parseSyncWindows } from '../../application/sync-window.ts';
import { HawserError, isHawserError } from '../../base/errors.ts';
import { stringAt } from '../../base/json.ts';
import { outputOption } from '../app/context.ts';
import { formatData } from '../output.ts';
import { formatTable } from '../table.ts';
import { getProject, listOf, type ProjectContext, putSpec, specOf, textsOf } from './context.ts';

type Window = Readonly<Record<string, unknown>>;

interface WindowFlags {
  readonly kind?: string;
  readonly schedule?: string;
  readonly duration?: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly manualSync?: boolean;
  readonly syncOverrun?: boolean;
  readonly timeZone?: string;
  readonly useAndOperator?: boolean;
  readonly description?: string;
}

const HEADER = [
  ...['ID', 'STATUS', 'KIND', 'SCHEDULE', 'DURATION', 'APPLICATIONS', 'NAMESPACES', 'CLUSTERS'],
  ...['MANUALSYNC', 'SYNCOVERRUN', 'TIMEZONE', 'USEANDOPERATOR'],
];

export function addWindowVerbs(context: ProjectContext): void {
  const windows = context.program.command('windows').description('when Applications may be synced');

  windows
    .command('list <project>')
    .description('all of a project, and whether each is open now')
    .addOption(outputOption('json', 'yaml', 'wide'))
    .action(async (project, options) => {
      const found = listOf(specOf(await getProject(await context.connect(), project)), 'syncWindows');
      context.io.stdout(formatData(found, options.output) ?? formatWindows(found, Date.now()));
    });
  addFlags(windows.command('add <project>').description('one more'))
    .requiredOption('-k, --kind <kind>', 'allow or deny')
    .option('--manual-sync', 'do not hold what people ask for')
    .option('--sync-overrun', 'let what has begun go on')
    .option('--use-and-operator', 'all of applications, namespaces and clusters must match, not one of them')
    .action((project, options: WindowFlags) =>
      change(project, (all) => [...all, { kind: options.kind, ...withDefaults(options), ...fieldsOf(options) }]),
    );
  addFlags(windows.command('update <project> <id>').description('change one')).action(
    (project, id, options: WindowFlags) => changeOne(project, id, (window) => ({ ...window, ...fieldsOf(options) })),
  );
  windows
    .command('delete <project> <id>')
    .description('remove one; those behind it move up')
    .action((project, id) => change(project, (all) => all.toSpliced(placeOf(id, all), 1)));
  for (const [verb, key, value, what] of TOGGLES) {
    windows
      .command(`${verb} <project> <id>`)
      .description(what)
      .action((project, id) => changeOne(project, id, (window) => ({ ...window, [key]: value })));
  }

  function changeOne(project: string, id: string, edit: (window: Window) => Window): Promise<void> {
    return change(project, (all) => {
      const place = placeOf(id, all);
      return all.map((window, index) => (index === place ? edit(window) : window));
    });
  }

  async function change(name: string, edit: (all: readonly Window[]) => readonly Window[]): Promise<void> {
    const server = await context.connect();
    const project = await getProject(server, name);
    const spec = specOf(project);
    const syncWindows = edit(listOf(spec, 'syncWindows'));
    // A window that cannot be read would hold every sync.
    parseSyncWindows(syncWindows);
    await putSpec(server, project, { ...spec, syncWindows });
  }
}

const TOGGLES = [
  ['enable-manual-sync', 'manualSync', true, 'do not hold what people ask for'],
  ['disable-manual-sync', 'manualSync', false, 'hold what people ask for, too'],
  ['enable-sync-overrun', 'syncOverrun', true, 'let what has begun go on'],
  ['disable-sync-overrun', 'syncOverrun', false, 'do not let it go on'],
] as const;

const collectAll = (text: string, all: readonly string[] = []) => [...all, ...text.split(',')];

function addFlags(command: Command): Command {
  return command
    .option('--schedule <cron>', 'when it opens: five fields, as cron has them')
    .option('--duration <duration>', 'for how long: 1h, 30m')
    .option('--applications <globs>', 'with commas; may be given again', collectAll)
    .option('--namespaces <globs>', 'of their destinations', collectAll)
    .option('--clusters <globs>', 'of their destinations, by address or name', collectAll)
    .option('--time-zone <zone>', 'of the schedule: Europe/Berlin (UTC)')
    .option('--description <text>', 'for people');
}

function withDefaults({ kind, schedule, duration }: WindowFlags): Window {
  if (kind !== 'allow' && kind !== 'deny')
    throw new HawserError('InvalidInput', `--kind ${kind} is neither allow nor deny`);
  if (!schedule || !duration) throw new HawserError('InvalidInput', '--schedule and --duration are both needed');
  return { timeZone: 'UTC' };
}

function fieldsOf(flags: WindowFlags): Window {
  const { kind: _, useAndOperator, ...fields } = flags;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(useAndOperator && { andOperator: true }) };
}

function placeOf(id: string, all: readonly Window[]): number {
  if (/^\d+$/.test(id) && Number(id) < all.length) return Number(id);
  throw new HawserError('NotFound', `window with id '${id}' not found`, {
    hint: 'hawser proj windows list shows them',
  });
}

export function formatWindows(windows: readonly Window[], now: number): string {
  return formatTable(
    HEADER,
    windows.map((window, index) => [
      String(index),
      statusOf(window, now),
      ...['kind', 'schedule', 'duration'].map((key) => stringAt(window, key) ?? ''),
      ...['applications', 'namespaces', 'clusters'].map((key) => textsOf(window, key).join(',') || '-'),
      ...['manualSync', 'syncOverrun'].map((key) => (window[key] ? 'Enabled' : 'Disabled')),
      stringAt(window, 'timeZone') ?? '',
      window.andOperator ? 'Enabled' : 'Disabled',
    ]),
  );
}

function statusOf(window: Window, now: number): string {
  try {
    return activeWindows(parseSyncWindows([window]), now).length > 0 ? 'Active' : 'Inactive';
  } catch (error) {
    if (isHawserError(error)) return 'Inactive';
    throw error;
  }
}
