// What tells the items of a list apart, so that an item that moved is still the same one: Kubernetes' patch merge keys and list map keys
// (k8s.io/api: `patchMergeKey`, `+listMapKey`), and for lists that nobody described, what looks like such a key.

/** A key of an item, or undefined where this list has none. */
export type KeyOf = (item: unknown) => string;

/** Where a list's name says more than the usual order. */
const OF_LIST: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  Object.entries({
    ports: [['containerPort', 'protocol'], ['port', 'protocol'], ['name']],
    volumeMounts: [['mountPath']],
    volumeDevices: [['devicePath']],
    conditions: [['type']],
    hostAliases: [['ip']],
    podIPs: [['ip']],
    ownerReferences: [['uid']],
    topologySpreadConstraints: [['topologyKey', 'whenUnsatisfiable']],
    tolerations: [['key', 'effect']],
  }),
);

const USUAL: readonly (readonly string[])[] = [
  ['name'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['mountPath'],
  ['devicePath'],
  ['type'],
  ['key'],
  ['ip'],
  ['uid'],
  ['id'],
  ['host'],
  ['path'],
];

/** What an item means where it does not say so. */
const DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };

export interface ListKey {
  readonly keyOf: KeyOf;
  /** The fields, of which the first stands first in each item. */
  readonly fields: readonly string[];
}

/** A key that every item of both has, and no two items of one. */
export function listKey(name: string, before: readonly unknown[], after: readonly unknown[]): ListKey | undefined {
  if (![...before, ...after].every(isMap)) return undefined;
  for (const fields of [...(OF_LIST.get(name) ?? []), ...USUAL]) {
    const keyOf: KeyOf = (item) => fields.map((field) => fieldText(item, field)).join('\0');
    const [first = ''] = fields;
    if ([before, after].every((list) => list.every((item) => fieldText(item, first) !== '') && isUnique(list, keyOf))) {
      return { keyOf, fields };
    }
  }
  return undefined;
}

function isUnique(list: readonly unknown[], keyOf: KeyOf): boolean {
  return new Set(list.map(keyOf)).size === list.length;
}

function fieldText(item: unknown, field: string): string {
  const value = isMap(item) ? ownValue(item, field) : undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return DEFAULTS[field] ?? '';
}

/** A field may have any name: `constructor` and `__proto__`, too. */
export function ownValue(map: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
