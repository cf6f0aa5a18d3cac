// One step of a path to a field, as FieldsV1 writes it: `f:name`, `k:{"name":"x"}`, `v:"x"`, `i:0`.
//
// The written form is the identity: two steps are the same when their texts are. Keys are sorted and escaped as
// structured-merge-diff does (fieldpath/serialize-pe.go).

/** A written step. */
export type Step = string;

export function fieldStep(name: string): Step {
  return `f:${name}`;
}

export function valueStep(value: unknown): Step {
  return `v:${goJson(value)}`;
}

export function indexStep(index: number): Step {
  return `i:${index}`;
}

export function keyStep(key: Readonly<Record<string, unknown>>): Step {
  const parts = Object.keys(key)
    .sort()
    .map((name) => `${goJson(name)}:${goJson(key[name])}`);
  return `k:{${parts.join(',')}}`;
}

/** Brings a step that a client wrote into the canonical form; undefined for kinds of steps that nobody knows. */
export function parseStep(text: string): Step | undefined {
  const body = text.slice(2);
  switch (text.slice(0, 2)) {
    case 'f:':
    case 'i:':
      return text;
    case 'v:':
      return valueStep(JSON.parse(body));
    case 'k:':
      return keyStep(JSON.parse(body));
    default:
      return undefined;
  }
}

/** The name of a field step. */
export function fieldName(step: Step): string | undefined {
  return step.startsWith('f:') ? step.slice(2) : undefined;
}

/** `.spec`, `[name="x"]`, `[="x"]`, `[0]`: the form of messages (fieldpath/element.go, String). */
export function formatStep(step: Step): string {
  const body = step.slice(2);
  switch (step.slice(0, 2)) {
    case 'f:':
      return `.${body}`;
    case 'k:': {
      const key: Record<string, unknown> = JSON.parse(body);
      return `[${Object.keys(key)
        .map((name) => `${name}=${JSON.stringify(key[name])}`)
        .join(',')}]`;
    }
    case 'v:':
      return `[=${JSON.stringify(JSON.parse(body))}]`;
    default:
      return `[${body}]`;
  }
}

export function formatPath(path: readonly Step[]): string {
  return path.map(formatStep).join('');
}

const ORDER = ['f:', 'k:', 'v:', 'i:'];

/** The order in which FieldsV1 lists steps: fields, keys, values, indices. */
export function compareSteps(a: Step, b: Step): number {
  const kinds = ORDER.indexOf(a.slice(0, 2)) - ORDER.indexOf(b.slice(0, 2));
  if (kinds !== 0) return kinds;
  switch (a.slice(0, 2)) {
    case 'k:':
      return compareKeys(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
    case 'v:':
      return compareScalars(JSON.parse(a.slice(2)), JSON.parse(b.slice(2)));
    case 'i:':
      return Number(a.slice(2)) - Number(b.slice(2));
    default:
      return compareText(a, b);
  }
}

/** value.FieldList.Compare: pairwise by name, then by value; the shorter list first. */
function compareKeys(a: Record<string, unknown>, b: Record<string, unknown>): number {
  const left = Object.entries(a);
  const right = Object.entries(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [leftName, leftValue] = left[i] ?? ['', undefined];
    const [rightName, rightValue] = right[i] ?? ['', undefined];
    const order = compareText(leftName, rightName) || compareScalars(leftValue, rightValue);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const SCALARS = ['number', 'string', 'boolean'];

function compareScalars(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return SCALARS.indexOf(typeof a) - SCALARS.indexOf(typeof b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON as Go's encoder writes it: `<`, `>` and `&` escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => ESCAPES[char] ?? char);
}
