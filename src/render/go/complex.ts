// Complex numbers, which only literals like `2i` make: a GoNumber whose text is what `%v` prints.

import { formatFloat } from './strconv.ts';
import { GoNumber } from './value.ts';

export interface Complex {
  readonly real: number;
  readonly imaginary: number;
}

export function goComplex(real: number, imaginary: number): GoNumber {
  const sign = imaginary < 0 || Object.is(imaginary, -0) || Number.isNaN(imaginary) ? '' : '+';
  const second = formatFloat(imaginary, 'g', -1, 64).replace(/^\+/, '');
  const text = `(${formatFloat(real, 'g', -1, 64)}${Number.isNaN(imaginary) ? '+' : sign}${second}i)`;
  return new GoNumber('complex128', text);
}

const PARTS = /^\((.+?)([+-][^+-]*(?:e[+-]\d+)?)i\)$/;

/** The parts of a GoNumber of type complex128. */
export function complexParts(number: GoNumber): Complex {
  const match = PARTS.exec(String(number.value));
  return { real: goFloat(match?.[1] ?? '0'), imaginary: goFloat(match?.[2] ?? '0') };
}

function goFloat(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
