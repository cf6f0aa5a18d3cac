// What one chooses for a sync: read from the address, written to it, and made the body that the server takes. Pure.

import { syncOption } from '../../../application/parse.ts';
import type { Application, ResourceStatus } from '../../../application/types.ts';
import type { PlanBody, SyncBody } from './plan-types.ts';

/** `group/kind/namespace/name`. */
export type ResourceKey = string;

export interface RetryChoice {
  readonly limit: string;
  readonly duration: string;
  readonly factor: string;
  readonly maxDuration: string;
}

export interface SyncChoices {
  /** One a source; empty: the source's own. */
  readonly revisions: readonly string[];
  readonly prune: boolean;
  readonly dryRun: boolean;
  readonly applyOnly: boolean;
  readonly force: boolean;
  readonly options: readonly string[];
  readonly resources: 'all' | 'outOfSync' | readonly ResourceKey[];
  readonly retry: RetryChoice | undefined;
}

export interface QueryReader {
  readonly get: (key: string) => string | undefined;
  readonly list: (key: string) => readonly string[];
}

export type QueryChanges = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Every key of the address that is a choice. */
export const CHOICE_KEYS = ['rev', 'prune', 'dry', 'apply', 'force', 'options', 'resources', 'retry'] as const;

export const FIRST_RETRY: RetryChoice = { limit: '5', duration: '5s', factor: '2', maxDuration: '3m' };

type Policied = Pick<Application, 'spec'>;

/** What holds where nothing is chosen: as the Application is synced by itself. */
export function defaultChoices({ spec }: Policied): SyncChoices {
  const { automated, syncOptions = [], retry } = spec.syncPolicy ?? {};
  return {
    revisions: [],
    prune: automated?.prune === true,
    dryRun: false,
    applyOnly: false,
    force: false,
    options: syncOptions,
    resources: 'all',
    retry: retry && {
      limit: String(retry.limit ?? 0),
      duration: retry.backoff?.duration ?? '',
      factor: retry.backoff?.factor === undefined ? '' : String(retry.backoff.factor),
      maxDuration: retry.backoff?.maxDuration ?? '',
    },
  };
}

export function readChoices(app: Policied, query: QueryReader): SyncChoices {
  const first = defaultChoices(app);
  const flag = (key: string, otherwise: boolean) => {
    const value = query.get(key);
    return value === undefined ? otherwise : value === '1';
  };
  const options = query.get('options');
  const resources = query.get('resources');
  const retry = query.get('retry');
  const [limit = '', duration = '', factor = '', maxDuration = ''] = (retry ?? '').split(',');
  return {
    revisions: query.get('rev') === undefined ? [] : (query.get('rev') ?? '').split(','),
    prune: flag('prune', first.prune),
    dryRun: flag('dry', false),
    applyOnly: flag('apply', false),
    force: flag('force', false),
    options: options === undefined ? first.options : options === '-' ? [] : query.list('options'),
    resources:
      resources === undefined
        ? 'all'
        : resources === 'outOfSync'
          ? resources
          : resources === '-'
            ? []
            : query.list('resources'),
    retry: retry === undefined ? first.retry : retry === '-' ? undefined : { limit, duration, factor, maxDuration },
  };
}

/** Only what differs from how the Application is synced by itself stands in the address. */
export function writeChoices(app: Policied, choices: SyncChoices): QueryChanges {
  const first = defaultChoices(app);
  const { revisions, resources, retry, options } = choices;
  const isPlain = revisions.every((revision) => revision === '');
  const flag = (value: boolean, otherwise: boolean) => (value === otherwise ? undefined : value ? '1' : '0');
  return {
    rev: isPlain ? undefined : revisions.join(','),
    prune: flag(choices.prune, first.prune),
    dry: flag(choices.dryRun, false),
    apply: flag(choices.applyOnly, false),
    force: flag(choices.force, false),
    options: isSame(options, first.options) ? undefined : options.length === 0 ? '-' : options,
    resources: resources === 'all' ? undefined : resources.length === 0 ? '-' : resources,
    retry: isSame(retryParts(retry), retryParts(first.retry)) ? undefined : retryParts(retry).join(',') || '-',
  };
}

function retryParts(retry: RetryChoice | undefined): readonly string[] {
  return retry ? [retry.limit, retry.duration, retry.factor, retry.maxDuration] : [];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

// Objects ---------------------------------------------------------------------------------------------------------------

export function resourceKey({ group = '', kind, namespace = '', name }: Omit<ResourceStatus, 'version'>): ResourceKey {
  return [group, kind, namespace, name].join('/');
}

/** Those that a sync of chosen objects may name: hooks only run with all. */
export function choosable({ status }: Pick<Application, 'status'>): readonly ResourceStatus[] {
  return (status.resources ?? []).filter(({ hook }) => !hook);
}

/** undefined: all. */
export function chosenKeys(app: Pick<Application, 'status'>, resources: SyncChoices['resources']) {
  if (resources === 'all') return undefined;
  if (resources !== 'outOfSync') return resources;
  return choosable(app)
    .filter(({ status }) => status !== 'Synced')
    .map(resourceKey);
}

function resourceOf(key: ResourceKey) {
  const [group = '', kind = '', namespace = '', ...name] = key.split('/');
  return { ...(group && { group }), kind, ...(namespace && { namespace }), name: name.join('/') };
}

// Bodies ----------------------------------------------------------------------------------------------------------------

/** What POST …/sync takes; `…/plan` takes the same. */
export function syncBody(app: Application, choices: SyncChoices): SyncBody {
  const { revisions, prune, dryRun, applyOnly, force, options, retry, resources } = choices;
  const keys = chosenKeys(app, resources);
  const forced = force ? { force: true } : {};
  const named = revisions.flatMap((revision, index) => (revision === '' ? [] : [{ revision, position: index + 1 }]));
  const hasSeveral = (app.spec.sources?.length ?? 0) > 0;
  return {
    appNamespace: app.metadata.namespace,
    ...(hasSeveral
      ? named.length > 0 && {
          revisions: named.map(({ revision }) => revision),
          sourcePositions: named.map(({ position }) => position),
        }
      : named[0] && { revision: named[0].revision }),
    prune,
    ...(dryRun && { dryRun }),
    ...((applyOnly || force) && { strategy: applyOnly ? { apply: forced } : { hook: forced } }),
    ...(keys && { resources: keys.map(resourceOf) }),
    syncOptions: [...options],
    ...(retry && {
      retryStrategy: {
        limit: Number(retry.limit) || 0,
        backoff: {
          ...(retry.duration && { duration: retry.duration }),
          ...(Number(retry.factor) > 0 && { factor: Number(retry.factor) }),
          ...(retry.maxDuration && { maxDuration: retry.maxDuration }),
        },
      },
    }),
  };
}

export function rollbackPlanBody(app: Application, id: number, prune: boolean): PlanBody {
  return { appNamespace: app.metadata.namespace, rollback: { id, prune } };
}

// Sync options ----------------------------------------------------------------------------------------------------------

/** Options that are switches: what is set in the list where one differs from `isOn`. */
export interface OptionSwitch {
  readonly id: OptionId;
  readonly name: string;
  /** As it is without the option. */
  readonly isOn: boolean;
  /** It is asked for as its contrary: "skip validation" is Validate=false. */
  readonly isContrary?: boolean;
}

export type OptionId =
  | 'skipValidation'
  | 'createNamespace'
  | 'pruneLast'
  | 'outOfSyncOnly'
  | 'respectIgnored'
  | 'serverSide'
  | 'replace'
  | 'failOnShared';

export const OPTION_SWITCHES: readonly OptionSwitch[] = [
  { id: 'createNamespace', name: 'CreateNamespace', isOn: false },
  { id: 'outOfSyncOnly', name: 'ApplyOutOfSyncOnly', isOn: false },
  { id: 'pruneLast', name: 'PruneLast', isOn: false },
  { id: 'skipValidation', name: 'Validate', isOn: true, isContrary: true },
  { id: 'respectIgnored', name: 'RespectIgnoreDifferences', isOn: false },
  { id: 'serverSide', name: 'ServerSideApply', isOn: true },
  { id: 'replace', name: 'Replace', isOn: false },
  { id: 'failOnShared', name: 'FailOnSharedResource', isOn: false },
];

export function isOptionOn(options: readonly string[], { name, isOn, isContrary = false }: OptionSwitch): boolean {
  const value = syncOption(options, name);
  const isSet = value === undefined ? isOn : value === 'true';
  return isContrary ? !isSet : isSet;
}

export function withOption(options: readonly string[], one: OptionSwitch, isWanted: boolean): readonly string[] {
  const { name, isOn, isContrary = false } = one;
  const value = isContrary ? !isWanted : isWanted;
  return withValue(options, name, value === isOn ? undefined : String(value));
}

export const PROPAGATIONS = ['foreground', 'background', 'orphan'] as const;

export function propagationOf(options: readonly string[]): string {
  return syncOption(options, 'PrunePropagationPolicy') ?? 'foreground';
}

export function withPropagation(options: readonly string[], value: string): readonly string[] {
  return withValue(options, 'PrunePropagationPolicy', value === 'foreground' ? undefined : value);
}

/** In its place, where it was there. */
function withValue(options: readonly string[], name: string, value: string | undefined): readonly string[] {
  const isIt = (option: string) => option.startsWith(`${name}=`);
  const text = `${name}=${value}`;
  if (value === undefined) return options.filter((option) => !isIt(option));
  if (!options.some(isIt)) return [...options, text];
  return options.map((option) => (isIt(option) ? text : option));
}
