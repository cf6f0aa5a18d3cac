// A source of an Application while somebody sets its parameters. Pure: what is emptied goes, so that a spec says only what was chosen.

import type { Application, Source } from '../../../application/types.ts';

type Spec = Readonly<Record<string, unknown>>;

export function sourcesIn(spec: Spec): readonly Source[] {
  const { source, sources } = spec as Partial<Application['spec']>;
  return sources && sources.length > 0 ? sources : source ? [source] : [];
}

/** The spec with another source at one place. */
export function withSource(spec: Spec, index: number, source: Source): Spec {
  const { sources } = spec as Partial<Application['spec']>;
  if (sources && sources.length > 0) return { ...spec, sources: sources.with(index, source) };
  return { ...spec, source };
}

/** `path` begins at the source: `['helm', 'releaseName']`. Empty texts, lists and maps, `false` and undefined are taken away. */
export function setIn<T extends object>(target: T, path: readonly string[], value: unknown): T {
  const [key = '', ...rest] = path;
  const map = target as Readonly<Record<string, unknown>>;
  const inner = map[key];
  const next = rest.length === 0 ? value : setIn(isMap(inner) ? inner : {}, rest, value);
  const { [key]: _, ...others } = map;
  if (isEmpty(next)) return others as T;
  // Where it stood: the difference shows one line then.
  return (
    key in map
      ? Object.fromEntries(Object.entries(map).map(([name, one]) => [name, name === key ? next : one]))
      : { ...map, [key]: next }
  ) as T;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface HelmParameter {
  readonly name: string;
  readonly value?: string;
  readonly forceString?: boolean;
}

/** Set, or taken away by undefined. */
export function withParameter(
  parameters: readonly HelmParameter[],
  name: string,
  value: string | undefined,
): readonly HelmParameter[] {
  if (value === undefined) return parameters.filter((parameter) => parameter.name !== name);
  if (!parameters.some((parameter) => parameter.name === name)) return [...parameters, { name, value }];
  return parameters.map((parameter) => (parameter.name === name ? { ...parameter, value } : parameter));
}

/** Values of a chart that choose the tag of an image: `image.tag`, `web.image.tag`, `imageTag`. */
export function imageTagsOf(values: readonly { readonly name: string; readonly value: string }[]) {
  return values
    .filter(({ name }) => /(^|\.)image\.tag$|(^|\.)imageTag$/.test(name))
    .map(({ name, value }) => {
      const base = name.replace(/\.?(tag|imageTag)$/i, '');
      const repository = values.find((other) => other.name === `${base}.repository`)?.value ?? base;
      return { name, repository, tag: value };
    });
}

export interface ImageParts {
  readonly name: string;
  /** `:1.2` or `@sha256:…`; empty where it says neither. */
  readonly suffix: string;
}

/** `registry:5000/a/b:1.2@sha256:…` */
export function imagePartsOf(image: string): ImageParts {
  const at = image.indexOf('@');
  const beforeDigest = at < 0 ? image : image.slice(0, at);
  const colon = beforeDigest.indexOf(':', beforeDigest.lastIndexOf('/') + 1);
  const end = colon >= 0 ? colon : at >= 0 ? at : image.length;
  return { name: image.slice(0, end), suffix: image.slice(end) };
}

/** Kustomize's rules `name:tag`, `name@digest`, `name=other:tag`: the tag of one name, or undefined. */
export function tagOfRules(rules: readonly string[], name: string): string | undefined {
  const rule = rules.find((one) => nameOfRule(one) === name);
  if (rule === undefined) return undefined;
  const { suffix } = imagePartsOf(rule.slice(rule.indexOf('=') + 1));
  return suffix.startsWith(':') ? suffix.slice(1) : suffix;
}

/** `tag` is a tag, or a digest with its `sha256:`; empty takes the rule away. A rule that renames goes on doing so. */
export function withImageTag(rules: readonly string[], name: string, tag: string): readonly string[] {
  const old = rules.find((one) => nameOfRule(one) === name);
  const clean = tag.trim().replace(/^[:@]/, '');
  if (clean === '') return rules.filter((one) => one !== old);
  const suffix = /^[a-z0-9]+:[0-9a-f]{32,}$/.test(clean) ? `@${clean}` : `:${clean}`;
  const target = old?.includes('=') ? `${name}=${imagePartsOf(old.slice(old.indexOf('=') + 1)).name}` : name;
  const rule = `${target}${suffix}`;
  return old === undefined ? [...rules, rule] : rules.map((one) => (one === old ? rule : one));
}

function nameOfRule(rule: string): string {
  const equals = rule.indexOf('=');
  return equals >= 0 ? rule.slice(0, equals) : imagePartsOf(rule).name;
}

/** `web=3` lines of kustomize's replicas. */
export function replicaLines(
  replicas: readonly { readonly name: string; readonly count: number | string }[],
): readonly string[] {
  return replicas.map(({ name, count }) => `${name}=${count}`);
}

export function replicasOf(
  lines: readonly string[],
): readonly { readonly name: string; readonly count: number | string }[] {
  return lines.map((line) => {
    const [name = '', count = ''] = line.split('=');
    return { name: name.trim(), count: /^\d+$/.test(count.trim()) ? Number(count) : count.trim() };
  });
}
