// Projects as people read them, in the layouts of Argo CD's CLI (cmd/argocd/commands/project.go).

import { at, isObject, stringAt } from '../../base/json.ts';
import { formatTable } from '../table.ts';
import { listOf, nameOf, type RawProject, type RawSpec, specOf, textsOf } from './context.ts';

const HEADER = [
  'NAME',
  'DESCRIPTION',
  'DESTINATIONS',
  'SOURCES',
  'CLUSTER-RESOURCE-WHITELIST',
  'NAMESPACE-RESOURCE-BLACKLIST',
  'SIGNATURE-KEYS',
  'ORPHANED-RESOURCES',
  'DESTINATION-SERVICE-ACCOUNTS',
];

const NONE = '<none>';

export function formatProjects(projects: readonly RawProject[]): string {
  return formatTable(HEADER, projects.map(lineOf));
}

function lineOf(project: RawProject): readonly string[] {
  const spec = specOf(project);
  return [
    nameOf(project),
    stringAt(spec, 'description') ?? '',
    shortly(listOf(spec, 'destinations').map(destinationOf), 'destinations'),
    shortly(textsOf(spec, 'sourceRepos'), 'repos'),
    shortly(listOf(spec, 'clusterResourceWhitelist').map(kindOf), 'resources'),
    countOf(listOf(spec, 'namespaceResourceBlacklist'), 'resources'),
    countOf(listOf(spec, 'signatureKeys'), 'key(s)'),
    orphanedOf(spec),
    shortly(listOf(spec, 'destinationServiceAccounts').map(accountOf), 'destinationServiceAccounts'),
  ];
}

/** `detailed` is the answer of …/detailed. */
export function formatProject(detailed: RawProject): string {
  const project = isObject(detailed.project) ? detailed.project : {};
  const spec = specOf(project);
  const keys = listOf(spec, 'signatureKeys').map((key) => stringAt(key, 'keyID') ?? '');
  return [
    fact('Name', [nameOf(project)]),
    fact('Description', [stringAt(spec, 'description') ?? '']),
    fact('Destinations', listOf(spec, 'destinations').map(destinationOf)),
    fact('Repositories', textsOf(spec, 'sourceRepos')),
    fact('Source Namespaces', textsOf(spec, 'sourceNamespaces')),
    fact(
      'Scoped Repositories',
      listOf(detailed, 'repositories').map((one) => stringAt(one, 'repo') ?? ''),
    ),
    fact('Allowed Cluster Resources', listOf(spec, 'clusterResourceWhitelist').map(kindOf)),
    fact(
      'Scoped Clusters',
      listOf(detailed, 'clusters').map((one) => stringAt(one, 'server') ?? ''),
    ),
    fact('Denied Namespaced Resources', listOf(spec, 'namespaceResourceBlacklist').map(kindOf)),
    fact('Signature keys', keys.length > 0 ? [keys.join(', ')] : []),
    fact('Orphaned Resources', [orphanedOf(spec)]),
  ].join('');
}

function fact(name: string, values: readonly string[]): string {
  const [first = NONE, ...others] = values;
  const lines = [`${`${name}:`.padEnd(29)}${first}`, ...others.map((value) => `${' '.repeat(29)}${value}`)];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function shortly(items: readonly string[], what: string): string {
  const [first = NONE] = items;
  return items.length > 1 ? `${items.length} ${what}` : first;
}

function countOf(items: readonly unknown[], what: string): string {
  return items.length === 0 ? NONE : `${items.length} ${what}`;
}

function destinationOf(one: unknown): string {
  return `${stringAt(one, 'server') || stringAt(one, 'name') || ''},${stringAt(one, 'namespace') ?? ''}`;
}

function accountOf(one: unknown): string {
  return `${stringAt(one, 'server') ?? ''},${stringAt(one, 'namespace') ?? ''},${stringAt(one, 'defaultServiceAccount') ?? ''}`;
}

function kindOf(one: unknown): string {
  return `${stringAt(one, 'group') ?? ''}/${stringAt(one, 'kind') ?? ''}`;
}

function orphanedOf(spec: RawSpec): string {
  const { orphanedResources } = spec;
  if (!isObject(orphanedResources)) return 'disabled';
  const warns = at(orphanedResources, 'warn') !== false;
  const ignored = listOf(orphanedResources, 'ignore').length;
  return `enabled (warn=${warns}${ignored > 0 ? `, ignored ${ignored}` : ''})`;
}
