// One or several of an Application's objects, chosen by kind, group, namespace and name (Argo CD: cmd/util, FilterResources).

import type { Command } from 'commander';
import { HawserError } from '../../base/errors.ts';
import { at, isObject, stringAt } from '../../base/json.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { type AppRef, pathOf } from './context.ts';

export interface ObjectFlags {
  readonly kind?: string;
  readonly group?: string;
  readonly namespace?: string;
  readonly resourceName?: string;
  readonly all?: boolean;
}

/** As the API asks for one. */
export interface ObjectQuery {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly resourceName: string;
}

export function addObjectOptions(command: Command, needsKind: boolean): Command {
  const kind = '--kind <kind>';
  if (needsKind) command.requiredOption(kind, 'the kind of the object');
  else command.option(kind, 'the kind of the object');
  return command
    .option('--resource-name <name>', 'its name')
    .option('--namespace <namespace>', 'its namespace')
    .option('--group <group>', 'the group of its kind');
}

/** The objects that are there and are meant. Throws `NotFound` where there is none, `InvalidInput` where several are, unless all are wanted. */
export async function chooseObjects(
  server: ServerAddress,
  ref: AppRef,
  flags: ObjectFlags,
): Promise<readonly ObjectQuery[]> {
  const items = at(await callServer(server, 'GET', pathOf(ref, '/managed-resources')), 'items');
  const found = (Array.isArray(items) ? items : []).flatMap(objectIn).filter((object) => isMeant(object, flags));
  if (found.length === 0) {
    throw new HawserError('NotFound', 'No matching resource found', {
      hint: `hawser app resources ${ref.name} lists them`,
    });
  }
  if (found.length > 1 && !flags.all) {
    throw new HawserError('InvalidInput', 'Multiple resources match inputs', {
      hint: 'name one with --resource-name, --namespace and --group, or give --all',
    });
  }
  return found;
}

export function isMeant(object: ObjectQuery, { kind, group, namespace, resourceName }: ObjectFlags): boolean {
  return (
    (kind === undefined || kind === object.kind) &&
    (group === undefined || group === object.group) &&
    (namespace === undefined || namespace === object.namespace) &&
    (resourceName === undefined || resourceName === object.resourceName)
  );
}

/** What is not in the cluster cannot be acted on. */
function objectIn(item: unknown): readonly ObjectQuery[] {
  const live: unknown = JSON.parse(stringAt(item, 'liveState') || 'null');
  if (!isObject(live)) return [];
  const text = (key: string) => stringAt(item, key) ?? '';
  const version = (stringAt(live, 'apiVersion') ?? '').split('/').at(-1) ?? '';
  return [
    { group: text('group'), version, kind: text('kind'), namespace: text('namespace'), resourceName: text('name') },
  ];
}
