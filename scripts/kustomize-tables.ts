// Derives src/render/kustomize/merge/builtin-types.ts from what kustomize knows of types: node scripts/kustomize-tables.ts OPENAPI.json
//
// Of a whole OpenAPI document a strategic merge needs only how to get to the lists that are merged by key, and a build needs
// only which kinds are certainly cluster-scoped. Everything that leads to no such list is dropped.

import { readFileSync, writeFileSync } from 'node:fs';

interface SourceProperty {
  readonly type?: string;
  readonly ref?: string;
  readonly items?: string;
  readonly mergeKey?: string;
  readonly listMapKeys?: readonly string[];
  readonly strategy?: string;
}

interface Source {
  readonly definitions: Readonly<Record<string, Readonly<Record<string, SourceProperty>>>>;
  readonly kinds: readonly {
    readonly Group: string;
    readonly Version: string;
    readonly Kind: string;
    readonly Definition: string;
    readonly Namespaced: boolean | null;
  }[];
}

const TARGET = new URL('../src/render/kustomize/merge/builtin-types.ts', import.meta.url);

function main(): void {
  const path = process.argv[2];
  if (path === undefined) throw new Error('usage: node scripts/kustomize-tables.ts OPENAPI.json');
  const source: Source = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(TARGET, generate(source));
}

function generate(source: Source): string {
  const useful = usefulDefinitions(source);
  const kinds = source.kinds
    .filter((kind) => useful.has(kind.Definition))
    .map((kind) => `  '${apiVersion(kind)} ${kind.Kind}': '${shortName(kind.Definition)}',`)
    .sort();
  const clusterScoped = source.kinds
    .filter((kind) => kind.Namespaced === false)
    .map((kind) => `  '${apiVersion(kind)} ${kind.Kind}',`)
    .sort();
  const definitions = [...useful].sort().map((name) => {
    const properties = Object.entries(source.definitions[name] ?? {})
      .filter(([, property]) => isUseful(property, useful))
      .map(([key, property]) => `${quoteKey(key)}: ${propertyText(property, useful)}`);
    return `  '${shortName(name)}': { ${properties.join(', ')} },`;
  });
  return `// What kustomize 5.8.1 knows of built-in types (Kubernetes 1.21.2), as far as it matters. Written by scripts/kustomize-tables.ts.

export interface BuiltinProperty {
  /** The definition of the property's value, or of the list's elements. */
  readonly of?: string;
  /** A list's patch strategy (x-kubernetes-patch-strategy). */
  readonly strategy?: string;
  /** The keys by which a list's elements are merged (x-kubernetes-list-map-keys, else x-kubernetes-patch-merge-key). */
  readonly keys?: readonly string[];
  /** True for a list. */
  readonly list?: true;
}

/** \`apiVersion Kind\` to the name of its definition. */
export const BUILTIN_KINDS: Readonly<Record<string, string>> = {
${kinds.join('\n')}
};

/** Only the properties that lead to a list with a patch strategy. */
export const BUILTIN_DEFINITIONS: Readonly<Record<string, Readonly<Record<string, BuiltinProperty>>>> = {
${definitions.join('\n')}
};

/** \`apiVersion Kind\` of the kinds that are certainly cluster-scoped. */
export const CLUSTER_SCOPED_KINDS: ReadonlySet<string> = new Set([
${clusterScoped.join('\n')}
]);
`;
}

/** The definitions from which a list with a patch strategy can be reached. */
function usefulDefinitions(source: Source): Set<string> {
  const useful = new Set<string>();
  for (let before = -1; before !== useful.size; ) {
    before = useful.size;
    for (const [name, properties] of Object.entries(source.definitions)) {
      if (Object.values(properties).some((property) => isUseful(property, useful))) useful.add(name);
    }
  }
  return useful;
}

function isUseful(property: SourceProperty, useful: ReadonlySet<string>): boolean {
  const target = property.ref ?? property.items;
  return (property.strategy !== undefined && property.type === 'array') || (target !== undefined && useful.has(target));
}

function propertyText(property: SourceProperty, useful: ReadonlySet<string>): string {
  const parts: string[] = [];
  const target = property.ref ?? property.items;
  if (target !== undefined && useful.has(target)) parts.push(`of: '${shortName(target)}'`);
  if (property.type === 'array') {
    parts.push('list: true');
    if (property.strategy !== undefined) parts.push(`strategy: '${property.strategy}'`);
    const keys = property.listMapKeys ?? (property.mergeKey === undefined ? [] : [property.mergeKey]);
    if (keys.length > 0) parts.push(`keys: [${keys.map((key) => `'${key}'`).join(', ')}]`);
  }
  return `{ ${parts.join(', ')} }`;
}

function quoteKey(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`;
}

/** \`io.k8s.api.apps.v1.Deployment\` as \`apps.v1.Deployment\`. */
function shortName(definition: string): string {
  return definition.split('.').slice(-3).join('.');
}

function apiVersion(kind: { readonly Group: string; readonly Version: string }): string {
  return kind.Group === '' ? kind.Version : `${kind.Group}/${kind.Version}`;
}

main();
