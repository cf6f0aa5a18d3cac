// The Application that `hawser render|diff|sync -f` is for: from a file, standard input or a URL.

import type { Command } from 'commander';
import { parseApplication } from '../../application/parse.ts';
import type { Application } from '../../application/types.ts';
import { HawserError } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import type { KubeObject } from '../../kube/object.ts';
import type { DiffRequest } from '../../operation/hawser.ts';
import type { Tree } from '../../render/tree.ts';
import type { RawApplication } from '../app/applications.ts';
import { parseApplications } from '../app/create.ts';
import { readText } from '../app/spec-options.ts';
import type { CommandIo } from '../io.ts';
import { readLocalFiles } from '../local-files.ts';

export interface FileFlags {
  readonly file: string;
  readonly local?: string;
  readonly revision?: string;
}

export function addFileOptions(command: Command): Command {
  return command
    .requiredOption('-f, --file <file>', 'a file or URL of one Application; - is standard input')
    .option('--local <folder>', 'what this folder holds, instead of what is in Git')
    .option('--revision <revision>', 'instead of the targetRevision; of several sources with commas between them');
}

/** Throws `InvalidInput` unless there is exactly one. */
export async function readApplicationFile(io: CommandIo, file: string): Promise<RawApplication> {
  const text = file === '-' ? await io.readStdin() : await readText(file, io.cwd);
  const [first, ...more] = await parseApplications(text, file);
  if (first && more.length === 0) return first;
  throw new HawserError('InvalidInput', `there are ${more.length + 1} Applications`, {
    place: { file },
    hint: 'give them one by one',
  });
}

/** As hawser works with it: with a name and a namespace. */
export function applicationOf(raw: RawApplication, namespace: string): Application {
  const metadata = isObject(raw.metadata) ? raw.metadata : {};
  const named = { namespace, ...metadata, name: metadata.name || 'application' };
  return parseApplication({ ...raw, metadata: named } as unknown as KubeObject);
}

/** What is rendered in place of the target revision. */
export async function requestOf(
  { local, revision }: FileFlags,
  openFolder: (folder: string) => Promise<Tree>,
): Promise<DiffRequest> {
  if (local !== undefined && revision !== undefined) {
    throw new HawserError('InvalidInput', '--local and --revision exclude one another');
  }
  if (local !== undefined) return { files: await readFiles(local, openFolder) };
  return revision === undefined ? {} : { revisions: revision.split(',') };
}

export async function readFiles(
  folder: string,
  openFolder: (folder: string) => Promise<Tree>,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const files = await readLocalFiles(folder, openFolder);
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text, 'base64')]));
}
