// The flags of `app create`, `app set` and `app add-source`, and what each means for a spec: a table (Argo CD: cmd/util/app.go,
// AddAppFlags, SetAppSpecOptions, ConstructSource).

import { HawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { isSameImage } from './kustomize-image.ts';
import { type Draft, listIn, type Path, putNamed, removeFrom, setIn } from './spec-draft.ts';

/** What was given: a text, a switch, or what was given several times. Keys are the flags' names. */
export type SpecFlagValues = Readonly<Record<string, string | boolean | readonly string[]>>;

interface Drafts {
  readonly spec: Draft;
  readonly source: Draft;
}

export interface SpecFlag {
  /** `helm-set`, without the dashes. */
  readonly name: string;
  readonly short?: string;
  readonly form: 'text' | 'switch' | 'list';
  /** What `--help` calls the value. */
  readonly value?: string;
  readonly description: string;
  /** Whether it is a flag of one source, rather than of the Application. */
  readonly isOfSource: boolean;
  readonly apply: (drafts: Drafts, given: readonly string[], isOn: boolean) => void;
}

/** Argo CD's defaults of a retry (v1alpha1: DefaultSyncRetryDuration and so on). */
const BACKOFF = { duration: '5s', factor: 2, maxDuration: '3m0s' };

const HYDRATOR: Path = ['sourceHydrator'];

export const SPEC_FLAGS: readonly SpecFlag[] = [
  sourceText('repo', 'url', ['repoURL'], 'the repository'),
  sourceText('path', 'folder', ['path'], 'the folder in it'),
  sourceText('helm-chart', 'name', ['chart'], 'the chart, where the repository is one of charts'),
  sourceText('revision', 'revision', ['targetRevision'], 'branch, tag, commit, or version of the chart'),
  sourceText('tag-prefix', 'prefix', ['tagPrefix'], 'only tags that begin with it, for a range of versions'),
  sourceText('ref', 'name', ['ref'], 'the name by which other sources take files of this one'),
  sourceText('source-name', 'name', ['name'], 'the name of the source among several'),

  {
    ...sourceList('values', 'file', 'a values file of Helm, instead of those before'),
    apply: ({ source }, files) => setIn(source, ['helm', 'valueFiles'], [...files]),
  },
  sourceSwitch('ignore-missing-value-files', ['helm', 'ignoreMissingValueFiles'], 'values files may be missing'),
  {
    ...sourceText('values-literal-file', 'file', [], 'a file or URL whose content becomes the values themselves'),
    apply: ({ source }, [text]) => {
      setIn(source, ['helm', 'valuesObject'], undefined);
      setIn(source, ['helm', 'values'], text);
    },
  },
  sourceText('release-name', 'name', ['helm', 'releaseName'], "Helm's name of the release"),
  sourceText('helm-version', 'version', ['helm', 'version'], 'without effect'),
  sourceSwitch('helm-pass-credentials', ['helm', 'passCredentials'], 'credentials go to every host of a chart'),
  {
    ...sourceList('helm-set', 'key=value', "one of Helm's parameters"),
    apply: ({ source }, texts) => putParameters(source, texts, false),
  },
  {
    ...sourceList('helm-set-string', 'key=value', 'the same, as a text whatever it looks like'),
    apply: ({ source }, texts) => putParameters(source, texts, true),
  },
  {
    ...sourceList('helm-set-file', 'key=path', 'the same, with the content of a file'),
    apply: ({ source }, texts) => {
      for (const [name, path] of texts.map((text) => pairOf('helm-set-file', text))) {
        putNamed(source, ['helm', 'fileParameters'], { name, path });
      }
    },
  },
  {
    ...sourceList('parameter', 'key=value', 'as --helm-set'),
    short: '-p',
    apply: ({ source }, texts) => {
      if (['kustomize', 'directory', 'plugin'].some((block) => source[block] !== undefined)) {
        throw new HawserError('InvalidInput', 'Parameters can only be set against Helm applications');
      }
      putParameters(source, texts, false);
    },
  },
  sourceSwitch('helm-skip-crds', ['helm', 'skipCrds'], "leave out the chart's CRDs"),
  sourceSwitch('helm-skip-schema-validation', ['helm', 'skipSchemaValidation'], 'do not check values by their schema'),
  sourceSwitch('helm-skip-tests', ['helm', 'skipTests'], "leave out the chart's tests"),
  sourceText('helm-namespace', 'namespace', ['helm', 'namespace'], 'what .Release.Namespace is'),
  sourceText('helm-kube-version', 'version', ['helm', 'kubeVersion'], 'what .Capabilities.KubeVersion is'),
  {
    ...sourceList('helm-api-versions', 'version', 'what .Capabilities.APIVersions has'),
    apply: ({ source }, versions) => setIn(source, ['helm', 'apiVersions'], [...versions]),
  },

  sourceText('nameprefix', 'prefix', ['kustomize', 'namePrefix'], "before the names of Kustomize's objects"),
  sourceText('namesuffix', 'suffix', ['kustomize', 'nameSuffix'], 'after them'),
  {
    ...sourceList('kustomize-image', 'image', 'node:22.1.0, or mysql=mariadb@sha256:…'),
    apply: ({ source }, images) => {
      const path = ['kustomize', 'images'];
      for (const image of images) {
        const list = listIn(source, path);
        const index = list.findIndex((other) => isSameImage(String(other), image));
        setIn(source, path, index < 0 ? [...list, image] : list.with(index, image));
      }
    },
  },
  {
    ...sourceList('kustomize-replica', 'name=count', 'how many replicas what has the name gets'),
    apply: ({ source }, texts) => {
      for (const [name, count] of texts.map((text) => pairOf('kustomize-replica', text))) {
        const whole = wholeNumber('kustomize-replica', count);
        putNamed(source, ['kustomize', 'replicas'], { name, count: whole });
      }
    },
  },
  sourceText('kustomize-version', 'version', ['kustomize', 'version'], 'whose flags of argocd-cm count'),
  sourceText('kustomize-namespace', 'namespace', ['kustomize', 'namespace'], 'of all objects'),
  sourceText('kustomize-kube-version', 'version', ['kustomize', 'kubeVersion'], 'for charts inside'),
  {
    ...sourceList('kustomize-api-versions', 'version', 'for charts inside'),
    apply: ({ source }, versions) => setIn(source, ['kustomize', 'apiVersions'], [...versions]),
  },
  sourceMap('kustomize-common-label', ['kustomize', 'commonLabels'], 'a label of all objects'),
  sourceMap('kustomize-common-annotation', ['kustomize', 'commonAnnotations'], 'an annotation of all objects'),
  sourceSwitch('kustomize-label-without-selector', ['kustomize', 'labelWithoutSelector'], 'not in selectors'),
  sourceSwitch('kustomize-label-include-templates', ['kustomize', 'labelIncludeTemplates'], 'in templates, too'),
  sourceSwitch('kustomize-force-common-label', ['kustomize', 'forceCommonLabels'], 'over labels that are there'),
  sourceSwitch(
    'kustomize-force-common-annotation',
    ['kustomize', 'forceCommonAnnotations'],
    'over annotations that are there',
  ),
  sourceSwitch('ignore-missing-components', ['kustomize', 'ignoreMissingComponents'], 'components may be missing'),

  sourceSwitch('directory-recurse', ['directory', 'recurse'], 'folders in the folder, too'),
  sourceText('directory-include', 'glob', ['directory', 'include'], 'only these files'),
  sourceText('directory-exclude', 'glob', ['directory', 'exclude'], 'all but these files'),
  sourceSwitch('directory-disable-extension-filter', ['directory', 'disableExtensionFilter'], 'files of any ending'),
  jsonnetVariables('jsonnet-tla-str', 'tlas', false),
  jsonnetVariables('jsonnet-tla-code', 'tlas', true),
  jsonnetVariables('jsonnet-ext-var-str', 'extVars', false),
  jsonnetVariables('jsonnet-ext-var-code', 'extVars', true),
  {
    ...sourceList('jsonnet-libs', 'folder', 'where Jsonnet finds libraries'),
    apply: ({ source }, folders) => {
      const path = ['directory', 'jsonnet', 'libs'];
      setIn(source, path, [...listIn(source, path), ...folders]);
    },
  },

  {
    ...sourceText('config-management-plugin', 'name', [], 'a plugin'),
    apply: ({ source }, [name]) => {
      source.plugin = { name };
    },
  },
  {
    ...sourceList('plugin-env', 'name=value', 'a variable of it'),
    apply: ({ source }, texts) => {
      for (const [name, value] of texts.map((text) => pairOf('plugin-env', text))) {
        putNamed(source, ['plugin', 'env'], { name, value });
      }
    },
  },

  specText('project', 'name', ['project'], 'the project'),
  {
    ...specText('dest-server', 'url', [], 'the cluster, by its address'),
    apply: ({ spec }, [server]) => {
      setIn(spec, ['destination', 'server'], server);
    },
  },
  specText('dest-name', 'name', ['destination', 'name'], 'the cluster, by its name'),
  specText('dest-namespace', 'namespace', ['destination', 'namespace'], 'for objects that name none'),
  {
    ...specText('revision-history-limit', 'number', [], 'how many deployments are kept for a rollback'),
    apply: ({ spec }, [text = '']) => {
      spec.revisionHistoryLimit = wholeNumber('revision-history-limit', text);
    },
  },
  {
    ...specText('sync-policy', 'policy', [], 'none (or manual), or automated (or auto)'),
    apply: ({ spec }, [policy = '']) => {
      if (['none', 'manual'].includes(policy)) setIn(spec, ['syncPolicy', 'automated'], undefined);
      else if (['automated', 'automatic', 'auto'].includes(policy)) setAutomated(spec, {});
      else throw new HawserError('InvalidInput', `Invalid sync-policy: ${policy}`, { hint: 'none or automated' });
    },
  },
  automatedSwitch('auto-prune', 'prune', 'automated sync deletes what Git no longer has'),
  automatedSwitch('self-heal', 'selfHeal', 'automated sync undoes what was changed by hand'),
  automatedSwitch('allow-empty', 'allowEmpty', 'automated sync may delete everything'),
  {
    ...specText('sync-option', 'option', [], 'Prune=false, say; with ! before it, it is taken out'),
    form: 'list',
    apply: ({ spec }, options) => {
      const path = ['syncPolicy', 'syncOptions'];
      for (const option of options) {
        const name = option.replace(/^!/, '');
        if (option.startsWith('!')) removeFrom(spec, path, (other) => other === name);
        else if (!listIn(spec, path).includes(name)) setIn(spec, path, [...listIn(spec, path), name]);
      }
    },
  },
  {
    ...specText('sync-retry-limit', 'number', [], 'attempts after a failed one; 0 takes all about them out'),
    apply: ({ spec }, [text = '']) => {
      const limit = wholeNumber('sync-retry-limit', text);
      if (limit < 0) throw new HawserError('InvalidInput', `Invalid sync-retry-limit [${limit}]`);
      const kept = retryOf(spec);
      const backoff = isObject(kept.backoff) ? kept.backoff : {};
      const retry = { ...kept, limit, backoff: { ...BACKOFF, ...backoff } };
      setIn(spec, ['syncPolicy', 'retry'], limit === 0 ? undefined : retry);
    },
  },
  retryText('sync-retry-backoff-duration', 'duration', 'duration', 'the first pause (5s)'),
  retryText('sync-retry-backoff-factor', 'number', 'factor', 'by how much the pauses grow (2)'),
  retryText('sync-retry-backoff-max-duration', 'duration', 'maxDuration', 'the longest pause (3m0s)'),
  {
    ...specText('sync-retry-refresh', '', [], 'attempt the newest revision'),
    form: 'switch',
    apply: ({ spec }, _, isOn) => setIn(spec, ['syncPolicy', 'retry', 'refresh'], isOn),
  },

  specText('dry-source-repo', 'url', [...HYDRATOR, 'drySource', 'repoURL'], ''),
  specText('dry-source-revision', 'revision', [...HYDRATOR, 'drySource', 'targetRevision'], ''),
  specText('dry-source-path', 'folder', [...HYDRATOR, 'drySource', 'path'], ''),
  specText('sync-source-branch', 'branch', [...HYDRATOR, 'syncSource', 'targetBranch'], ''),
  specText('sync-source-path', 'folder', [...HYDRATOR, 'syncSource', 'path'], ''),
  specText('hydrate-to-branch', 'branch', [...HYDRATOR, 'hydrateTo', 'targetBranch'], ''),
  // Of a tool that is gone (ksonnet).
  { ...specText('env', 'name', [], ''), apply: () => undefined },
];

/**
 * The spec with what the flags say. Of several sources, the flags of a source are for the one at `position`, from 1; what the flags do not
 * say stays as it is. Throws `InvalidInput` for a value that is none.
 */
export function applySpecFlags(spec: Readonly<Draft>, flags: SpecFlagValues, position?: number): Draft {
  const draft = structuredClone(spec);
  const given = SPEC_FLAGS.filter(({ name }) => flags[name] !== undefined);
  const [key, index] = sourcePlace(draft, position);
  const source = sourceAt(draft, key, index);
  for (const flag of given) applyFlag({ spec: draft, source }, flag, flags[flag.name]);
  // Whoever names a cluster in the one way means no longer the one that was named in the other.
  if (flags['dest-name'] && !flags['dest-server']) setIn(draft, ['destination', 'server'], undefined);
  if (flags['dest-server'] && !flags['dest-name']) setIn(draft, ['destination', 'name'], undefined);
  if (given.some(({ isOfSource }) => isOfSource)) putSource(draft, key, index, source);
  return draft;
}

/** A source of its own, from the flags of sources. */
export function sourceFromFlags(flags: SpecFlagValues): Draft {
  const source: Draft = {};
  for (const flag of SPEC_FLAGS) if (flag.isOfSource) applyFlag({ spec: {}, source }, flag, flags[flag.name]);
  return source;
}

function applyFlag(drafts: Drafts, flag: SpecFlag, value: SpecFlagValues[string] | undefined): void {
  if (value === undefined) return;
  const texts = typeof value === 'string' ? [value] : typeof value === 'boolean' ? [] : value;
  flag.apply(drafts, texts, value === true);
}

function sourcePlace(spec: Draft, position: number | undefined): readonly [key: 'source' | 'sources', index: number] {
  const { sources } = spec;
  if (!Array.isArray(sources) || sources.length === 0) return ['source', 0];
  return ['sources', (position ?? 1) - 1];
}

function sourceAt(spec: Draft, key: 'source' | 'sources', index: number): Draft {
  const found = key === 'source' ? spec.source : listIn(spec, ['sources'])[index];
  return isObject(found) ? found : {};
}

function putSource(spec: Draft, key: 'source' | 'sources', index: number, source: Draft): void {
  if (key === 'source') spec.source = source;
  else spec.sources = listIn(spec, ['sources']).with(index, source);
}

function sourceText(name: string, value: string, path: Path, description: string): SpecFlag {
  const apply = ({ source }: Drafts, [text]: readonly string[]) => setIn(source, path, text);
  return { name, value, form: 'text', description, isOfSource: true, apply };
}

function sourceSwitch(name: string, path: Path, description: string): SpecFlag {
  const apply = ({ source }: Drafts, _: readonly string[], isOn: boolean) => setIn(source, path, isOn);
  return { name, form: 'switch', description, isOfSource: true, apply };
}

function sourceList(name: string, value: string, description: string): Omit<SpecFlag, 'apply'> {
  return { name, value, form: 'list', description, isOfSource: true };
}

function sourceMap(name: string, path: Path, description: string): SpecFlag {
  return {
    ...sourceList(name, 'key=value', description),
    apply: ({ source }, texts) => setIn(source, path, Object.fromEntries(texts.map((text) => pairOf(name, text)))),
  };
}

function jsonnetVariables(name: string, key: 'tlas' | 'extVars', isCode: boolean): SpecFlag {
  return {
    ...sourceList(name, 'name=value', isCode ? 'a variable of Jsonnet, as code' : 'a variable of Jsonnet'),
    apply: ({ source }, texts) => {
      for (const text of texts) {
        const equals = text.indexOf('=');
        const [variable, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
        putNamed(source, ['directory', 'jsonnet', key], { name: variable, value, ...(isCode && { code: true }) });
      }
    },
  };
}

function specText(name: string, value: string, path: Path, description: string): SpecFlag {
  const apply = ({ spec }: Drafts, [text]: readonly string[]) => setIn(spec, path, text);
  return { name, value, form: 'text', description, isOfSource: false, apply };
}

/** Where automated sync is off, it stays so: it is only said how it is to be once it is on. */
function automatedSwitch(name: string, key: string, description: string): SpecFlag {
  const apply = ({ spec }: Drafts, _: readonly string[], isOn: boolean) => {
    const policy = isObject(spec.syncPolicy) ? spec.syncPolicy : {};
    const automated = isObject(policy.automated) ? policy.automated : { enabled: false };
    setAutomated(spec, { ...automated, [key]: isOn });
  };
  return { name, form: 'switch', description, isOfSource: false, apply };
}

/** An empty one counts, too. */
function setAutomated(spec: Draft, automated: Draft): void {
  spec.syncPolicy = { ...(isObject(spec.syncPolicy) && spec.syncPolicy), automated };
}

function retryText(name: string, value: string, key: string, description: string): SpecFlag {
  return {
    ...specText(name, value, [], description),
    apply: ({ spec }, [text = '']) => {
      const path = ['syncPolicy', 'retry', 'backoff', key];
      setIn(spec, path, key === 'factor' ? wholeNumber(name, text) : text);
    },
  };
}

function retryOf(spec: Draft): Draft {
  const policy = isObject(spec.syncPolicy) ? spec.syncPolicy : {};
  return isObject(policy.retry) ? policy.retry : {};
}

function putParameters(source: Draft, texts: readonly string[], isText: boolean): void {
  for (const [name, value] of texts.map((text) => pairOf('parameter', text))) {
    putNamed(source, ['helm', 'parameters'], { name, value, ...(isText && { forceString: true }) });
  }
}

function pairOf(flag: string, text: string): readonly [key: string, value: string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new HawserError('InvalidInput', `--${flag} must be of the form key=value, not ${text}`);
}

function wholeNumber(flag: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new HawserError('InvalidInput', `--${flag} must be a whole number, not ${text}`);
}
