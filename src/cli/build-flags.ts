// The flags of `kustomize build` (kustomize v5.8.1: kustomize/commands/build); hawser's command takes the same.

import type { FlagSpec, FlagSpecs } from './pflag.ts';

const bool = (help: string): FlagSpec => ({ kind: 'bool', help });
const text = (help: string, short?: string): FlagSpec => ({ kind: 'string', help, ...(short && { short }) });

const BUILDING: FlagSpecs = {
  'enable-helm': bool('render Helm charts that the kustomization names'),
  'helm-api-versions': { kind: 'array', help: 'Kubernetes api versions used for Capabilities.APIVersions' },
  'helm-kube-version': text('Kubernetes version used for Capabilities.KubeVersion'),
  'load-restrictor': text("'LoadRestrictionsNone' lets kustomizations load files from outside their root"),
  output: text('write the output to this file, or as one file a resource into this directory', 'o'),
};

/** Flags that are hidden in kustomize's help, or that concern functions and executables, which are never run. */
const OTHER: FlagSpecs = {
  reorder: text("order of the output: 'legacy' or 'none'"),
  'enable-managedby-label': bool('add app.kubernetes.io/managed-by'),
  'as-current-user': bool('ignored'),
  'enable-alpha-plugins': bool('as --enable-helm'),
  'enable-exec': bool('ignored'),
  env: { kind: 'array', short: 'e', help: 'ignored' },
  'helm-command': text('ignored'),
  'helm-debug': bool('ignored'),
  mount: { kind: 'array', help: 'ignored' },
  network: bool('ignored'),
  'network-name': text('ignored'),
  'stack-trace': bool('ignored'),
};

export const BUILD_FLAGS: FlagSpecs = { ...BUILDING, ...OTHER };

/** What `--help` prints. */
export function buildHelp(): string {
  const rows = Object.entries(BUILDING).map(([name, { kind, short, help }]) => {
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${kind === 'bool' ? '' : ' string'}`;
    return `  ${flag.padEnd(34)} ${help}`;
  });
  return `Builds a kustomization, with the flags, output and exit codes of kustomize build.

Usage:
  hawser build [DIR | URL] [flags]

A URL names a folder of a repository: https://HOST/ORG/REPO//FOLDER?ref=TAG, or file:///REPO//FOLDER.

Flags:
${rows.join('\n')}

The other flags of kustomize build are accepted. Functions in containers and executables are never run.
`;
}
