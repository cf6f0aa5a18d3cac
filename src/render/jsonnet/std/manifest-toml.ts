// std.manifestTomlEx.

import { spend, stackLimit } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import { formatJsonString, formatNumber } from '../manifest-json.ts';
import { JsonnetObject } from '../object.ts';
import { force, JsonnetArray, type Lazy, typeOf, type Value } from '../value.ts';
import { refuse, TOO_DEEP } from './arguments.ts';

type Path = readonly string[];

export function manifestToml(value: Value, indent: string, site: Site): string {
  if (!(value instanceof JsonnetObject)) return refuse(`TOML body must be an object. Got ${typeOf(value)}`, site);
  const at = (path: Path) => `[${path.join(' ')}]`;

  const most = stackLimit();
  const check = (path: Path): void => {
    spend(1, site);
    if (path.length >= most) refuse(TOO_DEEP, site);
  };

  function inline(one: Value, path: Path, isInline: boolean, margin: string): string {
    check(path);
    if (one === null) return refuse(`Tried to manifest "null" at ${at(path)}`, site);
    if (typeof one === 'boolean') return String(one);
    if (typeof one === 'number') return formatNumber(one);
    if (typeof one === 'string') return formatJsonString(one);
    if (one instanceof JsonnetObject) {
      const fields = one.visible.map((name) => {
        const field = inline(one.index(name, site), [...path, name], true, '');
        return `${formatKey(name)} = ${field}`;
      });
      return `{ ${fields.join(', ')} }`;
    }
    if (!(one instanceof JsonnetArray)) return refuse(`Tried to manifest function at ${at(path)}`, site);
    if (one.elements.length === 0) return '[]';
    const inner = isInline ? '' : margin + indent;
    const between = isInline ? ' ' : '\n';
    const items = one.elements.map((element, index) => {
      return inner + inline(force(element, site), [...path, String(index)], true, '');
    });
    return `[${between}${items.join(`,${between}`)}${between}${isInline ? margin : ''}]`;
  }

  function table(object: JsonnetObject, path: Path, indexed: Path, margin: string): string {
    check(indexed);
    const fields: string[] = [];
    const sections: string[] = [''];
    for (const name of object.visible) {
      const one = object.index(name, site);
      const here = [...indexed, name];
      if (!isSection(one, site)) {
        fields.push(...`${formatKey(name)} = ${inline(one, here, false, '')}`.split('\n'));
      } else if (one instanceof JsonnetObject) sections.push(section(one, [...path, name], here, margin));
      else sections.push(sectionList((one as JsonnetArray).elements, [...path, name], here, margin));
    }
    return (fields.length > 0 ? margin : '') + fields.join(`\n${margin}`) + sections.join('\n\n');
  }

  function section(object: JsonnetObject, path: Path, indexed: Path, margin: string): string {
    const head = `${margin}[${path.map(formatKey).join('.')}]`;
    return head + (object.visible.length > 0 ? '\n' : '') + table(object, path, indexed, margin + indent);
  }

  function sectionList(elements: readonly Lazy[], path: Path, indexed: Path, margin: string): string {
    const sections = elements.map((element, index) => {
      const object = force(element, site) as JsonnetObject;
      const head = `${margin}[[${path.map(formatKey).join('.')}]]`;
      const body = table(object, path, [...indexed, String(index)], margin + indent);
      return head + (object.visible.length > 0 ? '\n' : '') + body;
    });
    return sections.join('\n\n');
  }

  return table(value, [], [], '');
}

/** An object, or a list of objects alone. */
function isSection(value: Value, site: Site): boolean {
  if (value instanceof JsonnetObject) return true;
  if (!(value instanceof JsonnetArray) || value.elements.length === 0) return false;
  return value.elements.every((element) => force(element, site) instanceof JsonnetObject);
}

function formatKey(key: string): string {
  if (key === '') return "''";
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : formatJsonString(key);
}
