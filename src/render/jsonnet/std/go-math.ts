// Go's math, where its results are not those of JavaScript's to the last digit.

/** Splits into a fraction of [½, 1) and a power of two. */
export function frexp(value: number): readonly [fraction: number, exponent: number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  let exponent = (view.getUint32(0) >>> 20) & 0x7ff;
  if (exponent === 0) {
    // Subnormal.
    const [fraction, its] = frexp(value * 2 ** 64);
    return [fraction, its - 64];
  }
  exponent -= 1022;
  view.setUint32(0, (view.getUint32(0) & 0x800fffff) | 0x3fe00000);
  return [view.getFloat64(0), exponent];
}

function ldexp(fraction: number, exponent: number): number {
  if (exponent > 1023) return fraction * 2 ** 1023 * 2 ** (exponent - 1023);
  if (exponent < -1022) return fraction * 2 ** -1022 * 2 ** Math.max(exponent + 1022, -1074);
  return fraction * 2 ** exponent;
}

/** math.Pow: repeated squaring for the whole part of the power, which is what its roundings come from. */
export function goPow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (Number.isNaN(x) || Number.isNaN(y) || x === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return x ** y;
  if (y === 0.5) return Math.sqrt(x);
  if (y === -0.5) return 1 / Math.sqrt(x);
  let whole = Math.trunc(Math.abs(y));
  let fraction = Math.abs(y) - whole;
  if (fraction !== 0 && x < 0) return Number.NaN;
  if (whole >= 2 ** 63) return x ** y;
  let result = 1;
  let exponent = 0;
  if (fraction !== 0) {
    if (fraction > 0.5) {
      fraction--;
      whole++;
    }
    result = Math.exp(fraction * Math.log(x));
  }
  let [part, power] = frexp(x);
  for (let bits = BigInt(whole); bits !== 0n; bits >>= 1n) {
    if (power < -(1 << 12) || power > 1 << 12) {
      exponent += power;
      break;
    }
    if (bits & 1n) {
      result *= part;
      exponent += power;
    }
    part *= part;
    power <<= 1;
    if (part < 0.5) {
      part += part;
      power--;
    }
  }
  if (y < 0) {
    result = 1 / result;
    exponent = -exponent;
  }
  return ldexp(result, exponent);
}

/** Away from zero. */
export function goRound(value: number): number {
  const rounded = Math.trunc(value);
  return Math.abs(value - rounded) >= 0.5 ? rounded + Math.sign(value) : rounded;
}
