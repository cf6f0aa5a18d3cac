// std.manifestYamlDoc.

import { parseGoFloat } from '../../go/strconv.ts';
import { spend, stackLimit } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import { formatJsonString } from '../manifest-json.ts';
import { JsonnetObject } from '../object.ts';
import { force, JsonnetArray, plainDecimal, type Value } from '../value.ts';
import { refuse, TOO_DEEP } from './arguments.ts';

export interface YamlOptions {
  /** Lists in objects are indented. */
  readonly indents: boolean;
  /** Keys have quotes even where they need none. */
  readonly quotes: boolean;
}

const INDENT = '  ';

export function manifestYaml(value: Value, { indents, quotes }: YamlOptions, site: Site): string {
  const parts: string[] = [];
  let left = stackLimit();
  const write = (one: Value, margin: string): void => {
    if (left <= 0) refuse(TOO_DEEP, site);
    left--;
    spend(1, site);
    writeHere(one, margin);
    left++;
  };
  const writeHere = (one: Value, margin: string): void => {
    if (typeof one === 'string') writeText(one, margin, parts);
    else if (typeof one === 'number') parts.push(plainDecimal(one));
    else if (one instanceof JsonnetArray) writeList(one, margin);
    else if (one instanceof JsonnetObject) writeFields(one, margin);
    // A function is nothing, as with go-jsonnet.
    else if (one === null || typeof one === 'boolean') parts.push(String(one));
  };
  const writeList = ({ elements }: JsonnetArray, margin: string): void => {
    if (elements.length === 0) parts.push('[]');
    for (const [at, element] of elements.entries()) {
      if (at > 0) parts.push('\n', margin);
      const one = force(element, site);
      parts.push('-', isFullList(one) ? `\n${margin}${INDENT}` : ' ');
      write(one, one instanceof JsonnetArray || one instanceof JsonnetObject ? margin + INDENT : margin);
    }
  };
  const writeFields = (object: JsonnetObject, margin: string): void => {
    if (object.visible.length === 0) parts.push('{}');
    for (const [at, name] of object.visible.entries()) {
      const one = object.index(name, site);
      if (at > 0) parts.push('\n', margin);
      parts.push(quotes || !isBare(name) ? formatJsonString(name) : name, ':');
      let inner = margin;
      if (isFullList(one)) {
        if (indents) inner = margin + INDENT;
        parts.push('\n', inner);
      } else if (one instanceof JsonnetObject && one.visible.length > 0) {
        inner = margin + INDENT;
        parts.push('\n', inner);
      } else parts.push(' ');
      write(one, inner);
    }
  };
  write(value, '');
  return parts.join('');
}

function isFullList(value: Value): boolean {
  return value instanceof JsonnetArray && value.elements.length > 0;
}

function writeText(text: string, margin: string, parts: string[]): void {
  if (text === '') parts.push('""');
  else if (text.endsWith('\n')) {
    parts.push('|');
    for (const line of text.slice(0, -1).split('\n')) parts.push('\n', margin, INDENT, line);
  } else parts.push(formatJsonString(text));
}

const RESERVED: ReadonlySet<string> = new Set([
  ...['true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n'],
  ...['.nan', '-.inf', '+.inf', '.inf', 'null', '-', '---', "''"],
]);

/** Without quotes it is a string all the same. */
function isBare(key: string): boolean {
  if (!/^[A-Za-z0-9_\-/.]+$/.test(key) || RESERVED.has(key.toLowerCase())) return false;
  if (/^(?:[0-9]*-){2}[0-9]*$/.test(key) || /^[-+]?0b[0-1_]+$/.test(key) || /[-+]?0x[0-9a-fA-F_]+/.test(key))
    return false;
  return parseGoFloat(key).error !== undefined;
}
