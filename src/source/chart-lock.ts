// Chart.lock: which versions of its dependencies a chart was built with (Helm: pkg/downloader/manager.go, Build; internal/resolver).

import { sha256 } from '@noble/hashes/sha2.js';
import { HawserError } from '../base/errors.ts';
import { formatGoJson } from '../base/go-json.ts';
import { toHex } from '../base/hex.ts';
import { GoMap, GoNumber, GoSlice, type GoValue } from '../render/go/value.ts';
import { decodeStruct } from '../render/helm/decode.ts';
import { type Dependency, LOCK, type Metadata } from '../render/helm/metadata.ts';

export type LockedDependency = Pick<Dependency, 'name' | 'version' | 'repository'>;

export interface ChartLock {
  readonly digest: string;
  readonly dependencies: readonly LockedDependency[];
}

/** Throws `RenderFailed` with Go's text for what is no lock. */
export function parseChartLock(text: string): ChartLock {
  const lock = decodeStruct(text, LOCK);
  const dependencies = lock.get('dependencies');
  return {
    digest: textOf(lock.get('digest')),
    dependencies: (Array.isArray(dependencies) ? dependencies : []).flatMap((item) =>
      item instanceof Map
        ? [
            {
              name: textOf(item.get('name')),
              version: textOf(item.get('version')),
              repository: textOf(item.get('repository')),
            },
          ]
        : [],
    ),
  };
}

/** Throws `RenderFailed` with Helm's text where the lock was made for other dependencies than the chart declares. */
export function checkChartLock({ apiVersion, dependencies }: Metadata, lock: ChartLock): void {
  const declared = dependencies ?? [];
  const sums = [digestOf(`[${listOf(declared)},${listOf(lock.dependencies)}]`)];
  if (apiVersion === 'v1') sums.push(digestOf(`{"dependencies":${listOf(declared)}}`));
  if (sums.includes(lock.digest)) return;
  const [file, source] =
    apiVersion === 'v1' ? ['requirements.lock', 'requirements.yaml'] : ['Chart.lock', 'Chart.yaml'];
  throw new HawserError(
    'RenderFailed',
    `the lock file (${file}) is out of sync with the dependencies file (${source}). Please update the dependencies`,
    { hint: 'run `helm dependency update` in the chart and commit the lock' },
  );
}

function digestOf(json: string): string {
  const hash = sha256(new TextEncoder().encode(json));
  return `sha256:${toHex(hash)}`;
}

function listOf(dependencies: readonly (LockedDependency & Partial<Dependency>)[]): string {
  return `[${dependencies.map(dependencyJson).join(',')}]`;
}

/** As encoding/json writes chart.Dependency: in the order of its fields, empty ones left out. */
function dependencyJson(dependency: LockedDependency & Partial<Dependency>): string {
  const { name, version, repository, condition, tags, enabled, importValues, alias } = dependency;
  const fields: readonly (readonly [string, unknown])[] = [
    ['name', name],
    ['version', version || undefined],
    ['repository', repository],
    ['condition', condition || undefined],
    ['tags', tags?.length ? tags : undefined],
    ['enabled', enabled || undefined],
    ['import-values', importValues?.length ? importValues.map(plain) : undefined],
    ['alias', alias || undefined],
  ];
  const written = fields.filter(([, value]) => value !== undefined);
  return `{${written.map(([key, value]) => `"${key}":${formatGoJson(value)}`).join(',')}}`;
}

function plain(value: GoValue): unknown {
  if (value instanceof GoNumber) return Number(value.value);
  if (value instanceof GoSlice) return value.items.map(plain);
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof GoMap ? value.entries : value;
  if (entries instanceof Map) return Object.fromEntries([...entries].map(([key, item]) => [key, plain(item)]));
  return value;
}

function textOf(value: GoValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
