// hawser app resources|get-resource|patch-resource|delete-resource: an Application's objects, and what they own.

import { HawserError } from '../../base/errors.ts';
import { isObject, stringAt } from '../../base/json.ts';
import { isAgreed } from '../agree.ts';
import { callServer } from '../api-client.ts';
import { formatData } from '../output.ts';
import { formatTable } from '../table.ts';
import { type AppContext, addVerb, outputOption, parseRef, pathOf } from './context.ts';
import { addObjectOptions, chooseObjects, isMeant } from './objects.ts';
import { formatNodes, readTree } from './resource-tree.ts';

export function addResourceVerbs(context: AppContext): void {
  addResources(context);
  addGetResource(context);
  addPatchResource(context);
  addDeleteResource(context);
}

function addResources(context: AppContext): void {
  const command = addVerb(context, 'resources <name>', "an Application's objects");
  command
    .option('--orphaned', 'only those of its namespace that belong to none')
    .addOption(outputOption('wide', 'tree', 'tree=detailed', 'json', 'yaml'))
    .addOption(command.createOption('--project <name>').hideHelp())
    .action(async (name, { orphaned, output, appNamespace }, self) => {
      const all = await readTree(await context.connect(), parseRef(name, appNamespace));
      // Neither is said: all.
      const isAll = self.getOptionValueSource('orphaned') === undefined;
      const nodes = isAll ? all : all.filter(({ isOrphaned }) => isOrphaned === orphaned);
      context.io.stdout(formatData(nodes, output) ?? formatNodes(nodes, output));
    });
}

function addGetResource(context: AppContext): void {
  const { io } = context;
  const command = addVerb(context, 'get-resource <name>', "one of an Application's objects as it is in the cluster");
  addObjectOptions(command, true)
    .option('--filter-fields <fields>', 'only these fields, with commas between them')
    .option('--show-managed-fields', 'with managedFields')
    .addOption(outputOption('wide', 'json', 'yaml'))
    .addOption(command.createOption('--project <name>').hideHelp())
    .action(async (name, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      const nodes = (await readTree(server, ref))
        .map(({ group, version, kind, namespace, name: resourceName }) => ({
          ...{ group, version, kind, namespace, resourceName },
        }))
        .filter((node) => isMeant(node, options));
      if (nodes.length === 0)
        throw new HawserError('NotFound', `no ${options.kind} of that name belongs to ${ref.name}`);
      for (const [index, node] of nodes.entries()) {
        const answer = await callServer(server, 'GET', pathOf(ref, '/resource', { ...node }));
        const whole: unknown = JSON.parse(stringAt(answer, 'manifest') ?? 'null');
        const object = isObject(whole) ? whole : {};
        if (!options.showManagedFields && isObject(object.metadata)) delete object.metadata.managedFields;
        const shown = options.filterFields ? chooseFields(object, options.filterFields.split(',')) : object;
        if (index > 0 && options.output !== 'wide') io.stdout('---\n');
        io.stdout(formatData(shown, options.output) ?? formatFields(shown));
      }
    });
}

function addPatchResource(context: AppContext): void {
  const command = addVerb(context, 'patch-resource <name>', "change one of an Application's objects in the cluster");
  addObjectOptions(command, true)
    .requiredOption('--patch <patch>', 'the patch')
    .option('--patch-type <type>', 'its media type', 'application/merge-patch+json')
    .option('--all', 'several, where several are meant')
    .addOption(command.createOption('--project <name>').hideHelp())
    .action(async (name, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      for (const object of await chooseObjects(server, ref, options)) {
        const query = { ...object, patchType: options.patchType };
        await callServer(server, 'POST', pathOf(ref, '/resource', query), options.patch);
        context.io.stdout(`Resource '${object.resourceName}' patched\n`);
      }
    });
}

function addDeleteResource(context: AppContext): void {
  const command = addVerb(context, 'delete-resource <name>', "delete one of an Application's objects in the cluster");
  addObjectOptions(command, true)
    .option('--force', 'at once, without waiting for its end')
    .option('--orphan', 'leave what it owns')
    .option('--all', 'several, where several are meant')
    .addOption(command.createOption('--project <name>').hideHelp())
    .action(async (name, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      for (const object of await chooseObjects(server, ref, options)) {
        const { group, kind, namespace, resourceName } = object;
        const what = `${group}/${kind} ${namespace}/${resourceName}`;
        if (!(await isAgreed(context.io, `Are you sure you want to delete ${what} ?`))) {
          context.io.stdout(`The command to delete ${what} was cancelled.\n`);
          continue;
        }
        const query = { ...object, force: options.force, orphan: options.orphan };
        await callServer(server, 'DELETE', pathOf(ref, '/resource', query));
        context.io.stdout(`Resource '${resourceName}' deleted\n`);
      }
    });
}

/** Every leaf with its path (Argo CD: printManifestAsTable). */
function formatFields(object: Readonly<Record<string, unknown>>): string {
  return formatTable(['FIELD', 'VALUE'], leavesOf(object, ''));
}

function leavesOf(value: unknown, path: string): readonly (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  if (!isObject(value)) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
}

/** `status.podIP`; a list on the way stands for each of its items. */
function chooseFields(object: unknown, fields: readonly string[]): Record<string, unknown> {
  const chosen: Record<string, unknown> = {};
  for (const field of fields) {
    const value = valueAt(object, field.trim().split('.'));
    if (value !== undefined) chosen[field.trim()] = value;
  }
  return chosen;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => valueAt(item, path)).filter((item) => item !== undefined);
  return isObject(value) ? valueAt(value[key], rest) : undefined;
}
