// The small changes that `hawser proj add-…`, `remove-…`, `allow-…` and `deny-…` make to a project's spec. Pure; the words are Argo CD's
// (cmd/argocd/commands/project.go).

import { HawserError } from '../../base/errors.ts';
import { sameRepository } from '../../git/repository-url.ts';
import { listOf, type RawSpec, textsOf } from './context.ts';

/** The spec as it is to be; undefined where it is so already. */
export interface Edit {
  readonly spec?: RawSpec;
  readonly message?: string;
}

export interface EditOptions {
  readonly name?: boolean | string;
  readonly list?: string;
  readonly serviceAccountNamespace?: string;
}

export interface EditVerb {
  readonly usage: string;
  readonly description: string;
  /** Further flags and what they mean. */
  readonly flags?: readonly (readonly [flags: string, description: string])[];
  /** `args` are those after the project. */
  edit(spec: RawSpec, args: readonly string[], options: EditOptions): Edit;
}

export const EDIT_VERBS: readonly EditVerb[] = [
  {
    usage: 'add-source <project> <url>',
    description: 'permit a repository as a source',
    edit: (spec, [url = '']) => {
      const known = textsOf(spec, 'sourceRepos');
      const same = known.find((item) => item === '*' || sameRepository(item, url) || item === url);
      if (same !== undefined) return { message: `Source repository '${same}' already allowed in project` };
      return { spec: { ...spec, sourceRepos: [...known, url] } };
    },
  },
  {
    usage: 'remove-source <project> <url>',
    description: 'permit it no longer',
    edit: (spec, [url = '']) => removeText(spec, 'sourceRepos', url, 'Source repository'),
  },
  {
    usage: 'add-source-namespace <project> <namespace>',
    description: 'permit Applications of another namespace in the project',
    edit: (spec, [namespace = '']) => {
      const known = textsOf(spec, 'sourceNamespaces');
      if (!known.includes(namespace)) return { spec: { ...spec, sourceNamespaces: [...known, namespace] } };
      return { message: `Source namespace '${namespace}' already allowed in project` };
    },
  },
  {
    usage: 'remove-source-namespace <project> <namespace>',
    description: 'permit them no longer',
    edit: (spec, [namespace = '']) => removeText(spec, 'sourceNamespaces', namespace, 'Source namespace'),
  },
  {
    usage: 'add-destination <project> <server> <namespace>',
    description: 'permit a namespace of a cluster as a destination',
    flags: [['--name', 'the cluster is named, not addressed']],
    edit: (spec, [cluster = '', namespace = ''], { name }) => {
      const known = listOf(spec, 'destinations');
      const key = name ? 'name' : 'server';
      if (known.some((one) => one[key] === cluster && one.namespace === namespace)) {
        throw new HawserError('AlreadyExists', 'Specified destination is already defined in project');
      }
      return { spec: { ...spec, destinations: [...known, { [key]: cluster, namespace }] } };
    },
  },
  {
    usage: 'remove-destination <project> <server> <namespace>',
    description: 'permit it no longer; a cluster by its address or name',
    edit: (spec, [cluster = '', namespace = '']) =>
      removeItem(
        spec,
        'destinations',
        (one) => (one.server === cluster || (!one.server && one.name === cluster)) && one.namespace === namespace,
        'Specified destination does not exist in project',
      ),
  },
  {
    usage: 'add-destination-service-account <project> <server> <namespace> <account>',
    description: 'have what goes to a destination applied as a ServiceAccount',
    flags: [['--service-account-namespace <namespace>', 'where the ServiceAccount is']],
    edit: (spec, [server = '', namespace = '', account = ''], { serviceAccountNamespace }) => {
      const known = listOf(spec, 'destinationServiceAccounts');
      if (known.some((one) => one.server === server && one.namespace === namespace)) {
        throw new HawserError(
          'AlreadyExists',
          'Specified destination service account already exists in the project for this server and namespace',
        );
      }
      const defaultServiceAccount = serviceAccountNamespace ? `${serviceAccountNamespace}:${account}` : account;
      return {
        spec: { ...spec, destinationServiceAccounts: [...known, { server, namespace, defaultServiceAccount }] },
      };
    },
  },
  {
    usage: 'remove-destination-service-account <project> <server> <namespace> <account>',
    description: 'no longer so',
    edit: (spec, [server, namespace, account]) =>
      removeItem(
        spec,
        'destinationServiceAccounts',
        (one) => one.server === server && one.namespace === namespace && one.defaultServiceAccount === account,
        'Specified destination service account does not exist in project',
      ),
  },
  {
    usage: 'add-orphaned-ignore <project> <group> <kind>',
    description: 'do not tell of orphaned objects of this kind',
    flags: [['--name <pattern>', 'only of those with such names']],
    edit: (spec, [group = '', kind = ''], { name }) => {
      const orphaned = requireOrphaned(spec);
      const ignore = listOf(orphaned, 'ignore');
      if (ignore.some((one) => isIgnore(one, group, kind, name))) {
        throw new HawserError(
          'AlreadyExists',
          'Specified resource is already defined in the orphaned ignore list of project',
        );
      }
      const added = { group, kind, ...(typeof name === 'string' && { name }) };
      return { spec: { ...spec, orphanedResources: { ...orphaned, ignore: [...ignore, added] } } };
    },
  },
  {
    usage: 'remove-orphaned-ignore <project> <group> <kind>',
    description: 'tell of them again',
    flags: [['--name <pattern>', 'the rule with this pattern']],
    edit: (spec, [group = '', kind = ''], { name }) => {
      const orphaned = requireOrphaned(spec);
      const message = 'Specified resource does not exist in the orphaned ignore of project';
      const edited = removeItem(orphaned, 'ignore', (one) => isIgnore(one, group, kind, name), message);
      return { spec: { ...spec, orphanedResources: edited.spec } };
    },
  },
  ...(['allow', 'deny'] as const).flatMap((verb) => [
    {
      usage: `${verb}-cluster-resource <project> <group> <kind> [name]`,
      description: `${verb} a kind outside of namespaces`,
      flags: [['-l, --list <list>', 'the list that is changed: allow or deny (allow)']] as const,
      edit: (spec: RawSpec, args: readonly string[], { list = 'allow' }: EditOptions) =>
        editKinds(spec, verb, { kinds: 'cluster', list: readList(list) }, args),
    },
    {
      usage: `${verb}-namespace-resource <project> <group> <kind>`,
      description: `${verb} a kind in namespaces`,
      flags: [['-l, --list <list>', 'the list that is changed: allow or deny (deny)']] as const,
      edit: (spec: RawSpec, args: readonly string[], { list = 'deny' }: EditOptions) =>
        editKinds(spec, verb, { kinds: 'namespace', list: readList(list) }, args),
    },
  ]),
];

interface KindList {
  readonly kinds: 'cluster' | 'namespace';
  readonly list: 'allow' | 'deny';
}

/** To allow is to add to the one list, and to remove from the other. */
function editKinds(
  spec: RawSpec,
  verb: 'allow' | 'deny',
  { kinds, list }: KindList,
  [group = '', kind = '', name]: readonly string[],
): Edit {
  const key = `${kinds}Resource${list === 'allow' ? 'Whitelist' : 'Blacklist'}`;
  const known = listOf(spec, key);
  const isSame = (one: Record<string, unknown>) =>
    one.group === group && one.kind === kind && (one.name ?? '') === (name ?? '');
  const where = `${list === 'allow' ? 'allowed' : 'denied'} ${kinds === 'cluster' ? 'cluster' : 'namespaced'} resources`;
  const what =
    kinds === 'cluster'
      ? `Group '${group}', kind '${kind}', and name '${name ?? ''}'`
      : `Group '${group}' and kind '${kind}'`;
  const isThere = known.some(isSame);
  if (verb === list) {
    if (isThere) return { message: `${what} is already present in ${where}` };
    const added = { group, kind, ...(name !== undefined && { name }) };
    return { spec: { ...spec, [key]: [...known, added] }, message: `${what} is added to ${where}` };
  }
  if (!isThere) return { message: `${what} not in ${where}` };
  return { spec: { ...spec, [key]: known.filter((one) => !isSame(one)) }, message: `${what} is removed from ${where}` };
}

function readList(text: string): 'allow' | 'deny' {
  if (text === 'allow' || text === 'white') return 'allow';
  if (text === 'deny' || text === 'black') return 'deny';
  throw new HawserError('InvalidInput', `--list ${text} is neither allow nor deny`);
}

function removeText(spec: RawSpec, key: string, text: string, what: string): Edit {
  const known = textsOf(spec, key);
  const left = known.filter((item) => item !== text);
  if (left.length < known.length) return { spec: { ...spec, [key]: left } };
  return { message: `${what} '${text}' does not exist in project` };
}

function removeItem(
  spec: RawSpec,
  key: string,
  isIt: (item: Record<string, unknown>) => boolean,
  missing: string,
): { readonly spec: RawSpec } {
  const known = listOf(spec, key);
  const index = known.findIndex(isIt);
  if (index < 0) throw new HawserError('NotFound', missing);
  return { spec: { ...spec, [key]: known.toSpliced(index, 1) } };
}

function requireOrphaned(spec: RawSpec): RawSpec {
  const { orphanedResources } = spec;
  if (typeof orphanedResources === 'object' && orphanedResources !== null) return orphanedResources as RawSpec;
  throw new HawserError('FailedPrecondition', 'the project does not look for orphaned resources', {
    hint: 'hawser proj set PROJECT --orphaned-resources switches that on',
  });
}

function isIgnore(one: Record<string, unknown>, group: string, kind: string, name: EditOptions['name']): boolean {
  return one.group === group && one.kind === kind && (one.name ?? '') === (typeof name === 'string' ? name : '');
}
