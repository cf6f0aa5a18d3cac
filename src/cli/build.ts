// hawser build: the flags, bytes and exit codes of `kustomize build` (kustomize: kustomize/commands/build).

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatError, HawserError, isHawserError } from '../base/errors.ts';
import { createHelmPort } from '../render/kustomize/generate/helm-port.ts';
import { type BuildOptions, buildKustomization, buildManifests } from '../render/kustomize/kustomize.ts';
import type { SprigEnvironment } from '../render/sprig/environment.ts';
import { BUILD_FLAGS, buildHelp } from './build-flags.ts';
import type { CommandIo } from './io.ts';
import { type ParsedFlags, parseFlags } from './pflag.ts';
import type { OpenTree } from './template.ts';

/** Runs the command; nothing is thrown but what is a fault of hawser's own. */
export async function buildCommand(args: readonly string[], io: CommandIo, openTree: OpenTree): Promise<number> {
  try {
    const flags = parseFlags(BUILD_FLAGS, args);
    if (flags.isSet('help')) io.stdout(buildHelp());
    else run(flags, io, openTree);
    return 0;
  } catch (error) {
    if (!isHawserError(error)) throw error;
    io.stderr(`Error: ${formatError(error)}\n`);
    return 1;
  }
}

function run(flags: ParsedFlags, io: CommandIo, openTree: OpenTree): void {
  const options = optionsOf(flags, io);
  const [path = '.', another] = flags.arguments;
  if (another !== undefined) throw invalid('specify one path to kustomization.yaml');
  const root = resolve(io.cwd, path);
  if (!existsSync(root)) throw new HawserError('NotFound', `'${path}' does not exist`);
  const tree = openTree('/');
  const start = realpathSync(root).slice(1);
  const output = flags.last('output') ?? '';
  const target = resolve(io.cwd, output);
  if (output === '') io.stdout(buildKustomization(tree, start, options));
  else if (existsSync(target) && statSync(target).isDirectory()) {
    for (const { fileName, text } of buildManifests(tree, start, options)) writeFileSync(join(target, fileName), text);
  } else writeFileSync(target, buildKustomization(tree, start, options));
}

function optionsOf(flags: ParsedFlags, io: CommandIo): BuildOptions {
  const reorder = flags.last('reorder');
  if (reorder !== undefined)
    io.stderr("Flag --reorder has been deprecated, use the new 'sortOptions' field in kustomization.yaml instead.\n");
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
    helm: createHelmPort(nodeEnvironment(io)),
    warn: (message) => io.stderr(`${message}\n`),
  };
}

function readLoadRestrictor(text: string): 'rootOnly' | 'none' {
  if (text === '' || text === 'LoadRestrictionsRootOnly') return 'rootOnly';
  if (text === 'LoadRestrictionsNone') return 'none';
  throw invalid(
    `illegal flag value --load-restrictor ${text}; legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]`,
  );
}

function nodeEnvironment(io: CommandIo): SprigEnvironment {
  return {
    now: () => Date.now(),
    random: (length) => randomBytes(length),
    timeZone: io.env.TZ || Intl.DateTimeFormat().resolvedOptions().timeZone,
    generateRsaKey: (bits) =>
      generateKeyPairSync('rsa', {
        modulusLength: bits,
        publicKeyEncoding: { type: 'pkcs1', format: 'der' },
        privateKeyEncoding: { type: 'pkcs1', format: 'der' },
      }).privateKey,
  };
}

function invalid(message: string): HawserError {
  return new HawserError('InvalidInput', message);
}
