// The flags of `helm template` (Helm v3.22: cmd/helm/{root,install,template,flags}.go); hawser's command takes the same.

import type { FlagSpec, FlagSpecs } from './pflag.ts';

const bool = (help: string, short?: string): FlagSpec => ({ kind: 'bool', help, ...(short && { short }) });
const text = (help: string, short?: string): FlagSpec => ({ kind: 'string', help, ...(short && { short }) });
const array = (help: string, short?: string): FlagSpec => ({ kind: 'array', help, ...(short && { short }) });
const slice = (help: string, short: string): FlagSpec => ({ kind: 'slice', help, short });

/** Flags that decide what is rendered. */
const RENDERING: FlagSpecs = {
  'api-versions': slice('Kubernetes api versions used for Capabilities.APIVersions', 'a'),
  'generate-name': bool('generate the name (and omit the NAME parameter)', 'g'),
  'include-crds': bool('include CRDs in the templated output'),
  'is-upgrade': bool('set .Release.IsUpgrade instead of .Release.IsInstall'),
  'kube-version': text('Kubernetes version used for Capabilities.KubeVersion'),
  'name-template': text('specify template used to name the release'),
  namespace: text('namespace scope for this request', 'n'),
  'no-hooks': bool('prevent hooks from running during install'),
  'output-dir': text('writes the executed templates to files in output-dir instead of stdout'),
  'post-renderer': text('the path to an executable to be used for post rendering'),
  'post-renderer-args': array('an argument to the post-renderer (can specify multiple)'),
  'release-name': bool('use release name in the output-dir path.'),
  'render-subchart-notes': bool('if set, render subchart notes along with the parent'),
  set: array('set values on the command line (key1=val1,key2=val2)'),
  'set-file': array('set values from respective files (key1=path1,key2=path2)'),
  'set-json': array('set JSON values on the command line (key1=jsonval1,key2=jsonval2)'),
  'set-literal': array('set a literal STRING value on the command line'),
  'set-string': array('set STRING values on the command line (key1=val1,key2=val2)'),
  'show-only': array('only show manifests rendered from the given templates', 's'),
  'skip-crds': bool('if set, no CRDs will be installed'),
  'skip-schema-validation': bool('if set, disables JSON schema validation'),
  'skip-tests': bool('skip tests from templated output'),
  values: slice('specify values in a YAML file (can specify multiple)', 'f'),
  debug: bool('enable verbose output'),
  'dependency-update': bool('update dependencies if they are missing before installing the chart'),
  validate: bool('validate your manifests against the Kubernetes cluster'),
  'dry-run': { kind: 'string', bare: 'client', help: 'accepted as helm does; nothing is ever installed' },
  version: text('a version constraint for the chart version to use'),
  repo: text('chart repository url where to locate the requested chart'),
  kubeconfig: text('path to the kubeconfig file, whose context names the default namespace'),
  'kube-context': text('name of the kubeconfig context to use'),
};

/** Flags that say how a chart of a repository or registry is reached. */
const REACHING: FlagSpecs = {
  'ca-file': text('verify certificates of HTTPS-enabled servers using this CA bundle'),
  'cert-file': text('identify HTTPS client using this SSL certificate file'),
  devel: bool('use development versions, too. Equivalent to version >0.0.0-0'),
  'insecure-skip-tls-verify': bool('skip tls certificate checks for the chart download'),
  'key-file': text('identify HTTPS client using this SSL key file'),
  'pass-credentials': bool('pass credentials to all domains'),
  password: text('chart repository password where to locate the requested chart'),
  'plain-http': bool('use insecure HTTP connections for the chart download'),
  username: text('chart repository username where to locate the requested chart'),
};

/** Flags that helm takes and that mean nothing where nothing is installed and no server is asked. */
const IGNORED: FlagSpecs = {
  atomic: bool('ignored'),
  'burst-limit': { kind: 'int', help: 'ignored' },
  'create-namespace': bool('ignored'),
  description: text('ignored'),
  'disable-openapi-validation': bool('ignored'),
  'enable-dns': bool('ignored: names are never looked up'),
  force: bool('ignored'),
  'hide-notes': bool('ignored'),
  keyring: text('ignored'),
  'kube-apiserver': text('ignored'),
  'kube-as-group': array('ignored'),
  'kube-as-user': text('ignored'),
  'kube-ca-file': text('ignored'),
  'kube-insecure-skip-tls-verify': bool('ignored'),
  'kube-tls-server-name': text('ignored'),
  'kube-token': text('ignored'),
  labels: { kind: 'map', short: 'l', help: 'ignored' },
  qps: { kind: 'float', help: 'ignored' },
  'registry-config': text('ignored'),
  replace: bool('ignored'),
  'repository-cache': text('ignored'),
  'repository-config': text('ignored'),
  'take-ownership': bool('ignored'),
  timeout: { kind: 'duration', help: 'ignored' },
  verify: bool('ignored'),
  wait: bool('ignored'),
  'wait-for-jobs': bool('ignored'),
};

export const TEMPLATE_FLAGS: FlagSpecs = { ...RENDERING, ...REACHING, ...IGNORED };

export const TEMPLATE_USAGE = 'hawser template [NAME] [CHART] [flags]';

/** What `--help` prints. */
export function templateHelp(): string {
  const rows = Object.entries({ ...RENDERING, ...REACHING })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { kind, short, help }]) => {
      const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${kind === 'bool' ? '' : ` ${typeName(kind)}`}`;
      return `  ${flag.padEnd(38)} ${help}`;
    });
  return `Renders a chart on this machine, with the flags, output and errors of helm template.

Usage:
  ${TEMPLATE_USAGE}

Flags:
${rows.join('\n')}

The other flags of helm template are accepted and change nothing.
`;
}

function typeName(kind: FlagSpec['kind']): string {
  if (kind === 'array') return 'stringArray';
  return kind === 'slice' ? 'strings' : kind;
}
