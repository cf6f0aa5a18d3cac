// What argocd-cm and argocd-cmd-params-cm say about rendering sources (Argo CD: util/settings, GetKustomizeSettings and
// GetEnabledSourceTypes; the repo server's --max-combined-directory-manifests-size).

import { HawserError } from '../base/errors.ts';
import { parseQuantity } from '../typed/quantity.ts';

export type SwitchableTool = 'Helm' | 'Kustomize' | 'Jsonnet';

export interface SourceSettings {
  readonly kustomizeFlags: KustomizeFlags;
  /** A folder for one of these is a plain directory; without Jsonnet, `*.jsonnet` files are left out. */
  readonly disabledTools: readonly SwitchableTool[];
  /** The most that the manifests of a directory source may have together; 0 means no limit. */
  readonly maxDirectoryBytes: number;
  /** False: submodules are empty folders, as in a checkout without them. */
  readonly followSubmodules: boolean;
}

/** Flags of `kustomize build` as they stand there: a wrong one concerns kustomizations alone, and so it is theirs to refuse. */
export interface KustomizeFlags {
  /** `kustomize.buildOptions` */
  readonly common: string;
  /** `kustomize.buildOptions.<version>`, instead of `common` for sources whose `kustomize.version` it is. */
  readonly ofVersion: Readonly<Record<string, string>>;
}

const BUILD_OPTIONS = 'kustomize.buildOptions';
const MAX_DIRECTORY_SIZE = 'reposerver.max.combined.directory.manifests.size';
const SUBMODULES = 'reposerver.enable.git.submodule';
const DEFAULT_MAX_DIRECTORY_SIZE = '10M';

const SWITCHES: readonly (readonly [key: string, tool: SwitchableTool])[] = [
  ['helm.enable', 'Helm'],
  ['kustomize.enable', 'Kustomize'],
  ['jsonnet.enable', 'Jsonnet'],
];

/**
 * `data` is argocd-cm's, `parameters` are argocd-cmd-params-cm's. Throws `InvalidInput` for a size that is none: Argo CD's repo server
 * does not start with it.
 */
export function parseSourceSettings(
  data: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>> = {},
): SourceSettings {
  const versions = Object.keys(data).filter((key) => key.startsWith(`${BUILD_OPTIONS}.`));
  return {
    kustomizeFlags: {
      common: data[BUILD_OPTIONS] ?? '',
      ofVersion: Object.fromEntries(versions.map((key) => [key.slice(BUILD_OPTIONS.length + 1), data[key] ?? ''])),
    },
    disabledTools: SWITCHES.filter(([key]) => data[key] && data[key] !== 'true').map(([, tool]) => tool),
    maxDirectoryBytes: readSize(parameters[MAX_DIRECTORY_SIZE] || DEFAULT_MAX_DIRECTORY_SIZE),
    // Go's words for false; anything else is the default (Argo CD: ARGOCD_GIT_MODULES_ENABLED, util/env, ParseBoolFromEnv).
    followSubmodules: !/^(?:0|f|F|false|FALSE|False)$/.test(parameters[SUBMODULES] ?? ''),
  };
}

/** The flags for a source; `version` is its `kustomize.version`, of which only the flags matter: there is one engine. */
export function kustomizeFlagsFor({ common, ofVersion }: KustomizeFlags, version = ''): string {
  return (Object.hasOwn(ofVersion, version) && ofVersion[version]) || common;
}

function readSize(text: string): number {
  const quantity = parseQuantity(text);
  if (quantity && quantity.nano >= 0n) return Number(quantity.nano / 1_000_000_000n);
  throw new HawserError('InvalidInput', `argocd-cmd-params-cm: ${MAX_DIRECTORY_SIZE}: ${text} is no size`, {
    hint: 'write it as 10M or 20Mi; nothing is compared until it can be read',
    data: { condition: 'ComparisonError' },
  });
}
