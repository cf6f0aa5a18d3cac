// The containers of Pods, as their manifests name them. Pure.

export interface ContainerNames {
  readonly names: readonly string[];
  /** What the log is of where nothing is chosen; undefined where a Pod has a single one, and needs no name. */
  readonly first: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** Of JSON texts; names once each, init containers last. */
export function containersOf(manifests: readonly string[]): ContainerNames {
  const pods = manifests.map((text) => fieldsOf(JSON.parse(text)));
  const own = pods.flatMap((pod) => namesAt(pod, 'containers'));
  const inits = pods.flatMap((pod) => namesAt(pod, 'initContainers'));
  const names = [...new Set([...own, ...inits])];
  const noted = pods.map((pod) => fieldsOf(fieldsOf(pod.metadata).annotations)[DEFAULT_CONTAINER]);
  const wanted = noted.find((name): name is string => typeof name === 'string' && names.includes(name));
  return { names, first: names.length > 1 ? (wanted ?? names[0]) : undefined };
}

function namesAt(pod: Fields, field: string): string[] {
  const list = fieldsOf(pod.spec)[field];
  return Array.isArray(list) ? list.map((one) => String(fieldsOf(one).name ?? '')).filter((name) => name !== '') : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
