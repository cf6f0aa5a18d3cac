// Which objects belong into a pack: those that the wanted ones lead to, less those that the client has, less what it
// filters out.

import { parseTagObject } from '../../git/commit-object.ts';
import type { GitObject, ObjectId } from '../../git/object.ts';
import { readCommitObject, readTree, type SandboxRepository } from './repository.ts';

/** Whether an object below a commit is left out; `depth` counts from the commit's tree. */
export type Omit = (object: GitObject, depth: number) => boolean;

export interface History {
  /** Commits to go through. */
  readonly commits: ReadonlySet<ObjectId>;
  /** Those of them whose parents are cut off. */
  readonly boundary: ReadonlySet<ObjectId>;
}

/**
 * `blob:none`, `blob:limit=<n>[kmg]`, `tree:<n>`, `object:type=<t>`, `combine:<a>+<b>`; undefined for one that is not
 * known.
 */
export function parseFilter(spec: string): Omit | undefined {
  if (spec === 'blob:none') return ({ type }) => type === 'blob';
  const limit = /^blob:limit=(\d+)([kmg]?)$/i.exec(spec);
  if (limit) {
    const unit = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[(limit[2] ?? '').toLowerCase()] ?? 1;
    const bytes = Number(limit[1]) * unit;
    return ({ type, content }) => type === 'blob' && content.length >= bytes;
  }
  const tree = /^tree:(\d+)$/.exec(spec);
  if (tree) return (_, depth) => depth >= Number(tree[1]);
  const kind = /^object:type=(\w+)$/.exec(spec);
  if (kind) return ({ type }) => type !== kind[1];
  if (!spec.startsWith('combine:')) return undefined;
  const parts = spec
    .slice('combine:'.length)
    .split('+')
    .map((part) => parseFilter(decodeURIComponent(part)));
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : (object, depth) => known.some((omit) => omit(object, depth));
}

/**
 * The commits that `starts` lead to. `depth` of them deep at most; not beyond `cut`, unless `relative`: then `depth`
 * counts from there.
 */
export function walkHistory(
  repository: SandboxRepository,
  starts: Iterable<ObjectId>,
  {
    depth = Number.POSITIVE_INFINITY,
    cut,
    relative = false,
  }: { depth?: number; cut?: ReadonlySet<ObjectId>; relative?: boolean } = {},
): History {
  const best = new Map<ObjectId, number>();
  const boundary = new Set<ObjectId>();
  let level = [...starts].map((id) => ({ id, left: relative ? Number.POSITIVE_INFINITY : depth }));
  while (level.length > 0) {
    const next: typeof level = [];
    for (const { id, left } of level) {
      const budget = relative && cut?.has(id) ? Math.min(left, depth + 1) : left;
      if ((best.get(id) ?? 0) >= budget) continue;
      const commit = readCommitObject(repository, id);
      if (!commit) continue;
      best.set(id, budget);
      const isCut = !relative && cut?.has(id);
      if (commit.parents.length > 0 && (budget <= 1 || isCut)) boundary.add(id);
      else {
        boundary.delete(id);
        next.push(...commit.parents.map((parent) => ({ id: parent, left: budget - 1 })));
      }
    }
    level = next;
  }
  return { commits: new Set(best.keys()), boundary };
}

/** All objects of commits, trees or blobs, themselves included; trees that are known already are not entered again. */
export function markReachable(repository: SandboxRepository, ids: Iterable<ObjectId>, marked: Set<ObjectId>): void {
  for (const id of ids) {
    if (marked.has(id)) continue;
    const object = repository.objects.get(id);
    if (!object) continue;
    marked.add(id);
    if (object.type === 'commit') markReachable(repository, [readCommitObject(repository, id)?.tree ?? ''], marked);
    if (object.type === 'tag') markReachable(repository, [parseTagObject(object.content).target], marked);
    if (object.type === 'tree')
      markReachable(
        repository,
        [...readTree(repository, id).values()].map((e) => e.id),
        marked,
      );
  }
}

/**
 * Whether everything that an object leads to is there, but for a commit's ancestors, which a shallow clone cannot
 * push.
 */
export function isComplete(repository: SandboxRepository, start: ObjectId): boolean {
  const seen = new Set<ObjectId>();
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const object = repository.objects.get(id);
    if (!object) return false;
    if (seen.has(id)) continue;
    seen.add(id);
    if (object.type === 'commit') queue.push(readCommitObject(repository, id)?.tree ?? '');
    if (object.type === 'tag') queue.push(parseTagObject(object.content).target);
    if (object.type !== 'tree') continue;
    for (const entry of readTree(repository, id).values()) if (entry.mode !== '160000') queue.push(entry.id);
  }
  return true;
}

/** The objects to send. What is wanted by its own id is sent whatever the filter says. */
export function selectObjects(
  repository: SandboxRepository,
  wants: readonly ObjectId[],
  { commits }: History,
  known: ReadonlySet<ObjectId>,
  omit: Omit = () => false,
): GitObject[] {
  const selected = new Map<ObjectId, GitObject>();
  const depths = new Map<ObjectId, number>();
  const enter = (id: ObjectId, depth: number, isWanted: boolean) => {
    const object = repository.objects.get(id);
    if (!object || known.has(id) || (depths.get(id) ?? Number.POSITIVE_INFINITY) <= depth) return;
    depths.set(id, depth);
    if (isWanted || !omit(object, depth)) selected.set(id, object);
    if (object.type !== 'tree') return;
    for (const entry of readTree(repository, id).values())
      if (entry.mode !== '160000') enter(entry.id, depth + 1, false);
  };
  for (const id of wants) {
    for (let here = id, object = repository.objects.get(here); object; object = repository.objects.get(here)) {
      if (object.type === 'tag') {
        selected.set(here, object);
        here = parseTagObject(object.content).target;
        continue;
      }
      if (object.type !== 'commit') enter(here, 0, true);
      break;
    }
  }
  for (const id of commits) {
    const object = repository.objects.get(id);
    if (!object || known.has(id)) continue;
    selected.set(id, object);
    enter(readCommitObject(repository, id)?.tree ?? '', 0, false);
  }
  return [...selected.values()];
}
