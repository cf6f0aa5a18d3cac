// Chart.yaml as a value, and the rules that it must keep (Helm: pkg/chart/metadata.go, dependency.go).

import { HawserError } from '../../base/errors.ts';
import { parseVersion } from '../../base/semver.ts';
import { quote } from '../go/quote.ts';
import { isPrint, isSpace } from '../go/unicode.ts';
import type { GoValue } from '../go/value.ts';
import { type Decoded, type DecodedStruct, type GoTarget, struct } from './decode.ts';

export interface Maintainer {
  name: string;
  email: string;
  url: string;
}

export interface Dependency {
  name: string;
  version: string;
  repository: string;
  condition: string;
  tags: string[];
  enabled: boolean;
  importValues: GoValue[];
  alias: string;
}

export interface Metadata {
  name: string;
  home: string;
  sources: string[] | null;
  version: string;
  description: string;
  keywords: string[] | null;
  maintainers: Maintainer[] | null;
  icon: string;
  apiVersion: string;
  condition: string;
  tags: string;
  appVersion: string;
  deprecated: boolean;
  annotations: Map<string, string> | null;
  kubeVersion: string;
  dependencies: Dependency[] | null;
  type: string;
}

const STRING: GoTarget = { kind: 'string' };
const BOOL: GoTarget = { kind: 'bool' };
const STRINGS: GoTarget = { kind: 'slice', type: '[]string', element: STRING };

const DEPENDENCY = struct('chart.Dependency', {
  name: STRING,
  version: STRING,
  repository: STRING,
  condition: STRING,
  tags: STRINGS,
  enabled: BOOL,
  'import-values': { kind: 'slice', type: '[]interface {}', element: { kind: 'any' } },
  alias: STRING,
});

/** The Go struct that Chart.yaml and requirements.yaml are decoded into. */
export const METADATA = struct('chart.Metadata', {
  name: STRING,
  home: STRING,
  sources: STRINGS,
  version: STRING,
  description: STRING,
  keywords: STRINGS,
  maintainers: {
    kind: 'slice',
    type: '[]*chart.Maintainer',
    element: struct('chart.Maintainer', { name: STRING, email: STRING, url: STRING }),
  },
  icon: STRING,
  apiVersion: STRING,
  condition: STRING,
  tags: STRING,
  appVersion: STRING,
  deprecated: BOOL,
  annotations: { kind: 'map', type: 'map[string]string', element: STRING },
  kubeVersion: STRING,
  dependencies: { kind: 'slice', type: '[]*chart.Dependency', element: DEPENDENCY },
  type: STRING,
});

/** The Go struct that Chart.lock is decoded into, but for its time stamp, which nothing reads. */
export const LOCK = struct('chart.Lock', {
  digest: STRING,
  dependencies: { kind: 'slice', type: '[]*chart.Dependency', element: DEPENDENCY },
});

const ALIAS = /^[a-zA-Z0-9_-]+$/;

/** Metadata out of a decoded Chart.yaml: validated, and cleaned of characters that cannot be printed. Throws Helm's `validation: …`. */
export function readMetadata(raw: DecodedStruct): Metadata {
  const metadata: Metadata = {
    name: text(raw, 'name'),
    home: text(raw, 'home'),
    sources: texts(raw, 'sources'),
    version: string(raw.get('version')),
    description: text(raw, 'description'),
    keywords: texts(raw, 'keywords'),
    maintainers: null,
    icon: text(raw, 'icon'),
    apiVersion: string(raw.get('apiVersion')),
    condition: text(raw, 'condition'),
    tags: text(raw, 'tags'),
    appVersion: text(raw, 'appVersion'),
    deprecated: raw.get('deprecated') === true,
    annotations: null,
    kubeVersion: text(raw, 'kubeVersion'),
    dependencies: null,
    type: string(raw.get('type')),
  };
  const annotations = raw.get('annotations');
  if (annotations instanceof Map) {
    metadata.annotations = new Map([...annotations].map(([key, value]) => [key, string(value)]));
  }
  validateNames(metadata);
  metadata.maintainers = list(raw, 'maintainers')?.map(readMaintainer) ?? null;
  metadata.dependencies = readDependencies(list(raw, 'dependencies'));
  return metadata;
}

function validateNames(metadata: Metadata): void {
  const { name, version, type } = metadata;
  if (metadata.apiVersion === '') throw invalid('chart.metadata.apiVersion is required');
  if (name === '') throw invalid('chart.metadata.name is required');
  if (name === '.' || name === '..') throw invalid(`chart.metadata.name ${quote(name)} is not allowed`);
  if (name.includes('/')) throw invalid(`chart.metadata.name ${quote(name)} is invalid`);
  if (version === '') throw invalid('chart.metadata.version is required');
  if (!isVersion(version)) throw invalid(`chart.metadata.version ${quote(version)} is invalid`);
  if (type !== '' && type !== 'application' && type !== 'library') {
    throw invalid('chart.metadata.type must be application or library');
  }
}

function readMaintainer(raw: Decoded): Maintainer {
  if (!(raw instanceof Map)) throw invalid('maintainers must not contain empty or null nodes');
  return { name: text(raw, 'name'), email: text(raw, 'email'), url: text(raw, 'url') };
}

function readDependencies(raw: readonly Decoded[] | undefined): Dependency[] | null {
  if (raw === undefined) return null;
  const names = new Set<string>();
  return raw.map((item) => {
    const dependency = readDependency(item);
    const key = dependency.alias || dependency.name;
    if (names.has(key)) throw invalid(`more than one dependency with name or alias ${quote(key)}`);
    names.add(key);
    return dependency;
  });
}

function readDependency(raw: Decoded): Dependency {
  if (!(raw instanceof Map)) throw invalid('dependencies must not contain empty or null nodes');
  const importValues = raw.get('import-values');
  const dependency: Dependency = {
    name: text(raw, 'name'),
    version: text(raw, 'version'),
    repository: text(raw, 'repository'),
    condition: text(raw, 'condition'),
    tags: texts(raw, 'tags') ?? [],
    enabled: raw.get('enabled') === true,
    importValues: Array.isArray(importValues) ? importValues : [],
    alias: string(raw.get('alias')),
  };
  if (dependency.alias !== '' && !ALIAS.test(dependency.alias)) {
    throw invalid(`dependency ${quote(dependency.name)} has disallowed characters in the alias`);
  }
  return dependency;
}

function isVersion(version: string): boolean {
  try {
    parseVersion(version);
    return true;
  } catch (error) {
    if (error instanceof HawserError) return false;
    throw error;
  }
}

function invalid(message: string): HawserError {
  return new HawserError('RenderFailed', `validation: ${message}`);
}

/** Blanks become spaces, what cannot be printed goes (Helm: sanitizeString). */
function sanitize(value: string): string {
  let clean = '';
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    if (isSpace(code)) clean += ' ';
    else if (isPrint(code)) clean += char;
  }
  return clean;
}

function string(value: Decoded | undefined): string {
  return typeof value === 'string' ? value : '';
}

function text(raw: DecodedStruct, key: string): string {
  return sanitize(string(raw.get(key)));
}

function list(raw: DecodedStruct, key: string): readonly Decoded[] | undefined {
  const value = raw.get(key);
  return Array.isArray(value) ? value : undefined;
}

function texts(raw: DecodedStruct, key: string): string[] | null {
  return list(raw, key)?.map((item) => sanitize(string(item))) ?? null;
}
