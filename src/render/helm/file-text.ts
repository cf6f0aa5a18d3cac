// The text of a chart's file, decoded once for as long as the chart lives.

import { utf8Decode } from '../go/strings.ts';
import type { ChartFile } from './chart.ts';

const texts = new WeakMap<Uint8Array, string>();

export function fileText(file: ChartFile): string {
  const present = texts.get(file.data);
  if (present !== undefined) return present;
  const text = utf8Decode(file.data);
  texts.set(file.data, text);
  return text;
}
