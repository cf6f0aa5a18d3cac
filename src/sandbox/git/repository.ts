// A Git repository in memory: objects, refs and the branch that HEAD names.

import {
  type CommitObject,
  formatCommitObject,
  type Person,
  parseCommitObject,
  parseTagObject,
} from '../../git/commit-object.ts';
import { type GitObject, hashObject, type ObjectId, type ObjectType, ZERO_ID } from '../../git/object.ts';
import { formatTreeObject, type Mode, parseTreeObject, type TreeObjectEntry } from '../../git/tree-object.ts';

export interface SandboxRepository {
  /** `owner/name`, as in its address. */
  readonly path: string;
  /** Reading needs a user, too. */
  readonly isPrivate: boolean;
  readonly objects: Map<ObjectId, GitObject>;
  /** By full name, without HEAD. */
  readonly refs: Map<string, ObjectId>;
  /** The full name of the branch that HEAD names; it need not exist. */
  head: string;
}

/** A file's content; `null` removes it. */
export type FileChange = string | Uint8Array | null | { readonly content: string | Uint8Array; readonly mode: Mode };

export interface CommitDetails {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly atMs: number;
}

export interface RefUpdate {
  readonly ref: string;
  /** 40 zeros for a new ref. */
  readonly before: ObjectId;
  /** 40 zeros for a deleted one. */
  readonly after: ObjectId;
}

const encoder = new TextEncoder();

export function createRepository(path: string, { isPrivate = false, defaultBranch = 'main' } = {}): SandboxRepository {
  return { path, isPrivate, objects: new Map(), refs: new Map(), head: `refs/heads/${defaultBranch}` };
}

/** Stores an object and gives its id. */
export function putObject({ objects }: SandboxRepository, type: ObjectType, content: Uint8Array): ObjectId {
  const id = hashObject(type, content);
  if (!objects.has(id)) objects.set(id, { type, content });
  return id;
}

/** Commits changed files on top of a branch, which is made where it is not there. */
export function commitFiles(
  repository: SandboxRepository,
  branch: string,
  files: Readonly<Record<string, FileChange>>,
  { message, author, atMs }: CommitDetails,
): RefUpdate {
  const ref = `refs/heads/${branch}`;
  const before = repository.refs.get(ref) ?? ZERO_ID;
  const parent = before === ZERO_ID ? undefined : readCommitObject(repository, before);
  const tree =
    writeChanges(repository, parent?.tree, splitPaths(files)) ?? putObject(repository, 'tree', new Uint8Array(0));
  const person: Person = { ...author, atSeconds: Math.floor(atMs / 1000), zone: '+0000' };
  const text = message.endsWith('\n') ? message : `${message}\n`;
  const commit = { tree, parents: parent ? [before] : [], author: person, committer: person, message: text };
  const after = putObject(repository, 'commit', formatCommitObject(commit));
  repository.refs.set(ref, after);
  return { ref, before, after };
}

export function readCommitObject({ objects }: SandboxRepository, id: ObjectId): CommitObject | undefined {
  const object = objects.get(id);
  return object?.type === 'commit' ? parseCommitObject(object.content) : undefined;
}

/** The commit that an id leads to, through annotated tags. */
export function peel({ objects }: SandboxRepository, id: ObjectId): ObjectId {
  let here = id;
  for (let object = objects.get(here); object?.type === 'tag'; object = objects.get(here)) {
    here = parseTagObject(object.content).target;
  }
  return here;
}

/** A tree's entries; empty where there is no such tree. */
export function readTree({ objects }: SandboxRepository, id: ObjectId | undefined): Map<string, TreeObjectEntry> {
  const object = id === undefined ? undefined : objects.get(id);
  return object?.type === 'tree' ? parseTreeObject(object.content) : new Map();
}

interface Changes {
  readonly files: Map<string, FileChange>;
  readonly directories: Map<string, Changes>;
}

function splitPaths(files: Readonly<Record<string, FileChange>>): Changes {
  const root: Changes = { files: new Map(), directories: new Map() };
  for (const [path, change] of Object.entries(files)) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let here = root;
    for (const part of parts) {
      const next = here.directories.get(part) ?? { files: new Map(), directories: new Map() };
      here.directories.set(part, next);
      here = next;
    }
    here.files.set(name, change);
  }
  return root;
}

/** The changed tree's id; undefined where nothing is left in it. */
function writeChanges(
  repository: SandboxRepository,
  id: ObjectId | undefined,
  { files, directories }: Changes,
): ObjectId | undefined {
  const entries = readTree(repository, id);
  for (const [name, change] of files) {
    if (change === null) entries.delete(name);
    else entries.set(name, writeFile(repository, change));
  }
  for (const [name, changes] of directories) {
    const old = entries.get(name);
    const child = writeChanges(repository, old?.mode === '40000' ? old.id : undefined, changes);
    if (child) entries.set(name, { mode: '40000', id: child });
    else entries.delete(name);
  }
  return entries.size === 0 ? undefined : putObject(repository, 'tree', formatTreeObject(entries));
}

function writeFile(repository: SandboxRepository, change: Exclude<FileChange, null>): TreeObjectEntry {
  const { content, mode } =
    typeof change === 'string' || change instanceof Uint8Array ? { content: change, mode: '100644' as const } : change;
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  // A submodule's id is no object of this repository.
  if (mode === '160000') return { mode, id: typeof content === 'string' ? content : ZERO_ID };
  return { mode, id: putObject(repository, 'blob', bytes) };
}
