// What triggers and templates may ask: the Application, and the functions of Argo CD (util/notification/expression), as Go values for both.

import { HawserError } from '../base/errors.ts';
import { at, stringAt } from '../base/json.ts';
import { timeOfMs } from '../expr/builtins.ts';
import { durationOf, goFunction, goValueOf } from '../expr/value.ts';
import { compileRegexp, replaceAll } from '../render/go/regexp.ts';
import { parseTime } from '../render/go/time-parse.ts';
import { timeValue } from '../render/go/time-value.ts';
import { GoMap, GoSlice, GoStruct, type GoValue } from '../render/go/value.ts';
import { UTC } from '../render/go/zone.ts';
import type { NotificationConfig } from './config.ts';
import type { Destination } from './subscriptions.ts';

export interface CommitMetadata {
  readonly message: string;
  readonly author: string;
  readonly atSeconds: number;
  readonly tags: readonly string[];
}

/** Commits that were asked for and are not here yet: they are brought, and everything is asked again. */
export interface Commits {
  readonly known: Map<string, CommitMetadata>;
  readonly missing: Set<string>;
}

export interface VariablesInput {
  /** The Application, as JSON. */
  readonly app: unknown;
  readonly appProject: unknown;
  readonly config: NotificationConfig;
  /** Nobody, while a trigger is asked. */
  readonly to?: Destination;
  /** Where people see Applications, where `context` does not say so. */
  readonly url: string;
  readonly commits: Commits;
  readonly now: () => number;
}

export function variablesOf(input: VariablesInput): Map<string, GoValue> {
  const { app, appProject, config, to, url, commits, now } = input;
  const context = { argocdUrl: url, notificationType: to?.service ?? '', ...config.context };
  return new Map<string, GoValue>([
    ['app', goValueOf(app)],
    ['appProject', goValueOf(appProject ?? {})],
    ['context', new GoMap('map[string]string', new Map(Object.entries(context)))],
    ['secrets', new GoMap('map[string][]uint8', new Map(Object.entries(config.secrets)))],
    ['serviceType', to?.service ?? ''],
    ['recipient', to?.recipient ?? ''],
    ['time', timeFunctions(now)],
    ['strings', STRINGS],
    ['sync', syncFunctions()],
    ['repo', repoFunctions(app, commits)],
  ]);
}

const RFC3339 = '2006-01-02T15:04:05Z07:00';
const TIME = 'time.Time';
const ANY = 'interface {}';

const LAYOUTS: Readonly<Record<string, string>> = {
  Layout: "01/02 03:04:05PM '06 -0700",
  ANSIC: 'Mon Jan _2 15:04:05 2006',
  UnixDate: 'Mon Jan _2 15:04:05 MST 2006',
  RubyDate: 'Mon Jan 02 15:04:05 -0700 2006',
  RFC822: '02 Jan 06 15:04 MST',
  RFC822Z: '02 Jan 06 15:04 -0700',
  RFC850: 'Monday, 02-Jan-06 15:04:05 MST',
  RFC1123: 'Mon, 02 Jan 2006 15:04:05 MST',
  RFC1123Z: 'Mon, 02 Jan 2006 15:04:05 -0700',
  RFC3339,
  RFC3339Nano: '2006-01-02T15:04:05.999999999Z07:00',
  Kitchen: '3:04PM',
  Stamp: 'Jan _2 15:04:05',
  StampMilli: 'Jan _2 15:04:05.000',
  StampMicro: 'Jan _2 15:04:05.000000',
  StampNano: 'Jan _2 15:04:05.000000000',
};

const UNITS: Readonly<Record<string, bigint>> = {
  Nanosecond: 1n,
  Microsecond: 1_000n,
  Millisecond: 1_000_000n,
  Second: 1_000_000_000n,
  Minute: 60_000_000_000n,
  Hour: 3_600_000_000_000n,
};

function timeFunctions(now: () => number): GoValue {
  return new Map<string, GoValue>([
    ['Parse', goFunction(['string'], TIME, (text) => timeValue(parseTime(RFC3339, String(text), UTC), UTC))],
    ['Now', goFunction([], TIME, () => timeOfMs(now()))],
    ...Object.entries(UNITS).map(([name, value]): [string, GoValue] => [name, durationOf(value)]),
    ...Object.entries(LAYOUTS),
  ]);
}

const STRINGS: GoValue = new Map<string, GoValue>([
  [
    'ReplaceAll',
    goFunction(['string', 'string', 'string'], 'string', (text, old, by) =>
      String(text).replaceAll(String(old), () => String(by)),
    ),
  ],
  [
    'RegexReplaceAll',
    goFunction(['string', 'string', 'string'], 'string', (pattern, text, by) =>
      replaceAll(compileRegexp(String(pattern)), String(text), String(by)),
    ),
  ],
  ['ToUpper', goFunction(['string'], 'string', (text) => String(text).toUpperCase())],
  ['ToLower', goFunction(['string'], 'string', (text) => String(text).toLowerCase())],
]);

/** `sync.GetInfoItem(app, name)`: of the operation that is done or asked for. */
function syncFunctions(): GoValue {
  const find = (app: GoValue, name: GoValue): GoValue => {
    const operation = memberAt(app, 'status', 'operationState', 'operation') ?? memberAt(app, 'operation');
    const info = operation && memberAt(operation, 'info');
    const found = (Array.isArray(info) ? info : []).find((item) => memberAt(item, 'name') === name);
    const value = found && memberAt(found, 'value');
    if (value === undefined || value === null)
      throw new Error(`application doesn't have the info item ${String(name)}`);
    return value;
  };
  return new Map<string, GoValue>([
    ['GetInfoItem', goFunction([ANY, 'string'], 'string', (app = null, name = null) => find(app, name))],
  ]);
}

function memberAt(value: GoValue, ...path: readonly string[]): GoValue | undefined {
  let here: GoValue | undefined = value;
  for (const key of path) here = here instanceof Map ? here.get(key) : undefined;
  return here;
}

function repoFunctions(app: unknown, { known, missing }: Commits): GoValue {
  return new Map<string, GoValue>([
    ['RepoURLToHTTPS', goFunction(['string'], 'string', (url) => httpsOf(String(url)))],
    ['FullNameByRepoURL', goFunction(['string'], 'string', (url) => fullNameOf(String(url)))],
    ['QueryEscape', goFunction(['string'], 'string', (text) => encodeURIComponent(String(text)).replace(/%20/g, '+'))],
    [
      'GetCommitMetadata',
      goFunction(['string'], ANY, (commit) => {
        const found = known.get(String(commit));
        if (!found) missing.add(String(commit));
        return commitValue(found ?? { message: '', author: '', atSeconds: 0, tags: [] });
      }),
    ],
    [
      'GetAppDetails',
      goFunction([], ANY, () => {
        throw new HawserError('Unsupported', 'repo.GetAppDetails is not there; spec.source has what it tells', {
          hint: `use .app.spec.source of ${stringAt(app, 'metadata', 'name') ?? 'the Application'}`,
        });
      }),
    ],
  ]);
}

function commitValue({ message, author, atSeconds, tags }: CommitMetadata): GoValue {
  return new GoStruct(
    'shared.CommitMetadata',
    new Map<string, GoValue>([
      ['Message', message],
      ['Author', author],
      ['Date', timeOfMs(atSeconds * 1_000)],
      ['Tags', new GoSlice('[]string', [...tags])],
    ]),
  );
}

/** `git@host:owner/name.git` and `ssh://…` have a page at the same place. */
function httpsOf(url: string): string {
  const short = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.*)$/.exec(url);
  if (short) return `https://${short[1]}/${short[2]}`;
  const parsed = new URL(url);
  return `https://${parsed.host}${parsed.pathname}${parsed.search}`;
}

function fullNameOf(url: string): string {
  const { pathname } = new URL(httpsOf(url));
  const path = pathname.replace(/\.git$/, '');
  const parts = path.split('/').filter((part) => part !== '');
  return parts.length >= 2 ? parts.slice(0, 2).join('/') : path;
}

/** The commit that an Application's operation was about; '' where there was none. */
export function revisionOf(app: unknown): string {
  const found = at(app, 'status', 'operationState', 'syncResult', 'revision') ?? at(app, 'status', 'sync', 'revision');
  return typeof found === 'string' ? found : '';
}
