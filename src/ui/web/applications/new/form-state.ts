// What the form shows of the draft.

import { type Draft, isDraft, listAt, textAt, textsAt, valueAt } from './draft.ts';

export type SourceKind = 'git' | 'helm' | 'oci';

export const FINALIZER = 'resources-finalizer.argocd.argoproj.io';
export const RETRY = { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } } as const;

/** Sync options that are on or off. */
export const OPTIONS = [
  'CreateNamespace=true',
  'PruneLast=true',
  'ApplyOutOfSyncOnly=true',
  'RespectIgnoreDifferences=true',
  'FailOnSharedResource=true',
  'ServerSideApply=false',
  'Validate=false',
  'Replace=true',
] as const;

export type Option = (typeof OPTIONS)[number];

const PROPAGATION = 'PrunePropagationPolicy=';

export interface Parameter {
  readonly name: string;
  readonly value: string;
}

export interface FormState {
  readonly name: string;
  readonly project: string;
  readonly isAutomated: boolean;
  readonly prune: boolean;
  readonly selfHeal: boolean;
  readonly hasFinalizer: boolean;
  readonly options: readonly string[];
  /** '' where it is not said: foreground. */
  readonly propagation: string;
  readonly retries: boolean;
  readonly kind: SourceKind;
  readonly repoURL: string;
  readonly revision: string;
  readonly path: string;
  readonly chart: string;
  /** Of the cluster: its address, or its name. */
  readonly cluster: string;
  readonly namespace: string;
  readonly hasSeveralSources: boolean;
  readonly valueFiles: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly images: readonly string[];
}

const SOURCE = ['spec', 'source'] as const;

export function formOf(draft: Draft): FormState {
  const repoURL = textAt(draft, ...SOURCE, 'repoURL');
  const automated = valueAt(draft, ['spec', 'syncPolicy', 'automated']);
  const options = textsAt(draft, 'spec', 'syncPolicy', 'syncOptions');
  return {
    name: textAt(draft, 'metadata', 'name'),
    project: textAt(draft, 'spec', 'project'),
    isAutomated: isDraft(automated) && automated.enabled !== false,
    prune: isDraft(automated) && automated.prune === true,
    selfHeal: isDraft(automated) && automated.selfHeal === true,
    hasFinalizer: textsAt(draft, 'metadata', 'finalizers').includes(FINALIZER),
    options,
    propagation: options.find((option) => option.startsWith(PROPAGATION))?.slice(PROPAGATION.length) ?? '',
    retries: isDraft(valueAt(draft, ['spec', 'syncPolicy', 'retry'])),
    kind: kindOf(draft, repoURL),
    repoURL,
    revision: textAt(draft, ...SOURCE, 'targetRevision'),
    path: textAt(draft, ...SOURCE, 'path'),
    chart: textAt(draft, ...SOURCE, 'chart'),
    cluster: textAt(draft, 'spec', 'destination', 'name') || textAt(draft, 'spec', 'destination', 'server'),
    namespace: textAt(draft, 'spec', 'destination', 'namespace'),
    hasSeveralSources: listAt(draft, 'spec', 'sources').length > 0,
    valueFiles: textsAt(draft, ...SOURCE, 'helm', 'valueFiles'),
    parameters: listAt(draft, ...SOURCE, 'helm', 'parameters')
      .filter(isDraft)
      .map(parameterOf),
    images: textsAt(draft, ...SOURCE, 'kustomize', 'images'),
  };
}

function kindOf(draft: Draft, repoURL: string): SourceKind {
  if (valueAt(draft, [...SOURCE, 'chart']) !== undefined) return 'helm';
  return repoURL.startsWith('oci://') ? 'oci' : 'git';
}

function parameterOf({ name, value }: Draft): Parameter {
  return { name: String(name ?? ''), value: String(value ?? '') };
}

export function withOption(options: readonly string[], option: Option, isOn: boolean): readonly string[] {
  const name = option.slice(0, option.indexOf('=') + 1);
  const others = options.filter((one) => !one.startsWith(name));
  return isOn ? [...others, option] : others;
}

export function withPropagation(options: readonly string[], policy: string): readonly string[] {
  const others = options.filter((one) => !one.startsWith(PROPAGATION));
  return policy === '' ? others : [...others, `${PROPAGATION}${policy}`];
}

/** What is typed for an image takes the place of its tag, or of all of it: `1.27`, `mirror.example.com/nginx:1.27`. */
export function overrideImage(images: readonly string[], name: string, text: string): readonly string[] {
  const others = images.filter((image) => nameOfImage(image) !== name);
  const typed = text.trim();
  if (typed === '') return others;
  if (typed.startsWith('sha256:')) return [...others, `${name}@${typed}`];
  return [...others, /[/:@]/.test(typed) ? `${name}=${typed}` : `${name}:${typed}`];
}

/** What was typed for it. */
export function overrideOf(images: readonly string[], name: string): string {
  const image = images.find((one) => nameOfImage(one) === name);
  return image === undefined ? '' : image.slice(name.length + 1);
}

/** `registry:5000/shop/web:1.2` → `registry:5000/shop/web`. */
export function nameOfImage(image: string): string {
  const [before = ''] = image.split('=');
  return before.replace(/@.*$/, '').replace(/:[^/]*$/, '');
}
