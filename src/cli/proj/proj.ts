// hawser proj: the AppProjects on a server, in the verbs and flags that Argo CD users know.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { HawserError, messageOf } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import { parseDocuments } from '../../render/yaml/plain.ts';
import { isAgreed } from '../agree.ts';
import { callServer } from '../api-client.ts';
import { outputOption } from '../app/context.ts';
import { editUntilTaken } from '../editor.ts';
import type { CommandIo } from '../io.ts';
import { formatData } from '../output.ts';
import { prepareProgram, runProgram } from '../parse-command.ts';
import { type OpenServer, offerServer } from '../server-options.ts';
import {
  getProject,
  listOf,
  nameOf,
  PROJECTS,
  type ProjectContext,
  pathOfProject,
  putSpec,
  type RawProject,
  specOf,
} from './context.ts';
import { addRoleVerbs } from './role.ts';
import { EDIT_VERBS } from './spec-edits.ts';
import { addSpecFlags, withFlags } from './spec-flags.ts';
import { formatProject, formatProjects } from './text.ts';
import { addWindowVerbs } from './windows.ts';

/** Runs `hawser proj ARGS` and gives the exit code. */
export async function projCommand(args: readonly string[], io: CommandIo, openServer: OpenServer): Promise<number> {
  const program = prepareProgram(new Command('hawser proj'), io).description('AppProjects: what Applications may do');
  const context: ProjectContext = { io, program, connect: offerServer(program, openServer) };
  addReading(context);
  addWriting(context);
  for (const { usage, description, flags = [], edit } of EDIT_VERBS) {
    const command = program.command(usage).description(description);
    for (const [flag, what] of flags) command.option(flag, what);
    command.action(async (name: string, ...rest: unknown[]) => {
      const given = rest.filter((one): one is string => typeof one === 'string');
      const server = await context.connect();
      const project = await getProject(server, name);
      const { spec, message } = edit(specOf(project), given, command.opts());
      if (spec) await putSpec(server, project, spec);
      if (message !== undefined) io.stdout(`${message}\n`);
    });
  }
  addRoleVerbs(context);
  addWindowVerbs(context);
  return (await runProgram(program, args)) ?? 0;
}

function addReading({ io, program, connect }: ProjectContext): void {
  program
    .command('list')
    .description('all of them')
    .addOption(outputOption('json', 'yaml', 'wide', 'name'))
    .action(async ({ output }) => {
      const items = listOf(await callServer(await connect(), 'GET', PROJECTS), 'items');
      if (output === 'name') return io.stdout(items.map((item) => `${nameOf(item)}\n`).join(''));
      io.stdout(formatData(items, output) ?? formatProjects(items));
    });
  program
    .command('get <project>')
    .description('one of them')
    .addOption(outputOption('json', 'yaml', 'wide'))
    .action(async (name, { output }) => {
      const server = await connect();
      const detailed = await callServer(server, 'GET', `${pathOfProject(name)}/detailed`);
      io.stdout(formatData(detailed.project, output) ?? formatProject(detailed));
    });
}

function addWriting({ io, program, connect }: ProjectContext): void {
  addSpecFlags(program.command('create [project]').description('one more, from flags or from a file'))
    .option('-f, --file <file>', 'a file of a project; - is standard input')
    .option('--upsert', 'change the one that is there, where it has another spec')
    .action(async (name: string | undefined, { file, upsert, ...flags }) => {
      const draft = file === undefined ? {} : await readProject(io, file);
      const named = name ?? nameOf(draft);
      if (named === '')
        throw new HawserError('InvalidInput', 'the project has no name', { hint: 'hawser proj create NAME' });
      const metadata = { ...(isObject(draft.metadata) ? draft.metadata : {}), name: named };
      const project = { ...draft, metadata, spec: withFlags(specOf(draft), flags) };
      await callServer(await connect(), 'POST', PROJECTS, { project, upsert: upsert === true });
    });
  addSpecFlags(program.command('set <project>').description('change some of it')).action(async (name, flags) => {
    const server = await connect();
    const project = await getProject(server, name);
    if (Object.keys(flags).length === 0) {
      throw new HawserError('InvalidInput', 'Please set at least one option to update');
    }
    await putSpec(server, project, withFlags(specOf(project), flags));
  });
  program
    .command('edit <project>')
    .description('change its spec in $EDITOR')
    .action(async (name) => {
      const server = await connect();
      const project = await getProject(server, name);
      const text = formatData(specOf(project), 'yaml') ?? '';
      const isDone = await editUntilTaken(io, `${name}.yaml`, text, async (edited) =>
        putSpec(server, project, parseSpec(edited)),
      );
      io.stdout(isDone ? `Project '${name}' updated successfully\n` : 'Edit cancelled, no changes made.\n');
    });
  program
    .command('delete <project...>')
    .description('remove them, where no Application names them')
    .option('-y, --yes', 'do not ask')
    .action(async (names: string[], { yes }) => {
      for (const name of names) {
        if (!(await isAgreed(io, `Are you sure you want to delete '${name}' project?`, yes))) {
          io.stdout(`The command to delete '${name}' was cancelled.\n`);
        } else await callServer(await connect(), 'DELETE', pathOfProject(name));
      }
    });
}

async function readProject(io: CommandIo, file: string): Promise<RawProject> {
  const text = file === '-' ? await io.readStdin() : readFile(resolve(io.cwd, file));
  const [project] = parseDocuments(text);
  if (isObject(project)) return project;
  throw new HawserError('InvalidInput', `${file} has no project`);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new HawserError('InvalidInput', messageOf(error), { cause: error });
  }
}

function parseSpec(text: string): Readonly<Record<string, unknown>> {
  const [spec] = parseYaml(text);
  if (isObject(spec)) return spec;
  throw new HawserError('InvalidInput', 'the spec must be a mapping');
}

function parseYaml(text: string): readonly unknown[] {
  try {
    return parseDocuments(text);
  } catch (error) {
    throw new HawserError('InvalidInput', messageOf(error), { cause: error });
  }
}
