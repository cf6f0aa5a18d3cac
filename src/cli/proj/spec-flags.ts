// The flags of `hawser proj create` and `proj set`, and what each puts into the spec (Argo CD: cmd/util/project.go).

import type { Command } from 'commander';
import { HawserError } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import { collect } from '../app/context.ts';
import type { RawSpec } from './context.ts';

export interface SpecFlags {
  readonly description?: string;
  readonly dest?: readonly string[];
  readonly src?: readonly string[];
  readonly signatureKeys?: readonly string[];
  readonly sourceNamespaces?: readonly string[];
  readonly destServiceAccounts?: readonly string[];
  readonly orphanedResources?: boolean;
  readonly orphanedResourcesWarn?: boolean;
  readonly allowClusterResource?: readonly string[];
  readonly denyClusterResource?: readonly string[];
  readonly allowNamespacedResource?: readonly string[];
  readonly denyNamespacedResource?: readonly string[];
}

/** For flags that take several with commas, and may be given again. */
const collectAll = (text: string, all: readonly string[] = []) => [...all, ...text.split(',').map((one) => one.trim())];

export function addSpecFlags(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('-d, --dest <server,namespace>', 'a permitted destination; may be given again', collect)
    .option('-s, --src <url>', 'a permitted source; may be given again', collect)
    .option('--source-namespaces <names>', 'where its Applications may be, beside hawser itself', collectAll)
    .option('--signature-keys <ids>', 'of commits (hawser does not check them)', collectAll)
    .option('--orphaned-resources [bool]', 'tell of objects that no Application has', readBool)
    .option('--orphaned-resources-warn [bool]', 'as a condition of the Application', readBool)
    .option(
      '--allow-cluster-resource <group/kind>',
      'a permitted kind outside of namespaces; may be given again',
      collect,
    )
    .option('--deny-cluster-resource <group/kind>', 'one that is not; may be given again', collect)
    .option('--allow-namespaced-resource <group/kind>', 'a permitted kind in namespaces; may be given again', collect)
    .option('--deny-namespaced-resource <group/kind>', 'one that is not; may be given again', collect)
    .option('--dest-service-accounts <server,namespace,account>', 'who applies there; may be given again', collect);
}

/** The spec with what was given; what was not given stays. */
export function withFlags(spec: RawSpec, flags: SpecFlags): RawSpec {
  const { description, dest, src, signatureKeys, sourceNamespaces, destServiceAccounts } = flags;
  const orphaned = orphanedOf(spec, flags);
  return {
    ...spec,
    ...(description !== undefined && { description }),
    ...(dest && { destinations: dest.map(destinationOf) }),
    ...(src && { sourceRepos: src }),
    ...(signatureKeys && { signatureKeys: signatureKeys.map((keyID) => ({ keyID })) }),
    ...(sourceNamespaces && { sourceNamespaces }),
    ...(destServiceAccounts && { destinationServiceAccounts: destServiceAccounts.map(accountOf) }),
    ...(flags.allowClusterResource && { clusterResourceWhitelist: flags.allowClusterResource.map(kindOf) }),
    ...(flags.denyClusterResource && { clusterResourceBlacklist: flags.denyClusterResource.map(kindOf) }),
    ...(flags.allowNamespacedResource && { namespaceResourceWhitelist: flags.allowNamespacedResource.map(kindOf) }),
    ...(flags.denyNamespacedResource && { namespaceResourceBlacklist: flags.denyNamespacedResource.map(kindOf) }),
    ...(orphaned !== undefined && { orphanedResources: orphaned }),
  };
}

/** null switches it off. */
function orphanedOf(spec: RawSpec, { orphanedResources, orphanedResourcesWarn }: SpecFlags): unknown {
  if (orphanedResources === false) return null;
  if (orphanedResources === undefined && orphanedResourcesWarn === undefined) return undefined;
  const before = isObject(spec.orphanedResources) ? spec.orphanedResources : {};
  return { ...before, ...(orphanedResourcesWarn !== undefined && { warn: orphanedResourcesWarn }) };
}

function destinationOf(text: string): Record<string, string> {
  const [server = '', namespace, ...more] = text.split(',');
  if (namespace !== undefined && more.length === 0) return { server, namespace };
  throw new HawserError('InvalidInput', `Expected destination of the form: server,namespace. Received: ${text}`);
}

function accountOf(text: string): Record<string, string> {
  const [server = '', namespace, account, ...more] = text.split(',');
  if (namespace !== undefined && account !== undefined && more.length === 0) {
    return { server, namespace, defaultServiceAccount: account };
  }
  throw new HawserError(
    'InvalidInput',
    `Expected destination service account of the form: server,namespace,defaultServiceAccount. Received: ${text}`,
  );
}

/** `Kind`, `group/Kind`, `group/Kind/name`. */
function kindOf(text: string): Record<string, string> {
  const parts = text.split('/');
  const [first = '', kind, name] = parts;
  if (kind === undefined) return { group: '', kind: first };
  return { group: first, kind, ...(name !== undefined && { name }) };
}

function readBool(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new HawserError('InvalidInput', `${text} is neither true nor false`);
}
