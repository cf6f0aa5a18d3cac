// What `hawser jsonnet` writes: to standard output, into a file, or into a folder, with the texts of errors that Go's files have (go-jsonnet:
// cmd/jsonnet/cmd.go, cmd/internal/cmd/utils.go).

import { mkdirSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path';

/** A file that cannot be read or written: `open a/b: no such file or directory`. */
export class FileRefusal extends Error {}

export interface Place {
  readonly cwd: string;
  /** Without it, standard output. */
  readonly output: string | undefined;
  readonly createsFolders: boolean;
  stdout(text: string): void;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  ENAMETOOLONG: 'file name too long',
  ELOOP: 'too many levels of symbolic links',
};

/** What Go says of an error of the system; throws what is none. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return REASONS[String(error.code)] ?? error.message;
}

export function isOf(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** One text. */
export function writeText(text: string, { cwd, output, createsFolders, stdout }: Place): void {
  if (output === undefined) stdout(text);
  else {
    if (createsFolders) makeFolders(cwd, dirname(output));
    asGo(`open ${output}`, () => writeFileSync(resolve(cwd, output), text));
  }
}

/** Each under its name in `folder`, where nothing is written that has not changed; the names go to the output, each before its file. */
export function writeFiles(files: ReadonlyMap<string, string>, folder: string, place: Place): void {
  const { cwd, output, createsFolders, stdout } = place;
  if (output !== undefined) asGo(`open ${output}`, () => writeFileSync(resolve(cwd, output), ''));
  let told = '';
  try {
    if (files.size === 0) return;
    const shown = normalize(`${folder}/`).replace(/(?<=.)\/$/, '');
    openFolder(shown, cwd, createsFolders);
    for (const [name, text] of files) {
      const inside = normalize(isAbsolute(name) ? relative('/', name) : name || '.').replace(/(?<=.)\/$/, '') || '.';
      told += `${join(shown, inside)}\n`;
      writeInside({ root: resolve(cwd, shown), shown, inside, createsFolders }, text);
    }
  } finally {
    if (output === undefined) stdout(told);
    else writeFileSync(resolve(cwd, output), told);
  }
}

function openFolder(shown: string, cwd: string, createsFolders: boolean): void {
  const found = statOf(resolve(cwd, shown));
  if (isFolder(found)) return;
  if (found === 'ENOENT' && createsFolders) makeFolders(cwd, shown);
  else throw new FileRefusal(`open ${shown}: ${REASONS[typeof found === 'string' ? found : 'ENOTDIR'] ?? found}`);
}

interface Inside {
  readonly root: string;
  readonly shown: string;
  readonly inside: string;
  readonly createsFolders: boolean;
}

function writeInside({ root, shown, inside, createsFolders }: Inside, text: string): void {
  if (leadsOut(root, inside)) throw new FileRefusal(`openat ${inside}: path escapes from parent`);
  const path = join(root, inside);
  const found = statOf(path);
  if (isFolder(found)) throw new FileRefusal(`read ${shown}/${inside}: is a directory`);
  if (found !== 'ENOENT' && asGo(`openat ${inside}`, () => readFileSync(path, 'utf8')) === text) return;
  if (createsFolders) mkdirSync(dirname(path), { recursive: true });
  asGo(`openat ${inside}`, () => writeFileSync(path, text));
}

/** By its name, or by a link on the way. */
function leadsOut(root: string, inside: string): boolean {
  if (inside === '..' || inside.startsWith('../')) return true;
  const real = realpathSync(root);
  const isOutside = (path: string) => path !== real && relative(real, path).split('/')[0] === '..';
  let path = real;
  for (const step of inside.split('/')) {
    path = join(path, step);
    try {
      path = realpathSync(path);
    } catch (error) {
      if (isOf(error, 'ENOTDIR')) return false;
      if (!isOf(error, 'ENOENT')) return isOf(error, 'ELOOP');
      const target = linkAt(path);
      return target !== undefined && isOutside(resolve(dirname(path), target));
    }
    if (isOutside(path)) return true;
  }
  return false;
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // Nothing is there, or it is no link.
    return undefined;
  }
}

/** Go's os.MkdirAll: it names what is in the way. */
function makeFolders(cwd: string, folder: string): void {
  const steps = folder.split('/');
  for (let count = 1; count <= steps.length; count++) {
    const path = steps.slice(0, count).join('/') || '/';
    const found = statOf(resolve(cwd, path));
    if (isFolder(found)) continue;
    if (found !== 'ENOENT') throw new FileRefusal(`mkdir ${path}: ${REASONS.ENOTDIR}`);
    asGo(`mkdir ${path}`, () => mkdirSync(resolve(cwd, path)));
  }
}

/** What is there, or the code of why it cannot be told. */
function statOf(path: string): Stats | string {
  try {
    return statSync(path);
  } catch (error) {
    reasonOf(error);
    return error instanceof Error && 'code' in error ? String(error.code) : '';
  }
}

function isFolder(found: Stats | string): boolean {
  return typeof found !== 'string' && found.isDirectory();
}

function asGo<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new FileRefusal(`${what}: ${reasonOf(error)}`);
  }
}
