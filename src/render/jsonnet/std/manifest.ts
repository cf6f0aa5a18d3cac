// Values as texts of other formats.

import { writeJsonString } from '../../go/json.ts';
import { spend, stackLimit } from '../call-stack.ts';
import type { Site } from '../failures.ts';
import type { Builtin } from '../function.ts';
import { indexValue, lengthOfValue } from '../indexing.ts';
import { formatJsonString, formatNumber, toText } from '../manifest-json.ts';
import { JsonnetObject } from '../object.ts';
import { asBoolean, asString, force, JsonnetArray, type Lazy, plainDecimal, typeOf, type Value } from '../value.ts';
import { define, refuse, TOO_DEEP } from './arguments.ts';
import { deepJoin } from './arrays.ts';
import { manifestToml } from './manifest-toml.ts';
import { manifestYaml } from './manifest-yaml.ts';
import { asObject } from './objects.ts';

export const MANIFESTS: readonly Builtin[] = [
  define('manifestJson(value)', (site, value) => manifestJsonEx(value as Value, '    ', '\n', ': ', site)),
  define('manifestJsonMinified(value)', (site, value) => manifestJsonEx(value as Value, '', '', ':', site)),
  define(
    'manifestJsonEx(value, indent, newline?, key_val_sep?)',
    (site, value, indent, newline = '\n', between = ': ') =>
      manifestJsonEx(
        value as Value,
        asString(indent as Value, site),
        asString(newline, site),
        asString(between, site),
        site,
      ),
  ),
  define(
    'manifestYamlDoc(value, indent_array_in_object?, quote_keys?)',
    (site, value, indents = false, quotes = true) =>
      manifestYaml(value as Value, { indents: asBoolean(indents, site), quotes: asBoolean(quotes, site) }, site),
  ),
  define(
    'manifestYamlStream(value, indent_array_in_object?, c_document_end?, quote_keys?)',
    (site, value, indents = false, ends = true, quotes = true) => {
      if (!(value instanceof JsonnetArray)) {
        return refuse(`manifestYamlStream only takes arrays, got ${typeOf(value as Value)}`, site);
      }
      const documents = value.elements.map((element) => {
        const options = { indents: asBoolean(indents, site), quotes: asBoolean(quotes, site) };
        return manifestYaml(force(element, site), options, site);
      });
      return `---\n${documents.join('\n---\n')}${asBoolean(ends, site) ? '\n...\n' : '\n'}`;
    },
  ),
  define('manifestToml(value)', (site, value) => manifestToml(value as Value, '  ', site)),
  define('manifestTomlEx(value, indent)', (site, value, indent) =>
    manifestToml(value as Value, asString(indent as Value, site), site),
  ),
  define('manifestIni(ini)', (site, ini) => manifestIni(asObject(ini as Value, site), site)),
  define('manifestPython(v)', (site, v) => manifestPython(v as Value, site)),
  define('manifestPythonVars(conf)', (site, conf) => {
    const object = asObject(conf as Value, site);
    const lines = object.visible.map((name) => `${name} = ${manifestPython(object.index(name, site), site)}\n`);
    return lines.join('');
  }),
  define('manifestXmlJsonml(value)', (site, value) => {
    if (!(value instanceof JsonnetArray)) {
      return refuse(`Expected a JSONML value (an array), got ${typeOf(value as Value)}`, site);
    }
    return manifestXml(value, site);
  }),
];

function manifestJsonEx(value: Value, indent: string, newline: string, between: string, site: Site): string {
  const parts: string[] = [];
  const path: string[] = [];
  const list = (
    open: string,
    close: string,
    margin: string,
    count: number,
    item: (at: number, margin: string) => void,
  ) => {
    const inner = margin + indent;
    parts.push(open, newline);
    for (let at = 0; at < count; at++) {
      if (at > 0) parts.push(',', newline);
      parts.push(inner);
      item(at, inner);
    }
    parts.push(newline, margin, close);
  };
  const most = stackLimit();
  const write = (one: Value, margin: string): void => {
    if (path.length >= most) refuse(TOO_DEEP, site);
    spend(1, site);
    if (typeof one === 'string') parts.push(writeJsonString(one, false));
    else if (typeof one === 'number') parts.push(plainDecimal(one));
    else if (typeof one !== 'object' || one === null) parts.push(String(one));
    else if (one instanceof JsonnetArray) {
      list('[', ']', margin, one.elements.length, (at, inner) => {
        path.push(String(at));
        write(force(one.elements[at] as Lazy, site), inner);
        path.pop();
      });
    } else if (one instanceof JsonnetObject) {
      list('{', '}', margin, one.visible.length, (at, inner) => {
        const name = one.visible[at] as string;
        const field = one.index(name, site);
        parts.push(writeJsonString(name, false), between);
        path.push(name);
        write(field, inner);
        path.pop();
      });
    } else refuse(`tried to manifest function at [${path.join(' ')}]`, site);
  };
  write(value, '');
  return parts.join('');
}

function manifestIni(ini: JsonnetObject, site: Site): string {
  const body = (object: JsonnetObject): string[] =>
    object.visible.flatMap((name) => {
      const value = object.index(name, site);
      const values = value instanceof JsonnetArray ? value.elements.map((one) => force(one, site)) : [value];
      return values.map((one) => `${name} = ${toText(one, site)}`);
    });
  const main = ini.visible.includes('main') ? body(asObject(ini.index('main', site), site)) : [];
  const sections = asObject(ini.index('sections', site), site);
  const lines = sections.visible.flatMap((name) => [`[${name}]`, ...body(asObject(sections.index(name, site), site))]);
  return [...main, ...lines, ''].join('\n');
}

function manifestPython(value: Value, site: Site): string {
  spend(1, site);
  if (value instanceof JsonnetObject) {
    const fields = value.visible.map(
      (name) => `${formatJsonString(name)}: ${manifestPython(value.index(name, site), site)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  if (value instanceof JsonnetArray) {
    return `[${value.elements.map((one) => manifestPython(force(one, site), site)).join(', ')}]`;
  }
  if (typeof value === 'string') return formatJsonString(value);
  if (typeof value === 'number') return formatNumber(value);
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return refuse('cannot manifest function', site);
}

/** JsonML: a tag, perhaps its attributes, and what is in it. */
function manifestXml(value: Value, site: Site): string {
  spend(1, site);
  if (typeof value === 'string') return value;
  const tag = () => deepJoin(indexValue(value, 0, site), site);
  const name = tag();
  const second = lengthOfValue(value, site) > 1 ? indexValue(value, 1, site) : null;
  const hasAttributes = second instanceof JsonnetObject;
  const texts = hasAttributes ? second.visible.map((one) => ` ${one}="${toText(second.index(one, site), site)}"`) : [];
  const children: string[] = [];
  for (let at = hasAttributes ? 2 : 1; at < lengthOfValue(value, site); at++) {
    children.push(manifestXml(indexValue(value, at, site), site));
  }
  return `<${name}${texts.join('')}>${children.join('')}</${tag()}>`;
}
