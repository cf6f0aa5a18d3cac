// A commit on top of another one: the objects that some changed files make. Pure; what it stands on is found by the caller.

import { HawserError } from '../base/errors.ts';
import { type CommitObject, formatCommitObject, type Person } from './commit-object.ts';
import { parseLfsPointer } from './lfs-pointer.ts';
import { type GitObject, hashObject, type ObjectId, type ObjectType } from './object.ts';
import { formatTreeObject, type Mode, type TreeObjectEntry } from './tree-object.ts';
import { entriesOf, type FindObject } from './walk-path.ts';

export interface CommitDetails {
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

export interface NewCommit {
  readonly id: ObjectId;
  /** New ones only. */
  readonly objects: readonly GitObject[];
}

/** Clean paths to contents; a file that is there keeps its mode. */
export type ChangedFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

interface Changes {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly folders: Map<string, Changes>;
}

/**
 * `find` gives the trees on the way to the files, and the files that are there. Throws `InvalidInput` where nothing changes, and where a path
 * names something that is no file: a folder, a symlink, a submodule, a file in Git LFS.
 */
export function makeCommit(
  find: FindObject,
  base: { readonly id: ObjectId; readonly commit: CommitObject },
  files: ChangedFiles,
  { author, committer, message }: CommitDetails,
): NewCommit {
  const objects = new Map<ObjectId, GitObject>();
  const put = (type: ObjectType, content: Uint8Array): ObjectId => {
    const id = hashObject(type, content);
    objects.set(id, { type, content });
    return id;
  };
  const write = (path: string, id: ObjectId | undefined, { files: own, folders }: Changes): ObjectId => {
    const before = id === undefined ? undefined : find(id);
    if (id !== undefined && !before) throw new HawserError('Internal', `the folder ${path} of ${base.id} is not here`);
    const entries = new Map<string, TreeObjectEntry>(before ? entriesOf(before) : []);
    for (const [name, content] of own) {
      const known = entries.get(name);
      const mode = modeOf(find, pathBelow(path, name), known);
      const same = known?.id === hashObject('blob', content);
      entries.set(name, same && known ? known : { mode, id: put('blob', content) });
    }
    for (const [name, changes] of folders) {
      const known = entries.get(name);
      const below = pathBelow(path, name);
      if (known && known.mode !== '40000') throw new HawserError('InvalidInput', `${below} is no folder`);
      entries.set(name, { mode: '40000', id: write(below, known?.id, changes) });
    }
    return put('tree', formatTreeObject(entries));
  };
  const tree = write('', base.commit.tree, splitPaths(files));
  if (tree === base.commit.tree) throw new HawserError('InvalidInput', 'nothing differs from what the branch has');
  const text = message.endsWith('\n') ? message : `${message}\n`;
  const id = put('commit', formatCommitObject({ tree, parents: [base.id], author, committer, message: text }));
  return { id, objects: [...objects.values()] };
}

function modeOf(find: FindObject, path: string, known: TreeObjectEntry | undefined): Mode {
  if (!known) return '100644';
  if (known.mode === '40000') throw new HawserError('InvalidInput', `${path} is a folder`);
  if (known.mode === '120000') throw new HawserError('InvalidInput', `${path} is a symbolic link`);
  if (known.mode === '160000') throw new HawserError('InvalidInput', `${path} is a submodule`);
  const content = find(known.id)?.content;
  if (content && parseLfsPointer(content)) {
    throw new HawserError('InvalidInput', `${path} is kept in Git LFS, to which nothing is written`);
  }
  return known.mode;
}

function splitPaths(files: ChangedFiles): Changes {
  const root: Changes = { files: new Map(), folders: new Map() };
  for (const [path, content] of files) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let here = root;
    for (const part of parts) {
      const next = here.folders.get(part) ?? { files: new Map(), folders: new Map() };
      here.folders.set(part, next);
      here = next;
    }
    here.files.set(name, content);
  }
  return root;
}

function pathBelow(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
