// A render of an Application as one value, made where the repositories can be read and rendered again anywhere: in a browser, with files that
// somebody has changed. The engines and the order of their work are the same as in reader.ts; only what they ask for is answered from here.

import type { Source, SourceType } from '../application/types.ts';
import { HawserError } from '../base/errors.ts';
import type { KubeObject } from '../kube/object.ts';
import type { GeneratedValues } from '../render/helm/generated.ts';
import type { RepoUrl } from '../render/kustomize/load/repo-url.ts';
import type { Tree, TreeEntry } from '../render/tree.ts';
import type { LockedDependency } from './chart-lock.ts';
import { type Edits, editTree } from './edited-tree.ts';
import type { LookupQuery } from './lookups.ts';
import { isReferenceOnly, pathOf } from './opened-source.ts';
import { renderSource, type Surroundings } from './render.ts';
import type { PlainContext } from './render-job.ts';

/** What a render read of one tree, and found missing. Contents that are UTF-8 stand as text, others in base64. */
export interface InputTree {
  readonly texts: Readonly<Record<string, string>>;
  readonly binaries: Readonly<Record<string, string>>;
  /** Paths at which there is no file. */
  readonly noFiles: readonly string[];
  /** Folders with their entries; null where there is no folder. */
  readonly folders: Readonly<Record<string, readonly TreeEntry[] | null>>;
  /** Where paths lead that nothing else tells of, through symlinks or not; null for nowhere. */
  readonly links: Readonly<Record<string, string | null>>;
  readonly hasLinks: boolean;
}

export interface InputSource {
  readonly source: Source;
  readonly revision: string;
  /** The source's folder in its repository. */
  readonly path: string;
  /** How errors call it: `spec.source`, `spec.sources[0]`. */
  readonly field: string;
  readonly type: SourceType;
  readonly tree: InputTree;
  /** Of repositories and registries; `archive` in base64. */
  readonly charts: readonly (LockedDependency & { readonly archive: string })[];
  /** Values files at URLs, in base64. */
  readonly urls: readonly { readonly url: string; readonly content: string }[];
  /** Files that a kustomization names by URL: in base64, or the status of the answer. */
  readonly remoteFiles: readonly { readonly url: string; readonly content?: string; readonly status?: number }[];
  readonly remoteTrees: readonly { readonly key: string; readonly tree: InputTree }[];
}

export interface RenderInput {
  readonly context: PlainContext;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly sources: readonly InputSource[];
  /** What charts looked up in the cluster. The answers stay there: rendered again, they are empty. */
  readonly lookups: readonly LookupQuery[];
  /** Templates generate passwords or certificates. Those that are kept stay where they are: rendered again, others stand for them. */
  readonly generates: boolean;
}

/** By the number of the source. */
export type SourceEdits = Readonly<Record<number, Edits>>;

/** What stands for what the cluster keeps; the same for each render of one page, so that they can be compared. */
export interface Stand {
  readonly generated: GeneratedValues;
  random(length: number): Uint8Array;
}

/** The objects of all sources in their order. Throws what the render of a source throws, and `Unavailable` for files that are not in the input. */
export function renderInput(input: RenderInput, edits: SourceEdits, stand: Stand): readonly KubeObject[] {
  const trees = input.sources.map(({ tree }, index) => editTree(createInputTree(tree), edits[index] ?? {}));
  const refs = new Map<string, Tree>();
  input.sources.forEach(({ source }, index) => {
    const tree = trees[index];
    if (source.ref && tree && !source.chart) refs.set(`$${source.ref}`, tree);
  });
  return input.sources.flatMap((one, index) => {
    const tree = trees[index];
    if (!tree || isReferenceOnly(one.source)) return [];
    const { source, revision, field } = one;
    const surroundings = { ...answersOf(one, input.nowMs, stand), field, refs };
    return renderSource(tree, pathOf(source), { source, revision }, input.context, surroundings).objects;
  });
}

/** The key of a remote repository among those of an input. */
export function remoteKey({ cloneUrl, ref, submodules }: RepoUrl): string {
  return JSON.stringify([cloneUrl, ref, submodules]);
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const encoder = new TextEncoder();

/** The tree that was read. What nobody has asked for when the input was made cannot be told here, which is no answer that it is missing. */
export function createInputTree({ texts, binaries, noFiles, folders, links, hasLinks }: InputTree): Tree {
  const missing = new Set(noFiles);
  const opened = new Map<string, Uint8Array>();
  const entryOf = (path: string): TreeEntry | undefined | 'unknown' => {
    const slash = path.lastIndexOf('/');
    const siblings = Object.hasOwn(folders, path.slice(0, Math.max(0, slash)))
      ? folders[path.slice(0, Math.max(0, slash))]
      : 'unknown';
    if (siblings === 'unknown') return 'unknown';
    return siblings?.find(({ name }) => name === path.slice(slash + 1));
  };
  return {
    readFile: (path) => {
      const known = opened.get(path);
      if (known) return known;
      const text = Object.hasOwn(texts, path) ? texts[path] : undefined;
      const binary = Object.hasOwn(binaries, path) ? binaries[path] : undefined;
      const content = text !== undefined ? encoder.encode(text) : binary === undefined ? undefined : bytesOf(binary);
      if (content) opened.set(path, content);
      else if (!missing.has(path) && !Object.hasOwn(folders, path) && mayBeFile(entryOf(path))) throw unread(path);
      return content;
    },
    list: (path) => {
      if (Object.hasOwn(folders, path)) return folders[path] ?? undefined;
      if (Object.hasOwn(texts, path) || Object.hasOwn(binaries, path) || missing.has(path)) return undefined;
      if (path !== '' && entryOf(path) === undefined) return undefined;
      throw unread(path);
    },
    ...(hasLinks && {
      realPath: (path: string) => {
        if (Object.hasOwn(links, path)) return links[path] ?? undefined;
        if ([texts, binaries].some((files) => Object.hasOwn(files, path))) return path;
        if (Object.hasOwn(folders, path)) return folders[path] ? path : undefined;
        const entry = entryOf(path);
        if (entry === undefined) return undefined;
        if (entry !== 'unknown' && entry.kind !== 'symlink') return path;
        throw unread(path);
      },
    }),
  };
}

function mayBeFile(entry: TreeEntry | undefined | 'unknown'): boolean {
  return entry === 'unknown' || entry?.kind === 'file' || entry?.kind === 'symlink';
}

function unread(path: string): HawserError {
  return new HawserError(
    'Unavailable',
    `${path === '' ? 'the root of the repository' : path} is not among what was read for this page`,
    {
      place: { file: path },
      hint: 'the server can say what it holds: commit to a branch, or take a file that the source reads already',
    },
  );
}

function answersOf(one: InputSource, nowMs: number, { generated, random }: Stand): Omit<Surroundings, 'refs'> {
  const charts = new Map(one.charts.map((chart) => [chartKey(chart), chart.archive]));
  const urls = new Map(one.urls.map(({ url, content }) => [url, content]));
  const files = new Map(one.remoteFiles.map((file) => [file.url, file]));
  const trees = new Map(one.remoteTrees.map(({ key, tree }) => [key, tree]));
  return {
    environment: { now: () => nowMs, random },
    generated,
    lookup: () => new Map(),
    findDependency: (wanted) => {
      const archive = charts.get(chartKey(wanted));
      if (archive === undefined) throw unread(`the chart ${wanted.name} ${wanted.version} of ${wanted.repository}`);
      return bytesOf(archive);
    },
    findFiles: (wanted) =>
      new Map(
        wanted.map((url) => {
          const content = urls.get(url);
          if (content === undefined) throw unread(url);
          return [url, bytesOf(content)];
        }),
      ),
    remotes: {
      readFile: (url) => {
        const file = files.get(url);
        if (!file) throw unread(url);
        return file.content === undefined ? { status: file.status ?? 404 } : bytesOf(file.content);
      },
      openRepository: (url) => {
        const tree = trees.get(remoteKey(url));
        if (!tree) throw unread(url.raw);
        return createInputTree(tree);
      },
    },
  };
}

export function chartKey({ repository, name, version }: LockedDependency): string {
  return JSON.stringify([repository, name, version]);
}
