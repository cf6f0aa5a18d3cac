// The tables of flags that change a spec, as options of a command, and what of them was given.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { SPEC_FLAGS, type SpecFlagValues } from '../../application/spec-flags.ts';
import { UNSET_FLAGS } from '../../application/spec-unset.ts';
import { HawserError, messageOf } from '../../base/errors.ts';
import { collect } from './context.ts';

interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly form: 'text' | 'switch' | 'list';
  readonly value?: string;
  readonly description: string;
}

export function addSpecOptions(command: Command, without: readonly string[] = []): Command {
  addAll(
    command,
    SPEC_FLAGS.filter(({ name }) => !without.includes(name)),
  );
  return command.option('--validate', 'look whether it can be rendered (the default)').option('--no-validate');
}

export function addUnsetOptions(command: Command): Command {
  return addAll(command, UNSET_FLAGS);
}

/** What was given of the flags that change a spec, by their names. A file of literal values is read here. */
export async function specFlagsOf(command: Command, cwd: string): Promise<SpecFlagValues> {
  const given = givenOf(command, SPEC_FLAGS);
  const file = given['values-literal-file'];
  if (typeof file !== 'string') return given;
  return { ...given, 'values-literal-file': await readText(file, cwd) };
}

export function unsetFlagsOf(command: Command): SpecFlagValues {
  return givenOf(command, UNSET_FLAGS);
}

/** A file of this machine, or a URL. */
export async function readText(fileOrUrl: string, cwd: string): Promise<string> {
  try {
    if (!/^https?:\/\//.test(fileOrUrl)) return readFileSync(resolve(cwd, fileOrUrl), 'utf8');
    const response = await fetch(fileOrUrl, { signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    return await response.text();
  } catch (error) {
    throw new HawserError('InvalidInput', `${fileOrUrl} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function addAll(command: Command, flags: readonly Flag[]): Command {
  for (const { name, short, form, value, description } of flags) {
    const flag = `${short ? `${short}, ` : ''}--${name}${form === 'switch' ? '' : ` <${value || 'value'}>`}`;
    const option = command.createOption(flag, description);
    if (form === 'list') option.argParser(collect);
    if (description === '') option.hideHelp();
    command.addOption(option);
    if (form === 'switch') command.addOption(command.createOption(`--no-${name}`).hideHelp());
  }
  return command;
}

function givenOf(command: Command, flags: readonly Flag[]): SpecFlagValues {
  const given: Record<string, string | boolean | readonly string[]> = {};
  for (const { name } of flags) {
    const key = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    // Without a word of it, a switch that has a --no- form is true by commander's default.
    if (command.getOptionValueSource(key) === 'cli') given[name] = command.getOptionValue(key);
  }
  return given;
}
