// What argocd-cm says about comparing, health and tracking (Argo CD: util/settings/settings.go), as typed values.

import { HawserError, messageOf } from '../base/errors.ts';
import { matchesGlob } from '../base/glob.ts';
import { isObject, stringAt } from '../base/json.ts';
import { yamlToJson } from '../render/yaml/decode.ts';
import type { ActionCustomization, ActionCustomizations } from './actions/resource-actions.ts';
import { parseNamespaces } from './application-namespaces.ts';
import { type HostAliases, parseHostAliases } from './host-aliases.ts';
import { parseSourceSettings, type SourceSettings } from './source-settings.ts';
import type { IgnoreDifference } from './types.ts';

export interface ArgoSettings {
  readonly tracking: {
    readonly method: 'annotation' | 'annotation+label' | 'label';
    readonly labelKey: string;
    /** '' without. */
    readonly installationId: string;
  };
  /** System-level rules; they come beside those of each Application. */
  readonly ignoreDifferences: readonly IgnoreDifference[];
  readonly healthCustomizations: HealthCustomizations;
  readonly actionCustomizations: ActionCustomizations;
  readonly knownTypeFields: readonly KnownTypeFields[];
  readonly compareOptions: CompareOptions;
  /** Annotations whose values are masked in Secrets that are shown. */
  readonly sensitiveAnnotations: readonly string[];
  readonly inclusions: readonly ResourceFilter[];
  readonly exclusions: readonly ResourceFilter[];
  /** Projects whose rules are added to those of the projects that a selector finds. */
  readonly globalProjects: readonly { readonly projectName: string; readonly labelSelector: unknown }[];
  /** False: `https://kubernetes.default.svc` is no destination. */
  readonly inClusterEnabled: boolean;
  /** Namespaces that may hold Applications beside hawser's own: names, globs, or regular expressions between slashes. */
  readonly applicationNamespaces: readonly string[];
  readonly sources: SourceSettings;
  /** Names of one Git server (`webhook.hostAliases`, ours). */
  readonly hostAliases: HostAliases;
  /** Logs of more Pods at once are refused (`server.maxPodLogsToRender`). */
  readonly maxPodLogs: number;
  /** The right to change or delete an Application is one to change or delete its objects (`server.rbac.disable…Inheritance: "false"`). */
  readonly inheritsObjectRights: boolean;
  /** Settings that have a value and mean nothing here, with the reason. */
  readonly unused: readonly { readonly key: string; readonly reason: string }[];
}

/** Lua health checks by Argo CD's key: `group/Kind` (`*` for any part of either) or, for the core group, `Kind`. */
export type HealthCustomizations = Readonly<Record<string, { readonly lua: string; readonly useOpenLibs: boolean }>>;

/** Fields of a custom kind whose type is a built-in one (`core/v1/PodSpec`). */
export interface KnownTypeFields {
  readonly group: string;
  readonly kind: string;
  readonly fields: readonly { readonly field: string; readonly type: string }[];
}

export interface CompareOptions {
  readonly ignoreAggregatedRoles: boolean;
  /** Of which objects a status in Git does not count. */
  readonly ignoreResourceStatusField: 'all' | 'crd' | 'none';
}

export interface ResourceFilter {
  readonly apiGroups: readonly string[];
  readonly kinds: readonly string[];
  readonly clusters: readonly string[];
}

/** One entry of resource.customizations, whichever of the two forms it was written in. */
interface Override {
  readonly health?: string;
  readonly useOpenLibs?: boolean;
  readonly actions?: ActionCustomization;
  readonly ignoreDifferences?: Omit<IgnoreDifference, 'kind'>;
  readonly knownTypeFields?: KnownTypeFields['fields'];
}

const CUSTOMIZATIONS = 'resource.customizations';
const MAX_POD_LOGS = 10;
const TRACKING_METHODS = ['annotation', 'annotation+label', 'label'] as const;

/** Excluded whatever the settings say (Argo CD: getExcludedResources). */
const CORE_EXCLUSIONS: readonly ResourceFilter[] = [
  { apiGroups: ['events.k8s.io', 'metrics.k8s.io'], kinds: [], clusters: [] },
  { apiGroups: [''], kinds: ['Event'], clusters: [] },
  { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'], clusters: [] },
];

const NO_POLL = 'nothing is polled here: a push, a refresh or a sync is what starts a comparison';
const NO_CACHE = 'there is no cache of the cluster that it could spare';

const UNUSED: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^timeout\.(hard\.)?reconciliation(\.jitter)?$/, NO_POLL],
  [/^resource\.(ignoreResourceUpdatesEnabled|respectRBAC)$/, NO_CACHE],
  [/^resource\.customizations\.ignoreResourceUpdates\./, NO_CACHE],
  [/^application\.sync\.impersonation\.enabled$/, 'not built: syncs use the credentials of the cluster'],
  [/^kustomize\.(path|version)\./, 'there is one kustomize, of version 5.8.1, and nothing foreign is run'],
];

/**
 * Reads the data of argocd-cm, and `parameters`, those of argocd-cmd-params-cm. Throws `InvalidInput` for what Argo CD cannot read either: with half of the rules, a sync would
 * overwrite what the other half protects.
 */
export function parseArgoSettings(
  data: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>> = {},
): ArgoSettings {
  const overrides = readOverrides(data);
  const compareOptions = readYaml(data, 'resource.compareoptions');
  return {
    tracking: {
      method: TRACKING_METHODS.find((name) => name === data['application.resourceTrackingMethod']) ?? 'annotation',
      labelKey: data['application.instanceLabelKey'] || 'app.kubernetes.io/instance',
      installationId: data.installationID ?? '',
    },
    ignoreDifferences: overrides.flatMap(([key, { ignoreDifferences }]) =>
      ignoreDifferences ? [{ ...groupKindOf(key), ...ignoreDifferences }] : [],
    ),
    healthCustomizations: Object.fromEntries(
      overrides.flatMap(([key, { health, useOpenLibs = false }]) =>
        health ? [[key, { lua: health, useOpenLibs }] as const] : [],
      ),
    ),
    actionCustomizations: Object.fromEntries(
      overrides.flatMap(([key, { actions }]) => (actions ? [[key, actions] as const] : [])),
    ),
    knownTypeFields: overrides.flatMap(([key, { knownTypeFields }]) =>
      knownTypeFields ? [{ ...groupKindOf(key), fields: knownTypeFields }] : [],
    ),
    compareOptions: {
      ignoreAggregatedRoles: isObject(compareOptions) && compareOptions.ignoreAggregatedRoles === true,
      ignoreResourceStatusField: readStatusField(stringOrBoolean(compareOptions, 'ignoreResourceStatusField')),
    },
    sensitiveAnnotations: splitList(data['resource.sensitive.mask.annotations']),
    inclusions: readFilters(data, 'resource.inclusions'),
    exclusions: [...CORE_EXCLUSIONS, ...readFilters(data, 'resource.exclusions')],
    globalProjects: readGlobalProjects(data),
    inClusterEnabled: data['cluster.inClusterEnabled'] !== 'false',
    applicationNamespaces: parseNamespaces(parameters['application.namespaces']),
    sources: parseSourceSettings(data, parameters),
    hostAliases: parseHostAliases(data['webhook.hostAliases']),
    maxPodLogs: readCount(data['server.maxPodLogsToRender'], MAX_POD_LOGS),
    inheritsObjectRights: data['server.rbac.disableApplicationFineGrainedRBACInheritance'] === 'false',
    unused: Object.keys(data).flatMap((key) => {
      const found = UNUSED.find(([pattern]) => pattern.test(key));
      return found && data[key] ? [{ key, reason: found[1] }] : [];
    }),
  };
}

/** Whether the settings leave objects of this kind alone (Argo CD: ResourcesFilter.IsExcludedResource). */
export function isExcludedResource(
  { inclusions, exclusions }: Pick<ArgoSettings, 'inclusions' | 'exclusions'>,
  resource: { readonly group: string; readonly kind: string; readonly server: string },
): boolean {
  const isIn = (filters: readonly ResourceFilter[]) => filters.some((filter) => matchesFilter(filter, resource));
  return (inclusions.length > 0 && !isIn(inclusions)) || isIn(exclusions);
}

function matchesFilter(
  { apiGroups, kinds, clusters }: ResourceFilter,
  { group, kind, server }: { readonly group: string; readonly kind: string; readonly server: string },
): boolean {
  return (
    (apiGroups.length === 0 || apiGroups.some((pattern) => matchesGlob(pattern, group))) &&
    (kinds.length === 0 || kinds.some((name) => name === '*' || name === kind)) &&
    (clusters.length === 0 || clusters.some((pattern) => matchesGlob(pattern, server)))
  );
}

/** The map in one key first; keys of their own (`resource.customizations.health.apps_Deployment`) change it field by field. */
function readOverrides(data: Readonly<Record<string, string>>): readonly (readonly [string, Override])[] {
  const overrides = new Map<string, Override>();
  const whole = readYaml(data, CUSTOMIZATIONS);
  for (const [key, value] of Object.entries(isObject(whole) ? whole : {})) {
    if (isObject(value)) overrides.set(key, readWholeOverride(key, value));
  }
  for (const key of Object.keys(data).sort()) {
    const [, , type, ...rest] = key.split('.');
    const target = rest.join('.');
    if (!key.startsWith(`${CUSTOMIZATIONS}.`) || type === undefined || target === '') continue;
    const name = overrideKey(key, target);
    overrides.set(name, { ...overrides.get(name), ...readSplitOverride(data, key, type) });
  }
  return [...overrides];
}

function readWholeOverride(key: string, value: Record<string, unknown>): Override {
  const rules = stringAt(value, 'ignoreDifferences');
  const health = stringAt(value, 'health.lua');
  const useOpenLibs = value['health.lua.useOpenLibs'];
  const actions = stringAt(value, 'actions');
  const fields = readFields(value.knownTypeFields);
  return {
    ...(health && { health }),
    ...(useOpenLibs === true && { useOpenLibs }),
    ...(actions && { actions: readActions(parseText(actions, `${CUSTOMIZATIONS}: ${key}: actions`)) }),
    ...(rules && { ignoreDifferences: readIgnored(parseText(rules, `${CUSTOMIZATIONS}: ${key}: ignoreDifferences`)) }),
    ...(fields && { knownTypeFields: fields }),
  };
}

function readSplitOverride(data: Readonly<Record<string, string>>, key: string, type: string): Override {
  switch (type) {
    case 'health':
      return { health: data[key] ?? '' };
    case 'useOpenLibs':
      return { useOpenLibs: data[key] === 'true' };
    case 'ignoreDifferences':
      return { ignoreDifferences: readIgnored(readYaml(data, key)) };
    case 'knownTypeFields':
      return { knownTypeFields: readFields(readYaml(data, key)) ?? [] };
    case 'actions':
      return data[key] ? { actions: readActions(readYaml(data, key)) } : {};
    case 'ignoreResourceUpdates':
      return {};
    default:
      throw broken(key, `resource customization type ${type} not supported`);
  }
}

/** `apps_Deployment` is `apps/Deployment`, `all` is everything, and a kind alone is of the core group. */
function overrideKey(key: string, target: string): string {
  const parts = target.split('_');
  if (target === 'all') return '*/*';
  if (parts.length <= 2) return parts.join('/');
  throw broken(
    key,
    `group kind should be in format resource.customizations.<type>.<group_kind> or resource.customizations.<type>.<kind>, got group kind: '${target}'`,
  );
}

function groupKindOf(key: string): { readonly group: string; readonly kind: string } {
  const [first = '', second] = key.split('/');
  return second === undefined ? { group: '', kind: first } : { group: first, kind: second };
}

function readIgnored(value: unknown): Omit<IgnoreDifference, 'kind'> {
  return {
    jsonPointers: stringsAt(value, 'jsonPointers'),
    jqPathExpressions: stringsAt(value, 'jqPathExpressions'),
    managedFieldsManagers: stringsAt(value, 'managedFieldsManagers'),
  };
}

function readActions(value: unknown): ActionCustomization {
  const definitions = isObject(value) && Array.isArray(value.definitions) ? value.definitions : [];
  return {
    discovery: (isObject(value) && stringAt(value, 'discovery.lua')) || '',
    definitions: definitions.map((entry) => ({
      name: stringAt(entry, 'name') ?? '',
      lua: stringAt(entry, 'action.lua') ?? '',
    })),
    mergeBuiltinActions: isObject(value) && value.mergeBuiltinActions === true,
  };
}

function readFields(value: unknown): KnownTypeFields['fields'] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((entry) => ({ field: stringAt(entry, 'field') ?? '', type: stringAt(entry, 'type') ?? '' }));
}

function readFilters(data: Readonly<Record<string, string>>, key: string): readonly ResourceFilter[] {
  const value = readYaml(data, key);
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw broken(key, 'a list of apiGroups, kinds and clusters is expected');
  return value.map((entry) => ({
    apiGroups: stringsAt(entry, 'apiGroups'),
    kinds: stringsAt(entry, 'kinds'),
    clusters: stringsAt(entry, 'clusters'),
  }));
}

function readGlobalProjects(data: Readonly<Record<string, string>>): ArgoSettings['globalProjects'] {
  const value = readYaml(data, 'globalProjects');
  if (!Array.isArray(value)) return [];
  return value.map((entry) => ({
    projectName: stringAt(entry, 'projectName') ?? '',
    labelSelector: isObject(entry) ? entry.labelSelector : undefined,
  }));
}

/** Anything else counts as `crd` (Argo CD: GetResourceOverrides). */
function readStatusField(text: string): CompareOptions['ignoreResourceStatusField'] {
  if (text === '' || text === 'all') return 'all';
  return text === 'none' || text === 'off' || text === 'false' ? 'none' : 'crd';
}

function stringOrBoolean(value: unknown, key: string): string {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'string' || typeof found === 'boolean' ? String(found) : '';
}

function stringsAt(value: unknown, key: string): readonly string[] {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found.filter((entry) => typeof entry === 'string') : [];
}

function readCount(text: string | undefined, otherwise: number): number {
  const count = Number(text || Number.NaN);
  return Number.isInteger(count) ? count : otherwise;
}

function splitList(text = ''): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function readYaml(data: Readonly<Record<string, string>>, key: string): unknown {
  const text = data[key];
  return text === undefined || text.trim() === '' ? undefined : parseText(text, key);
}

function parseText(text: string, place: string): unknown {
  try {
    return JSON.parse(yamlToJson(text));
  } catch (error) {
    throw broken(place, messageOf(error));
  }
}

function broken(place: string, reason: string): HawserError {
  return new HawserError('InvalidInput', `argocd-cm: ${place}: ${reason}`, {
    hint: 'nothing is compared until it can be read',
    data: { condition: 'ComparisonError' },
  });
}
