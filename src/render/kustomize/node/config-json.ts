// kustomize's own files and plugin configurations as JSON: read with YAML 1.1 rules (`yes` is true), unlike resources
// (sigs.k8s.io/yaml: YAMLToJSON over go-yaml v2).

import type { Json } from '../../../base/json.ts';
import { GoNumber } from '../../go/value.ts';
import { deAnchor } from './deanchor.ts';
import { failure } from './fail.ts';
import { isQuoted, type Node, STYLE, TAG } from './node.ts';
import { parseNode } from './parse.ts';
import { type Resolved, resolvePlain, resolveTagged } from './resolve.ts';

/** The first document of a text as JSON; null where it is empty. */
export function parseConfig(text: string): Json {
  const node = parseNode(text);
  return node === undefined ? null : configJson(deAnchor(node));
}

function configJson(node: Node): Json {
  switch (node.kind) {
    case 'sequence':
      return node.content.map(configJson);
    case 'mapping': {
      const object: Record<string, Json> = {};
      for (let i = 0; i < node.content.length; i += 2) {
        const key = node.content[i];
        const value = node.content[i + 1];
        if (key !== undefined && value !== undefined) setOwn(object, keyText(key), configJson(value));
      }
      return object;
    }
    case 'scalar':
      return scalarJson(resolveV2(node));
    default:
      return null;
  }
}

/** Sets a key even where it is called `__proto__`. */
function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function keyText(key: Node): string {
  if (key.kind !== 'scalar') throw failure('a key of a mapping must be a plain text');
  const { value } = resolveV2(key);
  if (value === null) throw failure(`the key '${key.value}' is null`, undefined, key.line);
  return value instanceof GoNumber ? String(value.value) : String(value);
}

function resolveV2(node: Node): Resolved {
  if ((node.style & STYLE.tagged) !== 0) return resolveTagged(node.tag, node.value, 'v2');
  return isQuoted(node) ? { tag: TAG.str, value: node.value } : resolvePlain(node.value, 'v2');
}

function scalarJson({ value }: Resolved): Json {
  if (value instanceof GoNumber) return Number(value.value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw failure('a configuration may not hold .inf or .nan');
  return value;
}
