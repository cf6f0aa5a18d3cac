// hawser app set|unset|add-source|remove-source|edit|patch: changes of an Application's spec.

import { sourcePosition } from '../../application/source-position.ts';
import { applySpecFlags, sourceFromFlags } from '../../application/spec-flags.ts';
import { unsetInSource } from '../../application/spec-unset.ts';
import { HawserError } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import { isAgreed } from '../agree.ts';
import { callServer } from '../api-client.ts';
import { formatData } from '../output.ts';
import { getRaw, putSpec, specOf } from './applications.ts';
import { type AppContext, addVerb, parseRef, pathOf } from './context.ts';
import { addSpecOptions, addUnsetOptions, specFlagsOf, unsetFlagsOf } from './spec-options.ts';

export function addChangeVerbs(context: AppContext): void {
  addSet(context);
  addUnset(context);
  addAddSource(context);
  addRemoveSource(context);
  addPatch(context);
}

function addSet(context: AppContext): void {
  const command = addVerb(context, 'set <name>', 'change what an Application deploys, and how').option(
    '--source-position <number>',
    'of which source, from 1',
  );
  addSpecOptions(command).action(async (name: string, options, self) => {
    const flags = await specFlagsOf(self, context.io.cwd);
    const { 'source-name': sourceName, ...changes } = flags;
    if (Object.keys(changes).length === 0) {
      throw new HawserError('InvalidInput', 'Please set at least one option to update', {
        hint: 'hawser app set --help lists them',
      });
    }
    const server = await context.connect();
    const ref = parseRef(name, options.appNamespace);
    const spec = specOf(await getRaw(server, ref));
    const place = { position: options.sourcePosition, name: typeof sourceName === 'string' ? sourceName : undefined };
    const isOfSource = place.position !== undefined || place.name !== undefined || !isPlain(changes);
    const position = isOfSource ? sourcePosition(spec, place) : undefined;
    await putSpec(server, ref, applySpecFlags(spec, changes, position), options.validate);
  });
}

/** Whether the flags say nothing of a source, so that none need be named. */
function isPlain(changes: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(changes).every((name) => /^(project|dest-|sync-|auto-|self-|allow-|revision-history)/.test(name));
}

function addUnset(context: AppContext): void {
  const { io } = context;
  const command = addVerb(context, 'unset <name>', "take settings of an Application's source out")
    .option('--source-position <number>', 'of which source, from 1')
    .option('--source-name <name>', 'of which source');
  addUnsetOptions(command).action(async (name: string, options, self) => {
    const flags = unsetFlagsOf(self);
    if (Object.keys(flags).length === 0) {
      throw new HawserError('InvalidInput', 'there is nothing to unset', { hint: 'hawser app unset --help' });
    }
    const server = await context.connect();
    const ref = parseRef(name, options.appNamespace);
    const spec = specOf(await getRaw(server, ref));
    const position = sourcePosition(spec, { position: options.sourcePosition, name: options.sourceName });
    const sources = Array.isArray(spec.sources) ? spec.sources : [];
    const source = position === undefined ? spec.source : sources[position - 1];
    const left = unsetInSource(isObject(source) ? source : {}, flags);
    if (left === undefined) return;
    if (!(await isAgreed(context.io, 'Are you sure you want to unset the parameters?'))) {
      return io.stdout('The command to unset the parameters has been cancelled.\n');
    }
    const changed = position === undefined ? { source: left } : { sources: sources.with(position - 1, left) };
    await putSpec(server, ref, { ...spec, ...changed }, undefined);
  });
}

function addAddSource(context: AppContext): void {
  const command = addVerb(context, 'add-source <name>', 'give an Application one more source');
  addSpecOptions(command).action(async (name: string, options, self) => {
    const source = sourceFromFlags(await specFlagsOf(self, context.io.cwd));
    const server = await context.connect();
    const ref = parseRef(name, options.appNamespace);
    const spec = specOf(await getRaw(server, ref));
    const sources = Array.isArray(spec.sources) ? spec.sources : [];
    if (sources.length === 0) {
      throw new HawserError(
        'FailedPrecondition',
        `Cannot add source: application ${ref.name} does not have spec.sources defined`,
        { hint: `hawser app edit ${ref.name} turns its source into sources` },
      );
    }
    await putSpec(server, ref, { ...spec, sources: [...sources, source] }, options.validate);
    context.io.stdout(`Application '${ref.name}' updated successfully\n`);
  });
}

function addRemoveSource(context: AppContext): void {
  const { io } = context;
  addVerb(context, 'remove-source <name>', 'take one of several sources away')
    .option('--source-position <number>', 'which one, from 1')
    .option('--source-name <name>', 'which one')
    .action(async (name, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      const spec = specOf(await getRaw(server, ref));
      const position = sourcePosition(spec, { position: options.sourcePosition, name: options.sourceName });
      const sources = Array.isArray(spec.sources) ? spec.sources : [];
      if (position === undefined) {
        throw new HawserError('FailedPrecondition', 'Application does not have multiple sources configured');
      }
      if (sources.length === 1) {
        throw new HawserError('FailedPrecondition', 'Cannot remove the only source remaining in the app');
      }
      if (!(await isAgreed(context.io, 'Are you sure you want to delete the source?'))) {
        return io.stdout('The command to delete the source was cancelled\n');
      }
      await putSpec(server, ref, { ...spec, sources: sources.toSpliced(position - 1, 1) }, undefined);
      io.stdout(`Application '${ref.name}' updated successfully\n`);
    });
}

function addPatch(context: AppContext): void {
  addVerb(context, 'patch <name>', 'change an Application by a patch, and print it')
    .requiredOption('--patch <patch>', 'a JSON patch, or a merge patch')
    .option('--type <type>', 'json or merge', 'json')
    .action(async (name, { patch, type: patchType, appNamespace }) => {
      const server = await context.connect();
      const ref = parseRef(name, appNamespace);
      const { namespace } = ref;
      const body = { name: ref.name, patch, patchType, ...(namespace && { appNamespace: namespace }) };
      const patched = await callServer(server, 'PATCH', pathOf(ref), body);
      context.io.stdout(formatData(patched, 'yaml') ?? '');
    });
}
