// All files of a source's commit or chart at once: for a tool that wants them on a disk, beside the renderers here that fetch what they read.

import { bringMissing } from '../base/bring-missing.ts';
import { HawserError } from '../base/errors.ts';
import { createChartClient } from '../charts/client.ts';
import { openCheckout } from '../git/checkout.ts';
import { createGitClient } from '../git/client.ts';
import { chooseRemote, chooseSubmoduleRemote, type RepositorySecrets } from '../git/credentials.ts';
import type { Platform } from '../platform.ts';
import { joinPath, type Tree } from '../render/tree.ts';
import { isChartSource } from './chart-locations.ts';
import { type OpenedSource, openChart, openedCommit, openedLocal } from './opened-source.ts';
import type { RenderContext, ResolvedSource } from './source.ts';

/** Contents by their clean paths. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** More is not worth a second opinion. */
const MAX_BYTES = 256 * 2 ** 20;
const MAX_FILES = 50_000;
const MAX_DEPTH = 40;

/** Throws what opening the source throws, and `LimitExceeded` for more than 256 MiB. A symlink is the copy of what it leads to. */
export async function readWholeSource(
  { fetch, cache }: Pick<Platform, 'fetch' | 'cache'>,
  resolved: ResolvedSource,
  secrets: RepositorySecrets,
  context: Pick<RenderContext, 'project' | 'settings' | 'isPermittedRepository'>,
  signal?: AbortSignal,
): Promise<Files> {
  const opened = await open({ fetch, cache }, resolved, secrets, context, signal);
  const wait = {
    isIncomplete: () => opened.missing().length > 0,
    load: (until?: AbortSignal) => opened.load(opened.missing(), until),
  };
  return bringMissing([wait], signal, () => readAll(opened.tree));
}

async function open(
  platform: Pick<Platform, 'fetch' | 'cache'>,
  resolved: ResolvedSource,
  secrets: RepositorySecrets,
  { project, settings, isPermittedRepository = async () => false }: Parameters<typeof readWholeSource>[3],
  signal: AbortSignal | undefined,
): Promise<OpenedSource> {
  const { source, revision, local } = resolved;
  if (local) return openedLocal(local);
  if (isChartSource(source)) return openChart(createChartClient(platform), resolved, project, secrets, signal);
  const git = createGitClient(platform);
  const remote = chooseRemote(source.repoURL, project, secrets);
  const withSubmodules = settings?.followSubmodules !== false && {
    remoteOf: (url: string, parent: typeof remote) =>
      chooseSubmoduleRemote(url, parent, project, secrets, isPermittedRepository),
  };
  const paths = [{ path: '', extent: 'whole' as const }];
  return openedCommit(await openCheckout({ git, ...platform, ...withSubmodules }, remote, revision, { paths, signal }));
}

/** Reads on where something is missing, so that one round asks for all of it; the first of these errors ends the round. */
function readAll(tree: Tree): Files {
  const files: Record<string, Uint8Array> = {};
  let bytes = 0;
  let missing: { readonly error: unknown } | undefined;
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (error instanceof HawserError && (error.code === 'LimitExceeded' || error.code === 'PathEscapes')) throw error;
      missing ??= { error };
    }
  };
  const take = (path: string): boolean => {
    const content = tree.readFile(path);
    if (content === undefined) return false;
    bytes += content.length;
    files[path] = content;
    if (bytes > MAX_BYTES || Object.keys(files).length > MAX_FILES) {
      throw new HawserError('LimitExceeded', 'the repository has more than 256 MiB or 50,000 files');
    }
    return true;
  };
  const walk = (folder: string, depth: number) => {
    if (depth > MAX_DEPTH) return;
    for (const { name, kind } of tree.list(folder) ?? []) {
      const path = joinPath(folder, name);
      if (path === undefined) continue;
      attempt(() => {
        if (kind === 'file') take(path);
        else if (kind === 'symlink') followLink(path, depth);
        else walk(path, depth + 1);
      });
    }
  };
  const followLink = (path: string, depth: number) => {
    const real = realPathOf(tree, path);
    // One that leads nowhere, out of the repository, or to a folder that it lies in.
    if (real === undefined || `${path}/`.startsWith(real === '' ? '' : `${real}/`)) return;
    if (!take(path)) walk(path, depth + 1);
  };
  walk('', 0);
  if (missing) throw missing.error;
  return files;
}

function realPathOf(tree: Tree, path: string): string | undefined {
  try {
    return tree.realPath ? tree.realPath(path) : path;
  } catch (error) {
    if (error instanceof HawserError && error.code === 'PathEscapes') return undefined;
    throw error;
  }
}
