// Writes down what a render is given, so that it can be done again elsewhere (render-input.ts).

import type { SourceType } from '../application/types.ts';
import { bringMissing } from '../base/bring-missing.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { joinPath, type Tree, type TreeEntry } from '../render/tree.ts';
import { detectSourceType } from './detect.ts';
import { isReferenceOnly, type OpenedSource, pathOf } from './opened-source.ts';
import type { RenderedSource } from './render.ts';
import { chartKey, type InputSource, type InputTree, remoteKey } from './render-input.ts';
import type { OpenedRender } from './render-opened.ts';
import { createWidening } from './widening.ts';

/** Of all files together: more is no page's to render. */
const MAX_BYTES = 8 << 20;

/** Of a kustomization's folder, so much is taken of what its build did not read: a change may name it. */
const MAX_UNREAD_FILES = 500;
const MAX_UNREAD_BYTES = 2 << 20;
const MAX_DEPTH = 12;

/** A render that is watched, and what it was given. */
export interface WatchedRender {
  readonly render: OpenedRender;
  readonly own: WatchedSource;
  readonly charts: Map<string, InputSource['charts'][number]>;
  readonly urls: Map<string, Uint8Array>;
  readonly remoteFiles: Map<string, Uint8Array | { readonly status: number }>;
  readonly remoteTrees: Map<string, WatchedTree>;
}

export interface WatchedSource {
  readonly opened: OpenedSource;
  readonly seen: WatchedTree;
}

interface WatchedTree {
  readonly tree: Tree;
  readonly files: ReadonlyMap<string, Uint8Array | undefined>;
  readonly folders: ReadonlyMap<string, readonly TreeEntry[] | undefined>;
  readonly links: ReadonlyMap<string, string | undefined>;
}

/** The source as it is opened, with a note of each read that was answered. */
export function watchSource(opened: OpenedSource): WatchedSource {
  const seen = watchTree(opened.tree);
  return { opened: { ...opened, tree: seen.tree }, seen };
}

export function watchRender(render: OpenedRender, own: WatchedSource): WatchedRender {
  const charts: WatchedRender['charts'] = new Map();
  const urls: WatchedRender['urls'] = new Map();
  const remoteFiles: WatchedRender['remoteFiles'] = new Map();
  const remoteTrees: WatchedRender['remoteTrees'] = new Map();
  const watched: OpenedRender = {
    ...render,
    charts: {
      ...render.charts,
      find: (wanted) => {
        const archive = render.charts.find(wanted);
        const { repository, name, version } = wanted;
        const key = chartKey(wanted);
        if (!charts.has(key)) charts.set(key, { repository, name, version, archive: base64Of(archive) });
        return archive;
      },
    },
    files: {
      ...render.files,
      find: (wanted) => {
        const found = render.files.find(wanted);
        for (const url of wanted) urls.set(url, found.get(url) ?? new Uint8Array(0));
        return found;
      },
    },
    remotes: {
      ...render.remotes,
      readFile: (url) => {
        const file = render.remotes.readFile(url);
        remoteFiles.set(url, file);
        return file;
      },
      openRepository: (url) => {
        const key = remoteKey(url);
        const known = remoteTrees.get(key) ?? watchTree(render.remotes.openRepository(url));
        remoteTrees.set(key, known);
        // An object of its own for each, as the renderer tells cycles by it.
        return { ...known.tree };
      },
    },
  };
  return { render: watched, own, charts, urls, remoteFiles, remoteTrees };
}

/** Throws `LimitExceeded` for more than 8 MiB. `rendered` is undefined where the render has failed. */
export async function inputOf(
  { render, own, charts, urls, remoteFiles, remoteTrees }: WatchedRender,
  rendered: RenderedSource | undefined,
  signal?: AbortSignal,
): Promise<InputSource> {
  const { resolved, field, context } = render;
  const { source, revision } = resolved;
  const path = isReferenceOnly(source) ? '' : pathOf(source);
  const type = rendered?.sourceType ?? (await detect(own, resolved.source, path, context.settings?.disabledTools));
  if (type === 'Kustomize') await readFolder(own.opened, path, signal);
  return {
    ...{ source, revision, path, field, type },
    tree: inputTreeOf(own.seen),
    charts: [...charts.values()],
    urls: [...urls].map(([url, content]) => ({ url, content: base64Of(content) })),
    remoteFiles: [...remoteFiles].map(([url, file]) =>
      file instanceof Uint8Array ? { url, content: base64Of(file) } : { url, status: file.status },
    ),
    remoteTrees: [...remoteTrees].map(([key, seen]) => ({ key, tree: inputTreeOf(seen) })),
  };
}

/** Throws `LimitExceeded`, naming what is largest. */
export function requireBounded(sources: readonly InputSource[]): void {
  const sizes = sources.flatMap(({ tree, charts, urls, remoteFiles, remoteTrees }) => [
    ...[tree, ...remoteTrees.map((remote) => remote.tree)].flatMap(({ texts, binaries }) =>
      Object.entries({ ...texts, ...binaries }),
    ),
    ...charts.map(({ name, archive }) => [name, archive] as const),
    ...urls.map(({ url, content }) => [url, content] as const),
    ...remoteFiles.map(({ url, content = '' }) => [url, content] as const),
  ]);
  const total = sizes.reduce((sum, [, { length }]) => sum + length, 0);
  if (total <= MAX_BYTES) return;
  const [largest = ''] = [...sizes].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  throw new HawserError(
    'LimitExceeded',
    `what this Application is rendered from is ${(total / 2 ** 20).toFixed(1)} MiB, more than the ${MAX_BYTES >> 20} MiB that a page renders; the largest is ${largest}`,
    { hint: 'try the change on a branch of its own' },
  );
}

function watchTree(tree: Tree): WatchedTree {
  const files = new Map<string, Uint8Array | undefined>();
  const folders = new Map<string, readonly TreeEntry[] | undefined>();
  const links = new Map<string, string | undefined>();
  const { realPath } = tree;
  return {
    ...{ files, folders, links },
    tree: {
      readFile: (path) => {
        const content = tree.readFile(path);
        files.set(path, content);
        return content;
      },
      list: (path) => {
        const entries = tree.list(path);
        folders.set(path, entries);
        return entries;
      },
      ...(realPath && {
        realPath: (path: string) => {
          const real = realPath(path);
          links.set(path, real);
          return real;
        },
      }),
    },
  };
}

/** Files that were read by way of a symlink stand there by their own path, too. */
function inputTreeOf({ tree, files: read, folders, links }: WatchedTree): InputTree {
  const files = new Map(read);
  for (const [path, content] of tree.realPath ? read : []) {
    const real = content && attempt(() => tree.realPath?.(path));
    if (content && real !== undefined && !files.get(real)) files.set(real, content);
  }
  const texts: Record<string, string> = {};
  const binaries: Record<string, string> = {};
  const noFiles: string[] = [];
  for (const [path, content] of files) {
    const text = content && textOf(content);
    if (!content) noFiles.push(path);
    else if (text !== undefined) texts[path] = text;
    else binaries[path] = base64Of(content);
  }
  return {
    ...{ texts, binaries, noFiles },
    folders: Object.fromEntries([...folders].map(([path, entries]) => [path, entries ?? null])),
    links: Object.fromEntries(
      [...links].flatMap(([path, real]): [string, string | null][] =>
        real === path && (files.get(path) || folders.get(path)) ? [] : [[path, real ?? null]],
      ),
    ),
    hasLinks: tree.realPath !== undefined,
  };
}

/** A render that failed early says no type; what is not here is brought. */
async function detect(
  { opened }: WatchedSource,
  source: OpenedRender['resolved']['source'],
  path: string,
  disabled: Parameters<typeof detectSourceType>[3],
): Promise<SourceType> {
  if (isReferenceOnly(source)) return '';
  try {
    return await bringMissing([waitFor(opened)], undefined, () =>
      detectSourceType(opened.tree, path, source, disabled),
    );
  } catch (error) {
    if (isHawserError(error)) return '';
    throw error;
  }
}

/** What lies beside what a kustomization names, within bounds: a file too many is left out. */
async function readFolder(opened: OpenedSource, path: string, signal?: AbortSignal): Promise<void> {
  await bringMissing([waitFor(opened)], signal, () => {
    let left = { files: MAX_UNREAD_FILES, bytes: MAX_UNREAD_BYTES };
    const walk = (folder: string, depth: number) => {
      if (depth > MAX_DEPTH) return;
      const folders: string[] = [];
      for (const { name, kind } of opened.tree.list(folder) ?? []) {
        const child = joinPath(folder, name);
        if (child === undefined || left.files <= 0 || left.bytes <= 0) continue;
        if (kind === 'directory') folders.push(child);
        if (kind !== 'file') continue;
        const bytes = attempt(() => opened.tree.readFile(child))?.length ?? 0;
        left = { files: left.files - 1, bytes: left.bytes - bytes };
      }
      for (const child of folders) walk(child, depth + 1);
    };
    walk(path, 0);
  });
}

/** One that is not here yet is noted as missing, and one in Git LFS or a submodule is left to the render. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isHawserError(error)) return undefined;
    throw error;
  }
}

function waitFor(opened: OpenedSource) {
  const widen = createWidening();
  return {
    isIncomplete: () => opened.missing().length > 0,
    load: (signal?: AbortSignal) => opened.load(widen(opened.missing()), signal),
  };
}

/** undefined for what is not the same bytes again as text. */
function textOf(content: Uint8Array): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let offset = 0; offset < bytes.length; offset += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(offset, offset + 0x8000));
  }
  return btoa(text);
}
