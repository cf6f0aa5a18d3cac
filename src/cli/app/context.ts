// What every verb of `hawser app` is given, and the names that they take.

import { type Command, Option } from 'commander';
import { HawserError } from '../../base/errors.ts';
import type { Tree } from '../../render/tree.ts';
import type { ServerAddress } from '../api-client.ts';
import type { CommandIo } from '../io.ts';
import type { RenderLocal } from './sync-request.ts';

export interface AppContext {
  readonly io: CommandIo;
  readonly program: Command;
  readonly connect: () => Promise<ServerAddress>;
  /** A folder of this machine. */
  readonly openFolder: (folder: string) => Promise<Tree>;
  readonly renderLocal: RenderLocal;
  /** The exit code where it is not 0. */
  end(code: number): void;
}

/** An Application as it is named: `name`, or `namespace/name`. */
export interface AppRef {
  readonly name: string;
  readonly namespace?: string;
}

export const DEFAULT_TIMEOUT_S = '300';

export function addVerb({ program }: AppContext, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option('-N, --app-namespace <namespace>', 'where the Application is, unless with hawser itself');
}

/** `--app-namespace` counts where the name has none of its own. */
export function parseRef(text: string, appNamespace?: string): AppRef {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  const namespace = slash > 0 ? text.slice(0, slash) : appNamespace;
  if (name === '' || name.includes('/')) {
    throw new HawserError('InvalidInput', `${text} is no name of an Application`, { hint: 'NAME or NAMESPACE/NAME' });
  }
  return { name, ...(namespace && { namespace }) };
}

export function shownName({ name, namespace }: AppRef): string {
  return namespace ? `${namespace}/${name}` : name;
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The path of an Application, or of what is below it. */
export function pathOf({ name, namespace }: AppRef, below = '', query: Query = {}): string {
  return `/api/v1/applications/${encodeURIComponent(name)}${below}${queryText({ ...query, appNamespace: namespace })}`;
}

/** What is undefined is left out. */
export function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(key, String(one));
  }
  return parameters.size > 0 ? `?${parameters}` : '';
}

export function outputOption(...formats: string[]): Option {
  return new Option('-o, --output <format>', 'another form').choices(formats);
}

/** For what may be given several times. */
export function collect(text: string, all: readonly string[] = []): readonly string[] {
  return [...all, text];
}

/** In milliseconds; 0 for no limit, as in Argo CD. */
export function parseTimeout(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && Number.isFinite(seconds)) return seconds * 1000;
  throw new HawserError('InvalidInput', `--timeout ${text} is no number of seconds`);
}

export function parseWhole(what: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new HawserError('InvalidInput', `${what} must be a whole number, not ${text}`);
}
