// What a push brought: its commits, and the files that each changed.

import type { CommitObject } from '../../git/commit-object.ts';
import { type ObjectId, ZERO_ID } from '../../git/object.ts';
import { walkHistory } from './reachable.ts';
import { peel, type RefUpdate, readCommitObject, readTree, type SandboxRepository } from './repository.ts';

export interface FileChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

export interface PushedCommit extends FileChanges {
  readonly id: ObjectId;
  readonly commit: CommitObject;
}

/** The commits that a ref has after an update and had not before, newest first. */
export function pushedCommits(repository: SandboxRepository, { before, after }: RefUpdate): PushedCommit[] {
  if (after === ZERO_ID) return [];
  const old = walkHistory(repository, before === ZERO_ID ? [] : [peel(repository, before)]).commits;
  const commits: PushedCommit[] = [];
  for (const id of walkHistory(repository, [peel(repository, after)]).commits) {
    const commit = old.has(id) ? undefined : readCommitObject(repository, id);
    if (!commit) continue;
    const parent = commit.parents[0] === undefined ? undefined : readCommitObject(repository, commit.parents[0]);
    commits.push({ id, commit, ...compareTrees(repository, parent?.tree, commit.tree) });
  }
  return commits;
}

/** The files that differ between two trees. */
export function compareTrees(
  repository: SandboxRepository,
  before: ObjectId | undefined,
  after: ObjectId | undefined,
): FileChanges {
  const changes = { added: [] as string[], removed: [] as string[], modified: [] as string[] };
  const visit = (directory: string, from: ObjectId | undefined, to: ObjectId | undefined) => {
    if (from === to) return;
    const old = readTree(repository, from);
    const now = readTree(repository, to);
    for (const name of [...new Set([...old.keys(), ...now.keys()])].sort()) {
      const a = old.get(name);
      const b = now.get(name);
      if (a && b && a.id === b.id && a.mode === b.mode) continue;
      const path = `${directory}${name}`;
      const isFile = { a: a && a.mode !== '40000', b: b && b.mode !== '40000' };
      if (isFile.a && isFile.b) changes.modified.push(path);
      else if (isFile.a) changes.removed.push(path);
      else if (isFile.b) changes.added.push(path);
      visit(`${path}/`, a?.mode === '40000' ? a.id : undefined, b?.mode === '40000' ? b.id : undefined);
    }
  };
  visit('', before, after);
  return changes;
}
