// What a render elsewhere asks of the place where the files are: the synchronous surroundings of `renderSource`, in values that can be
// cloned. One table of functions, so that whatever carries the calls between two threads knows nothing of what they mean.

import type { JsonObject } from '../base/json.ts';
import { parseLfsPointer } from '../git/lfs-pointer.ts';
import type { GeneratedValues } from '../render/helm/generated.ts';
import type { RemoteSources } from '../render/kustomize/load/remote.ts';
import type { RepoUrl } from '../render/kustomize/load/repo-url.ts';
import type { Tree, TreeEntry } from '../render/tree.ts';
import type { FindDependency } from './chart-dependencies.ts';
import type { LockedDependency } from './chart-lock.ts';
import type { FindFiles } from './fetched-files.ts';
import type { Lookups } from './lookups.ts';

export interface FileHere {
  readonly path: string;
  readonly content: Uint8Array;
}

/** An answer, and files that lie beside it: who reads one of a chart soon reads the others, and each call costs a turn of the event loop. */
export interface WithBeside<T> {
  readonly found: T;
  readonly beside: readonly FileHere[];
}

/** Trees are told by numbers: 0 is the source's own, then those of the `ref`s, then remote repositories. */
export interface RenderNeeds {
  readFile(tree: number, path: string): WithBeside<Uint8Array | undefined>;
  list(tree: number, path: string): WithBeside<readonly TreeEntry[] | undefined>;
  realPath(tree: number, path: string): string | undefined;
  /** These files, which lay beside others, were read as well. */
  noteReads(tree: number, paths: readonly string[]): void;
  findDependency(wanted: LockedDependency): Uint8Array;
  findFiles(urls: readonly string[]): ReadonlyMap<string, Uint8Array>;
  readRemote(url: string): Uint8Array | { readonly status: number };
  openRemote(url: RepoUrl): { readonly tree: number; readonly hasRealPath: boolean };
  lookUp(apiVersion: string, kind: string, namespace: string, name: string): JsonObject;
  recall(key: string): string | undefined;
  keep(key: string, value: string, lifeMs: number | undefined): void;
  random(length: number): Uint8Array;
}

/** Carries one call to the needs; it throws what they throw. */
export type AskNeed = <Name extends keyof RenderNeeds>(
  name: Name,
  ...args: Parameters<RenderNeeds[Name]>
) => ReturnType<RenderNeeds[Name]>;

/** A tree, and the files of a folder that are at hand without their being noted as read. */
export interface TreeToServe {
  readonly tree: Tree;
  filesHere(directory: string): readonly FileHere[];
}

export interface NeedsParts {
  readonly trees: readonly TreeToServe[];
  readonly findDependency: FindDependency;
  readonly findFiles: FindFiles;
  readonly remotes: RemoteSources;
  readonly lookups: Pick<Lookups, 'answer'>;
  readonly generated: GeneratedValues;
  random(length: number): Uint8Array;
}

/** Of what lies beside: more would be copied in vain. */
const MAX_FILE_BYTES = 256 << 10;
const MAX_BYTES = 4 << 20;

export interface ServedNeeds {
  readonly needs: RenderNeeds;
  /** The render ended without telling what it read: all that it was given counts as read. */
  noteAll(): void;
}

/** The needs of one run of a render. */
export function serveNeeds(parts: NeedsParts): ServedNeeds {
  const trees = [...parts.trees];
  const given = new Map<string, { readonly tree: number; readonly files: readonly FileHere[] }>();
  const at = (index: number): TreeToServe => {
    const tree = trees[index];
    if (!tree) throw new Error(`there is no tree ${index}`);
    return tree;
  };
  const besides = (tree: number, directory: string): readonly FileHere[] => {
    const key = `${tree} ${directory}`;
    if (given.has(key)) return [];
    let left = MAX_BYTES;
    const files: FileHere[] = [];
    for (const { path, content } of at(tree).filesHere(directory)) {
      if (content.length > Math.min(left, MAX_FILE_BYTES) || parseLfsPointer(content)) continue;
      left -= content.length;
      files.push({ path, content: ownBytes(content) });
    }
    given.set(key, { tree, files });
    return files;
  };
  const noteReads = (tree: number, paths: readonly string[]) => {
    for (const path of paths) at(tree).tree.readFile(path);
  };
  return {
    noteAll: () => {
      for (const { tree, files } of given.values()) {
        noteReads(
          tree,
          files.map(({ path }) => path),
        );
      }
    },
    needs: {
      readFile: (tree, path) => {
        const found = at(tree).tree.readFile(path);
        return { found: found && ownBytes(found), beside: found ? besides(tree, folderOf(path)) : [] };
      },
      list: (tree, path) => {
        const found = at(tree).tree.list(path);
        return { found, beside: found ? besides(tree, path) : [] };
      },
      realPath: (tree, path) => at(tree).tree.realPath?.(path),
      noteReads,
      findDependency: (wanted) => ownBytes(parts.findDependency(wanted)),
      findFiles: (urls) => parts.findFiles(urls),
      readRemote: (url) => parts.remotes.readFile(url),
      openRemote: (url) => {
        const tree = parts.remotes.openRepository(url);
        trees.push({ tree, filesHere: () => [] });
        return { tree: trees.length - 1, hasRealPath: tree.realPath !== undefined };
      },
      lookUp: (...query) => parts.lookups.answer(...query),
      recall: (key) => parts.generated.recall(key),
      keep: (key, value, lifeMs) => parts.generated.keep(key, value, lifeMs),
      random: (length) => parts.random(length),
    },
  };
}

/** A call that came from elsewhere. */
export function answerNeed(needs: RenderNeeds, name: string, args: readonly unknown[]): unknown {
  const need: unknown = Object.hasOwn(needs, name) ? Reflect.get(needs, name) : undefined;
  if (typeof need !== 'function') throw new Error(`a render asked for ${name}, which nothing answers`);
  return Reflect.apply(need, needs, args);
}

/** The files of a folder of a tree that notes no reads. */
export function filesOf(tree: Tree, directory: string): readonly FileHere[] {
  return (tree.list(directory) ?? []).flatMap(({ name, kind }) => {
    const path = directory === '' ? name : `${directory}/${name}`;
    const content = kind === 'file' ? tree.readFile(path) : undefined;
    return content ? [{ path, content }] : [];
  });
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Cloning copies the whole buffer that a view lies in: of a file in a pack, the pack. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
