// `.Capabilities` as a Go struct (Helm: pkg/chartutil/capabilities.go).

import { GoSlice, GoStruct, type GoValue } from '../go/value.ts';
import type { Capabilities, HelmVersion, KubeVersion } from './capabilities.ts';

/** Go's `*chartutil.Capabilities`. */
export function capabilitiesObject(capabilities: Capabilities): GoStruct {
  const fields = new Map<string, GoValue>([
    ['KubeVersion', kubeVersionObject(capabilities.kubeVersion)],
    ['APIVersions', versionSet(capabilities.apiVersions)],
    ['HelmVersion', helmVersionObject(capabilities.helmVersion)],
  ]);
  return new GoStruct('chartutil.Capabilities', fields, {}, true);
}

function kubeVersionObject({ version, major, minor }: KubeVersion): GoStruct {
  const fields = new Map<string, GoValue>([
    ['Version', version],
    ['Major', major],
    ['Minor', minor],
  ]);
  const text = { params: [], result: 'string', pointerReceiver: true, call: () => version };
  return new GoStruct('chartutil.KubeVersion', fields, { String: text, GitVersion: text });
}

function versionSet(apiVersions: readonly string[]): GoSlice {
  const known: ReadonlySet<unknown> = new Set(apiVersions);
  return new GoSlice('chartutil.VersionSet', [...apiVersions], {
    Has: { params: ['string'], result: 'bool', call: (version) => known.has(version) },
  });
}

function helmVersionObject(helm: HelmVersion): GoStruct {
  const fields = new Map<string, GoValue>([
    ['Version', helm.version],
    ['GitCommit', helm.gitCommit],
    ['GitTreeState', helm.gitTreeState],
    ['GoVersion', helm.goVersion],
  ]);
  return new GoStruct('version.BuildInfo', fields, {}, false, {
    Version: { json: 'version', omitEmpty: true },
    GitCommit: { json: 'git_commit', omitEmpty: true },
    GitTreeState: { json: 'git_tree_state', omitEmpty: true },
    GoVersion: { json: 'go_version', omitEmpty: true },
  });
}
