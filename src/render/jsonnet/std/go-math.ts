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
    result = goExp(fraction * goLog(x));
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

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** math.Log: the assembly for amd64, which takes a subnormal number for one with a leading one. */
export function goLog(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x < 0) return Number.NaN;
  if (!Number.isFinite(x)) return x;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  let k = ((view.getUint32(0) >>> 20) & 0x7ff) - 0x3fe;
  view.setUint32(0, (view.getUint32(0) & 0xfffff) | 0x3fe00000);
  let fraction = view.getFloat64(0);
  if (fraction < Math.SQRT1_2) {
    fraction *= 2;
    k--;
  }
  const f = fraction - 1;
  const s = f / (2 + f);
  const s2 = s * s;
  const s4 = s2 * s2;
  const odd =
    s2 * (0.6666666666666735 + s4 * (0.2857142874366239 + s4 * (0.1818357216161805 + s4 * 0.14798198605116586)));
  const even = s4 * (0.3999999999940942 + s4 * (0.22222198432149784 + s4 * 0.15313837699209373));
  const rest = odd + even;
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + rest) + k * LN2_LOW) - f);
}

/** What follows 1 in the series of exp, from the seventh factor back: 1/n!. */
const EXP_SERIES = [
  2.48015873015873e-5, 0.0001984126984126984, 0.001388888888888889, 0.008333333333333333, 0.041666666666666664,
  0.16666666666666666, 0.5, 1,
] as const;

/** math.Exp: the assembly for amd64, with its fused multiplications. */
export function goExp(value: number): number {
  if (!Number.isFinite(value)) return value === Number.NEGATIVE_INFINITY ? 0 : value;
  if (value > 709.782712893384) return Number.POSITIVE_INFINITY;
  const power = roundHalfEven(value * Math.LOG2E);
  let x = fma(-power, 0.693147180559663, value);
  x = fma(-power, 2.8235290563031577e-13, x) * 0.0625;
  let sum: number = EXP_SERIES[0];
  for (const factor of EXP_SERIES.slice(1)) sum = fma(sum, x, factor);
  x *= sum;
  // exp(16x) - 1 of exp(x) - 1.
  for (let turn = 0; turn < 3; turn++) x *= x + 2;
  x = fma(x, x + 2, 1);
  if (power < -1022 - 1100) return 0;
  return ldexp(x, power);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** a·b + c, rounded once (Boldo and Melquiond, with a middle sum rounded to odd). For numbers far from the edges. */
function fma(a: number, b: number, c: number): number {
  const [product, productRest] = twoProduct(a, b);
  const [low, lowest] = twoSum(c, productRest);
  const [high, middle] = twoSum(product, low);
  return high + sumToOdd(middle, lowest);
}

function twoSum(a: number, b: number): readonly [sum: number, rest: number] {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

function twoProduct(a: number, b: number): readonly [product: number, rest: number] {
  const product = a * b;
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

function halves(value: number): readonly [high: number, low: number] {
  const scaled = value * 134217729;
  const high = scaled - (scaled - value);
  return [high, value - high];
}

function sumToOdd(a: number, b: number): number {
  const [sum, rest] = twoSum(a, b);
  if (rest === 0) return sum;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, sum);
  const bits = view.getBigInt64(0);
  if ((bits & 1n) === 1n) return sum;
  view.setBigInt64(0, bits + (rest > 0 === sum > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

const QUARTER_PI = Math.PI / 4;
/** π/4 in three parts. */
const PARTS = [0.7853981256484985, 3.774894707930798e-8, 2.6951514290790595e-15] as const;
/** From here on, so many digits of 4/π count that those three do not do. */
const LARGE = 2 ** 29;

/** The octant, and the angle in it. */
function reduced(x: number): readonly [octant: number, angle: number] {
  if (x >= LARGE) return reducedLarge(x);
  let octant = Math.trunc(x * (4 / Math.PI));
  if (octant % 2 === 1) octant++;
  return [octant % 8, x - octant * PARTS[0] - octant * PARTS[1] - octant * PARTS[2]];
}

/** 4/π with 1,216 digits of its binary fraction. */
const FOUR_OVER_PI = BigInt(
  '0x145f306dc9c882a53f84eafa3ea69bb81b6c52b3278872083fca2c757bd778ac36e48dc74849ba5c00c925dd413a32439fc3bd63962534e7dd1046bea5d768909d338e04d68befc827323ac7306a673e93908bf177bf250763ff12fffbc0b301fde5e2316b414da3eda6cfd9e4f96136e9e8c7ecd3cbfd45aea4f758fd7cbe2f67a0e73ef14a525d4d7f6bf623f1aba10ac06608df8f6d757',
);
const FOUR_OVER_PI_WORDS = 20;
const WORD = (1n << 64n) - 1n;

/** Payne and Hanek: of x·4/π only what lies around the binary point (math.trigReduce). */
function reducedLarge(x: number): readonly [octant: number, angle: number] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n) - 1023 - 52;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (1n << 52n);
  const from = exponent + 61;
  const word = (at: number) =>
    (FOUR_OVER_PI >> (BigInt(FOUR_OVER_PI_WORDS * 64 - from) - BigInt(64 * (at + 1)))) & WORD;
  const product =
    (((word(0) * mantissa) << 64n) + word(1) * mantissa + ((word(2) * mantissa) >> 64n)) & ((1n << 128n) - 1n);
  let octant = Number(product >> 125n);
  let high = (product << 3n) & ((1n << 128n) - 1n);
  let leading = 0;
  while (leading < 64 && high >> 127n === 0n) {
    high = (high << 1n) & ((1n << 128n) - 1n);
    leading++;
  }
  const fraction = ((high << 1n) & ((1n << 128n) - 1n)) >> (128n - 52n);
  view.setBigUint64(0, (BigInt(1023 - (leading + 1)) << 52n) | fraction);
  let angle = view.getFloat64(0);
  if (octant % 2 === 1) {
    octant = (octant + 1) % 8;
    angle--;
  }
  return [octant, angle * QUARTER_PI];
}

const polynomial = (x: number, [first = 0, ...rest]: readonly number[]): number =>
  rest.reduce((sum, factor) => sum * x + factor, first);

const SINE = [
  1.5896230157654656e-10, -2.5050747762857807e-8, 2.7557313621385722e-6, -0.0001984126982958954, 0.008333333333322118,
  -0.1666666666666663,
];
const COSINE = [
  -1.1358536521387682e-11, 2.087570084197473e-9, -2.755731417929674e-7, 2.4801587288851704e-5, -0.0013888888888873056,
  0.041666666666666595,
];

const sineOf = (z: number) => z + z * (z * z) * polynomial(z * z, SINE);
const cosineOf = (z: number) => 1 - 0.5 * (z * z) + z * z * (z * z) * polynomial(z * z, COSINE);

export function goSin(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return Number.isFinite(x) ? x : Number.NaN;
  const [octant, angle] = reduced(Math.abs(x));
  const isNegative = x < 0 !== octant > 3;
  const value = octant % 4 === 2 ? cosineOf(angle) : sineOf(angle);
  return isNegative ? -value : value;
}

export function goCos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const [octant, angle] = reduced(Math.abs(x));
  const isNegative = octant > 3 !== octant % 4 > 1;
  const value = octant % 4 === 2 ? sineOf(angle) : cosineOf(angle);
  return isNegative ? -value : value;
}

const TANGENT = {
  over: [-13093.693918138379, 1153516.6483858742, -17956525.197648488],
  under: [1, 13681.296347069296, -1320892.3444021097, 25008380.18233579, -53869575.592945464],
} as const;

export function goTan(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return Number.isFinite(x) ? x : Number.NaN;
  const [octant, z] = reduced(Math.abs(x));
  const zz = z * z;
  let value = z;
  if (zz > 1e-14) {
    value = z + z * ((zz * polynomial(zz, TANGENT.over)) / polynomial(zz, TANGENT.under));
  }
  if (octant % 4 === 2) value = -1 / value;
  return x < 0 ? -value : value;
}

const ARC = {
  over: [-0.8750608600031904, -16.157537187333652, -75.00855792314705, -122.88666844901361, -64.85021904942025],
  under: [1, 24.858464901423062, 165.02700983169885, 432.88106049129027, 485.3903996359137, 194.5506571482614],
} as const;
/** π/2 is this more than the nearest number. */
const MORE = 6.123233995736766e-17;

function arcOf(x: number): number {
  const z = x * x;
  return x * ((z * polynomial(z, ARC.over)) / polynomial(z, ARC.under)) + x;
}

/** Of what is not negative. */
function arcTangent(x: number): number {
  if (x <= 0.66) return arcOf(x);
  if (x > 2.414213562373095) return Math.PI / 2 - arcOf(1 / x) + MORE;
  return Math.PI / 4 + arcOf((x - 1) / (x + 1)) + 0.5 * MORE;
}

export function goAtan(x: number): number {
  if (x === 0) return x;
  return x > 0 ? arcTangent(x) : -arcTangent(-x);
}

export function goAsin(x: number): number {
  if (x === 0) return x;
  const size = Math.abs(x);
  if (size > 1) return Number.NaN;
  const other = Math.sqrt(1 - size * size);
  const value = size > 0.7 ? Math.PI / 2 - arcTangent(other / size) : arcTangent(size / other);
  return x < 0 ? -value : value;
}

export function goAcos(x: number): number {
  return Math.PI / 2 - goAsin(x);
}

export function goAtan2(y: number, x: number): number {
  if (y === 0 || x === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return Math.atan2(y, x);
  const angle = goAtan(y / x);
  if (x >= 0) return angle;
  return angle <= 0 ? angle + Math.PI : angle - Math.PI;
}

export function goHypot(p: number, q: number): number {
  const [large, small] = [Math.max(Math.abs(p), Math.abs(q)), Math.min(Math.abs(p), Math.abs(q))];
  if (large === 0) return 0;
  const part = small / large;
  return large * Math.sqrt(1 + part * part);
}
