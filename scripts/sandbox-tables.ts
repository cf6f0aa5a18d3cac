// Writes the tables of types and of the sandbox's resources from what a real API server says about itself (OpenAPI, discovery) and from the Go sources of
// its types, which alone know which fields are pointers and which are left out when empty.
//
//   node scripts/sandbox-tables.ts OPENAPI.json DISCOVERY.json GO_MODULE_CACHE
//
// GO_MODULE_CACHE is `go env GOMODCACHE`, with k8s.io/{api,apimachinery,apiextensions-apiserver,kube-aggregator}@VERSION below it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = 'v0.36.3';
const [openapiFile = '', discoveryFile = '', cache = ''] = process.argv.slice(2);

interface OpenApi {
  type?: string;
  format?: string;
  $ref?: string;
  allOf?: OpenApi[];
  items?: OpenApi;
  properties?: Record<string, OpenApi>;
  additionalProperties?: OpenApi;
  required?: string[];
  enum?: string[];
  default?: unknown;
  [extension: `x-kubernetes-${string}`]: unknown;
}

const schemas: Record<string, OpenApi> = JSON.parse(readFileSync(openapiFile, 'utf8')).schemas;

/** `io.k8s.api.core.v1.Container` → `core/v1.Container`. */
function shorten(name: string): string {
  const parts = name.replace(/^#\/components\/schemas\//, '').split('.');
  const type = parts.pop();
  return `${parts.slice(-2).join('/')}.${type}`;
}

/** Go import path below the module → its folder in the module cache. */
function folderOf(definition: string): string | undefined {
  const parts = definition.split('.');
  parts.pop();
  const path = parts.join('.');
  const under = (module: string, rest: string) => join(cache, 'k8s.io', `${module}@${VERSION}`, rest);
  if (path.startsWith('io.k8s.api.')) return under('api', path.slice('io.k8s.api.'.length).replaceAll('.', '/'));
  if (path.startsWith('io.k8s.apimachinery.'))
    return under('apimachinery', path.slice('io.k8s.apimachinery.'.length).replaceAll('.', '/'));
  if (path.startsWith('io.k8s.apiextensions-apiserver.'))
    return under('apiextensions-apiserver', path.slice('io.k8s.apiextensions-apiserver.'.length).replaceAll('.', '/'));
  if (path.startsWith('io.k8s.kube-aggregator.'))
    return under('kube-aggregator', path.slice('io.k8s.kube-aggregator.'.length).replaceAll('.', '/'));
  return undefined;
}

interface GoField {
  go: string;
  json: string;
  inline: boolean;
  omitempty: boolean;
  omitzero: boolean;
  /** Field numbers in protobuf, one a level: an embedded struct is a message of its own there. */
  numbers: number[];
  /** Names of the embedded structs that it comes from, outermost first. */
  embedded?: string[];
}
interface GoPackage {
  structs: Map<string, GoField[]>;
  aliases: Map<string, string>;
  imports: Map<string, string>;
}

const packages = new Map<string, GoPackage>();

function readPackage(folder: string): GoPackage {
  const known = packages.get(folder);
  if (known) return known;
  const found: GoPackage = { structs: new Map(), aliases: new Map(), imports: new Map() };
  packages.set(folder, found);
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.go') || /_test\.go$|^zz_|generated/.test(name)) continue;
    const text = readFileSync(join(folder, name), 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');
    for (const [, alias, path] of text.matchAll(/^\s+(\w+)?\s*"(k8s\.io\/[^"]+)"/gm))
      found.imports.set(alias ?? path?.split('/').pop() ?? '', path ?? '');
    for (const [, type, rest] of text.matchAll(
      /^(?:type\s+|\t)(\w+)\s+(string|int32|int64|bool|\[\]string|map\[string\]\w+)\s*$/gm,
    ))
      if (type && rest) found.aliases.set(type, rest);
    for (const [, type, rest] of text.matchAll(/^type\s+(\w+)\s+((?:\[\]|map\[\w+\])[\w.]+)\s*$/gm))
      if (type && rest) found.aliases.set(type, rest);
    for (const [, type, body] of text.matchAll(/^type\s+(\w+)\s+struct\s*\{\n([\s\S]*?)^\}/gm)) {
      const fields: GoField[] = [];
      for (const line of (body ?? '').split('\n')) {
        const match = /^\s*(?:(\w+)\s+)?([*\w.[\]]+)\s+`[^`]*json:"([^"]*)"/.exec(line);
        if (!match) continue;
        const [, , go = '', tag = ''] = match;
        const [json = '', ...flags] = tag.split(',');
        if (json === '-') continue;
        const number = /protobuf:"[^",]*,(\d+),/.exec(line)?.[1];
        fields.push({
          numbers: number === undefined ? [] : [Number(number)],
          go,
          json,
          inline: flags.includes('inline') || json === '',
          omitempty: flags.includes('omitempty'),
          omitzero: flags.includes('omitzero'),
        });
      }
      if (type) found.structs.set(type, fields);
    }
  }
  return found;
}

/** The Go fields of a definition, embedded structs flattened, each with the package that its type is named in. */
function goFields(definition: string): Map<string, GoField & { pkg: string }> {
  const folder = folderOf(definition);
  const out = new Map<string, GoField & { pkg: string }>();
  if (!folder) return out;
  collect(folder, definition.split('.').pop() ?? '', [], out);
  return out;
}

/** `outer` is undefined inside TypeMeta, which protobuf does not have. */
function collect(
  folder: string,
  type: string,
  outer: number[] | undefined,
  out: Map<string, GoField & { pkg: string }>,
  embedded: string[] = [],
): void {
  const pkg = readPackage(folder);
  for (const field of pkg.structs.get(type) ?? []) {
    const numbers = outer && field.numbers.length > 0 ? [...outer, ...field.numbers] : undefined;
    if (!field.inline) {
      out.set(field.json, { ...field, numbers: numbers ?? [], pkg: folder, embedded });
      continue;
    }
    const name = field.go.replace(/^\*/, '');
    const dot = name.indexOf('.');
    const inner = [...embedded, name.slice(dot + 1)];
    if (dot < 0) collect(folder, name, numbers, out, inner);
    else {
      const path = pkg.imports.get(name.slice(0, dot)) ?? '';
      const module = /^k8s\.io\/([^/]+)\/(.*)$/.exec(path);
      if (module)
        collect(
          join(cache, 'k8s.io', `${module[1]}@${VERSION}`, module[2] ?? ''),
          name.slice(dot + 1),
          numbers,
          out,
          inner,
        );
    }
  }
}

const aliases: Record<string, string> = {};

/** A Go type as the table writes it: packages as `core/v1.`, primitives bare. */
function tableType(go: string, folder: string): string {
  if (go.startsWith('*')) return `*${tableType(go.slice(1), folder)}`;
  if (go.startsWith('[]')) return `[]${tableType(go.slice(2), folder)}`;
  const map = /^map\[([\w.]+)\](.*)$/.exec(go);
  if (map) return `map[string]${tableType(map[2] ?? '', folder)}`;
  if (/^(string|bool|byte|int|int32|int64|uint32|uint64|float64)$/.test(go)) return go;
  const pkg = readPackage(folder);
  const dot = go.indexOf('.');
  let where = folder;
  let name = go;
  if (dot >= 0) {
    const path = pkg.imports.get(go.slice(0, dot)) ?? '';
    const module = /^k8s\.io\/([^/]+)\/(.*)$/.exec(path);
    if (!module) return go;
    where = join(cache, 'k8s.io', `${module[1]}@${VERSION}`, module[2] ?? '');
    name = go.slice(dot + 1);
  }
  const short = `${where.split('/').slice(-2).join('/')}.${name}`;
  const alias = readPackage(where).aliases.get(name);
  if (alias) aliases[short] = tableType(alias, where);
  return short;
}

function zeroOf(schema: OpenApi): unknown {
  if (schema.type === 'string') return '';
  if (schema.type === 'integer' || schema.type === 'number') return 0;
  if (schema.type === 'boolean') return false;
  return schema.allOf ? {} : undefined;
}

const EXTRAS = {
  'x-kubernetes-list-type': 'list',
  'x-kubernetes-list-map-keys': 'keys',
  'x-kubernetes-map-type': 'map',
  'x-kubernetes-patch-merge-key': 'merge',
  'x-kubernetes-patch-strategy': 'patch',
} as const;

const types: Record<string, unknown> = {};
const kinds: Record<string, string> = {};
let missing = 0;

for (const [definition, schema] of Object.entries(schemas)) {
  const short = shorten(definition);
  const kind = schema['x-kubernetes-group-version-kind'];
  const items = schema.properties?.items;
  if (items && schema.properties?.metadata && Array.isArray(kind)) continue;
  if (Array.isArray(kind) && kind.length === 1) {
    const [{ group, version, kind: name }] = kind as [{ group: string; version: string; kind: string }];
    kinds[`${group}/${version}/${name}`] = short;
  }
  if (!schema.properties) {
    types[short] = { scalar: schema.type ?? 'any', ...(schema.format ? { format: schema.format } : {}) };
    continue;
  }
  const go = goFields(definition);
  const fields: Record<string, unknown> = {};
  const numbers: string[] = [];
  const embedded: Record<string, string[]> = {};
  for (const name of Object.keys(schema.properties)) {
    if (go.has(name)) continue;
    missing++;
    console.warn(`no Go field for ${short}.${name}`);
  }
  // In Go's order, in which the API server writes JSON.
  for (const [name, found] of go) {
    const property = schema.properties[name];
    if (!property) continue;
    const always = found.omitzero ? '0' : found.omitempty ? '' : '!';
    const spec = `${always}${tableType(found.go, found.pkg)}`;
    const extra: Record<string, unknown> = {};
    for (const [key, to] of Object.entries(EXTRAS)) {
      const value = property[key as `x-kubernetes-${string}`];
      if (value !== undefined) extra[to] = value;
    }
    const implied = always === '!' && !found.go.startsWith('*') ? zeroOf(property) : property.allOf ? {} : undefined;
    if (property.default !== undefined && JSON.stringify(property.default) !== JSON.stringify(implied))
      extra.default = property.default;
    if (property.enum) extra.enum = property.enum;
    if (schema.required?.includes(name)) extra.required = true;
    numbers.push(found.numbers.join('.'));
    const inside = found.embedded?.filter((type) => type !== 'TypeMeta').join('.') ?? '';
    if (inside !== '') embedded[inside] = [...(embedded[inside] ?? []), name];
    fields[name] = Object.keys(extra).length > 0 ? [spec, extra] : spec;
  }
  const hasTypeMeta = Object.keys(fields).slice(0, 2).join() === 'kind,apiVersion';
  const counted = hasTypeMeta ? ['', '', ...count(numbers.length - 2)] : count(numbers.length);
  const isCounted = counted.join() === numbers.join();
  const proto = isCounted ? {} : { proto: numbers.join(',') };
  const within = Object.keys(embedded).length > 0 ? { embedded } : {};
  types[short] = {
    fields,
    ...proto,
    ...within,
    ...(schema['x-kubernetes-map-type'] ? { map: schema['x-kubernetes-map-type'] } : {}),
  };
}

/** `1` to `length`. */
function count(length: number): string[] {
  return Array.from({ length }, (_, index) => String(index + 1));
}

// Discovery, as a table of resources.
interface Discovered {
  resource: string;
  responseKind: { group: string; version: string; kind: string };
  scope: string;
  singularResource: string;
  shortNames?: string[];
  categories?: string[];
  verbs: string[];
  subresources?: {
    subresource: string;
    responseKind: { group: string; version: string; kind: string };
    verbs: string[];
  }[];
}
const discovery = JSON.parse(readFileSync(discoveryFile, 'utf8'));
const groups = [...discovery.api.items, ...discovery.apis.items].map(
  (group: { metadata: { name?: string }; versions: { version: string; resources: Discovered[] }[] }) => ({
    group: group.metadata.name ?? '',
    versions: group.versions.map(({ version, resources }) => ({
      version,
      resources: resources.map((found) => ({
        plural: found.resource,
        singular: found.singularResource,
        kind: found.responseKind.kind,
        namespaced: found.scope === 'Namespaced',
        ...(found.shortNames ? { shortNames: found.shortNames } : {}),
        ...(found.categories ? { categories: found.categories } : {}),
        verbs: found.verbs.join(' '),
        ...(found.subresources
          ? {
              subresources: Object.fromEntries(
                found.subresources.map((sub) => [
                  sub.subresource,
                  `${sub.responseKind.group}/${sub.responseKind.version}/${sub.responseKind.kind}:${sub.verbs.join(' ')}`,
                ]),
              ),
            }
          : {}),
      })),
    })),
  }),
);

/** One entry a line, so that a new version of Kubernetes shows as a readable diff. */
function lines(table: Record<string, unknown>): string {
  return `{\n${Object.keys(table)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(table[key])}`)
    .join(',\n')}\n}`;
}

writeFileSync(
  new URL('../src/typed/data/types.json', import.meta.url),
  `{"kinds":${lines(kinds)},\n"aliases":${lines(aliases)},\n"types":${lines(types)}}\n`,
);
writeFileSync(
  new URL('../src/sandbox/data/resources.json', import.meta.url),
  `[\n${groups
    .map(
      (group) =>
        `{"group":${JSON.stringify(group.group)},"versions":[${group.versions
          .map(
            (v) =>
              `{"version":"${v.version}","resources":[\n${v.resources.map((r) => JSON.stringify(r)).join(',\n')}]}`,
          )
          .join(',')}]}`,
    )
    .join(',\n')}\n]\n`,
);
console.log(`${Object.keys(types).length} types, ${Object.keys(kinds).length} kinds, ${missing} fields without Go`);
