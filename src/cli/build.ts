// hawser build: the flags, bytes and exit codes of `kustomize build` (kustomize: kustomize/commands/build).

import { existsSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import type { ChartSource } from '../render/kustomize/generate/helm.ts';
import { createHelmPort } from '../render/kustomize/generate/helm-port.ts';
import { type BuildOptions, buildKustomization, buildManifests } from '../render/kustomize/kustomize.ts';
import type { RemoteSources } from '../render/kustomize/load/remote.ts';
import { parseRepoUrl } from '../render/kustomize/load/repo-url.ts';
import type { Tree } from '../render/tree.ts';
import { BUILD_FLAGS, buildHelp } from './build-flags.ts';
import type { CommandIo } from './io.ts';
import { type ParsedFlags, parseFlags } from './pflag.ts';
import { nodeEnvironment } from './sprig-environment.ts';
import type { OpenTree } from './template.ts';

/** One `hawser build`, read from its command line. */
export interface BuildJob {
  /** Builds, and gives what writes the output: nothing is written before. What throws may be run again. */
  run(warn: (message: string) => void, elsewhere?: Elsewhere): () => void;
}

/** Where to find what is not on this machine. */
export interface Elsewhere {
  readonly remote: RemoteSources;
  readonly pull: (source: ChartSource) => Tree;
}

/**
 * Runs the command; nothing is thrown but what is a fault of hawser's own. `withNetwork` runs it where the kustomization names what is
 * not on this machine, of which a small one needs no part to be loaded; without it that fails.
 */
export async function buildCommand(
  args: readonly string[],
  io: CommandIo,
  openTree: OpenTree,
  withNetwork?: () => Promise<number>,
): Promise<number> {
  let isElsewhere = false;
  const reach = (): never => {
    isElsewhere = true;
    throw new HawserError('Unavailable', 'what lies elsewhere is not fetched yet');
  };
  const outcome = await reportBuild(io, async (warn) => {
    const job = readBuildJob(args, io, openTree);
    if (!withNetwork) return job.run(warn);
    try {
      return job.run(warn, { remote: { readFile: reach, openRepository: reach }, pull: reach });
    } catch (error) {
      if (!isElsewhere) throw error;
      return undefined;
    }
  });
  return isElsewhere && withNetwork ? withNetwork() : outcome;
}

/** Runs `build` and what it gives, with its warnings and its error on standard error; nothing where it gives nothing. The exit code. */
export async function reportBuild(
  io: CommandIo,
  build: (warn: (message: string) => void, forget: () => void) => Promise<(() => void) | undefined>,
): Promise<number> {
  const warnings: string[] = [];
  const tell = () => {
    for (const message of warnings) io.stderr(`${message}\n`);
  };
  try {
    const write = await build(
      (message) => warnings.push(message),
      () => warnings.splice(0),
    );
    if (write) tell();
    write?.();
    return 0;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    tell();
    io.stderr(`Error: ${formatError(error)}\n`);
    return 1;
  }
}

/** Throws `InvalidInput` for a command line that kustomize refuses. */
export function readBuildJob(args: readonly string[], io: CommandIo, openTree: OpenTree): BuildJob {
  const flags = parseFlags(BUILD_FLAGS, args);
  if (flags.isSet('help')) return { run: () => () => io.stdout(buildHelp()) };
  const options = readOptions(flags, io);
  const [path = '.', another] = flags.arguments;
  if (another !== undefined) throw invalid('specify one path to kustomization.yaml');
  const tree = openTree('/');
  const start = parseRepoUrl(path) === undefined ? localStart(path, io) : path;
  const write = createWriter(flags.last('output') ?? '', io);
  return {
    run: (warn, elsewhere) => {
      if (options.reorder !== undefined) warn(REORDER);
      return write(tree, start, {
        ...options,
        ...(elsewhere && { remote: elsewhere.remote }),
        helm: createHelmPort(nodeEnvironment(io), elsewhere ? { pull: elsewhere.pull } : {}),
        warn,
      });
    },
  };
}

const REORDER = "Flag --reorder has been deprecated, use the new 'sortOptions' field in kustomization.yaml instead.";

function localStart(path: string, io: CommandIo): string {
  const root = resolve(io.cwd, path);
  if (!existsSync(root)) throw new HawserError('NotFound', `'${path}' does not exist`);
  return realpathSync(root).slice(1);
}

/** Builds at once, and writes when asked to. */
function createWriter(output: string, io: CommandIo) {
  const target = resolve(io.cwd, output);
  return (tree: Tree, start: string, options: BuildOptions): (() => void) => {
    if (output !== '' && existsSync(target) && statSync(target).isDirectory()) {
      const files = buildManifests(tree, start, options);
      return () => {
        for (const { fileName, text } of files) writeFileSync(join(target, fileName), text);
      };
    }
    const text = buildKustomization(tree, start, options);
    return () => (output === '' ? io.stdout(text) : writeFileSync(target, text));
  };
}

function readOptions(flags: ParsedFlags, io: CommandIo): BuildOptions {
  const reorder = flags.last('reorder');
  if (reorder !== undefined && reorder !== 'legacy' && reorder !== 'none') {
    throw invalid(`illegal flag value --reorder ${reorder}; legal values: [legacy none]`);
  }
  return {
    ...(reorder === undefined ? {} : { reorder }),
    loadRestrictor: readLoadRestrictor(flags.last('load-restrictor') ?? ''),
    enableHelm: flags.isSet('enable-helm') || flags.isSet('enable-alpha-plugins'),
    helmApiVersions: flags.all('helm-api-versions'),
    helmKubeVersion: flags.last('helm-kube-version') ?? '',
    managedByLabel: flags.isSet('enable-managedby-label') || io.env.KUSTOMIZE_ENABLE_MANAGEDBY_LABEL === 'on',
  };
}

function readLoadRestrictor(text: string): 'rootOnly' | 'none' {
  if (text === '' || text === 'LoadRestrictionsRootOnly') return 'rootOnly';
  if (text === 'LoadRestrictionsNone') return 'none';
  throw invalid(
    `illegal flag value --load-restrictor ${text}; legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]`,
  );
}

function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
