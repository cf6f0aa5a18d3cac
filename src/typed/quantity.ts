// resource.Quantity: `1024Mi`, `0.5`, `100m`: reading, the canonical text, comparing.
//
// Source: k8s.io/apimachinery, pkg/api/resource/quantity.go. Values are held as billionths, the smallest that it knows.

export type QuantityFormat = 'binary' | 'decimal' | 'exponent';

export interface Quantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

export const QUANTITY_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const NANO = 1_000_000_000n;

const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const BINARY_NAMES: readonly string[] = BINARY;
/** Powers of ten, smallest first. */
const DECIMAL: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];

/** The value of a text, or undefined when it is no quantity. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)|[eE]([+-]?\d+))$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = '', exponent] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(`${whole}${fraction}`);
  let numerator = digits * NANO;
  let denominator = 10n ** BigInt(fraction.length);
  let format: QuantityFormat = 'decimal';
  const binary: number = BINARY_NAMES.indexOf(suffix);
  if (binary >= 0) {
    format = 'binary';
    numerator *= 1024n ** BigInt(binary + 1);
  } else {
    const power = exponent === undefined ? (DECIMAL.find(([name]) => name === suffix)?.[1] ?? 0) : Number(exponent);
    if (exponent !== undefined) format = 'exponent';
    if (Math.abs(power) > 1000) return undefined;
    if (power >= 0) numerator *= 10n ** BigInt(power);
    else denominator *= 10n ** BigInt(-power);
  }
  // Anything smaller than a billionth is rounded up.
  const nano = (numerator + denominator - 1n) / denominator;
  return { nano: sign === '-' ? -nano : nano, format };
}

/** The canonical text: the largest suffix that leaves a whole number. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const size = nano < 0n ? -nano : nano;
  if (format === 'binary' && size >= 1024n * NANO && size % NANO === 0n) return sign + formatBinary(size / NANO);
  return sign + formatDecimal(size, format === 'exponent');
}

function formatBinary(value: bigint): string {
  let rest = value;
  let suffix = '';
  for (const name of BINARY) {
    if (rest % 1024n !== 0n) break;
    rest /= 1024n;
    suffix = name;
  }
  return `${rest}${suffix}`;
}

function formatDecimal(nano: bigint, exponent: boolean): string {
  let rest = nano;
  let power = -9;
  while (rest % 1000n === 0n && power < 18) {
    rest /= 1000n;
    power += 3;
  }
  if (exponent) return power === 0 ? `${rest}` : `${rest}e${power}`;
  return `${rest}${DECIMAL.find(([, value]) => value === power)?.[0] ?? ''}`;
}

/** A quantity of JSON, which may be a number, in canonical text; undefined when it is none. */
export function canonicalQuantity(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const parsed = parseQuantity(String(value).trim());
  return parsed === undefined ? undefined : formatQuantity(parsed);
}

/** Negative, zero or positive as `a` is less than, equal to or more than `b`; texts that are none count as zero. */
export function compareQuantities(a: unknown, b: unknown): number {
  const left = parseQuantity(String(a))?.nano ?? 0n;
  const right = parseQuantity(String(b))?.nano ?? 0n;
  return left < right ? -1 : left > right ? 1 : 0;
}
