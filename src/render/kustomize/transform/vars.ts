// Vars: `$(NAME)` in known fields, replaced by the value of a field of a resource (kustomize: api/filters/refvar, ResAccumulator.ResolveVars).

import { formatFloat } from '../../go/strconv.ts';
import { GoNumber } from '../../go/value.ts';
import type { FieldSpec, Var } from '../config/kustomization.ts';
import type { BuildBudget } from '../limits.ts';
import { failure, within } from '../node/fail.ts';
import { isMissing, isStringNode, type Node, TAG } from '../node/node.ts';
import { lookup, splitBracketPath } from '../node/paths.ts';
import { resolvePlain } from '../node/resolve.ts';
import { type Gvk, parseApiVersion } from '../resource/gvk.ts';
import { type ResId, sameGvkName, sameId } from '../resource/res-id.ts';
import { findByAnyId, type ResMap } from '../resource/res-map.ts';
import { changeField } from './field-spec.ts';

type VarValue = string | boolean | number | bigint;

/** A var with its defaults filled in. */
export function completeVar(variable: Var): Var {
  const { objref, fieldref } = variable;
  const version = objref.apiVersion.split('/').length <= 2 ? parseApiVersion(objref.apiVersion) : undefined;
  const gvk =
    objref.apiVersion === '' || version === undefined
      ? {}
      : { version: version.version, ...(objref.apiVersion.includes('/') ? { group: version.group } : {}) };
  return {
    ...variable,
    objref: { ...objref, ...gvk },
    fieldref: { fieldPath: fieldref.fieldPath === '' ? 'metadata.name' : fieldref.fieldPath },
  };
}

/** Adds vars, telling the resources that they name; the same name twice is an error. */
export function mergeVars(vars: ReadonlyMap<string, Var>, added: readonly Var[], map?: ResMap): Map<string, Var> {
  const result = new Map(vars);
  for (const variable of added.map(completeVar)) {
    if (map !== undefined) markTarget(variable, map);
  }
  for (const variable of added.map(completeVar)) {
    if (result.has(variable.name)) throw failure(`the var '${variable.name}' is there twice`);
    result.set(variable.name, variable);
  }
  return result;
}

function markTarget(variable: Var, map: ResMap): void {
  const { objref } = variable;
  const id: ResId = { ...gvkOf(objref), name: objref.name, namespace: objref.namespace, clusterScoped: false };
  const [found, another] = findByAnyId(map, (other) =>
    id.namespace === '' ? sameGvkName(other, id) : sameId(other, id),
  );
  if (another !== undefined) throw failure(`the var '${variable.name}' may mean more than one resource`);
  if (found !== undefined) found.varNames = [...found.varNames, variable.name];
}

function gvkOf({ group, version, kind }: Gvk): Gvk {
  return { group, version, kind };
}

/** Replaces all vars; returns the names of those that were never used. */
export function resolveVars(
  map: ResMap,
  vars: ReadonlyMap<string, Var>,
  specs: readonly FieldSpec[],
  budget: BuildBudget,
): string[] {
  if (vars.size === 0) return [];
  const values = new Map<string, VarValue | undefined>();
  for (const name of [...vars.keys()].sort()) values.set(name, readValue(vars.get(name), map));
  const used = new Set<string>();
  const mapping = (name: string): VarValue => {
    const value = values.get(name);
    if (value === undefined) return `$(${name})`;
    used.add(name);
    if (typeof value === 'string') budget.spend('outputLength', value.length);
    return value;
  };
  for (const { root } of map.resources) {
    if (root === undefined) continue;
    for (const spec of specs) changeField(root, spec, { set: (node) => replaceIn(node, mapping) });
  }
  return [...values.keys()].filter((name) => !used.has(name));
}

/** The value of the field; undefined for a mapping or list, which cannot stand in a text. */
function readValue(variable: Var | undefined, map: ResMap): VarValue | undefined {
  if (variable === undefined) return undefined;
  const source = map.resources.find((resource) => resource.varNames.includes(variable.name));
  if (source === undefined) throw failure(`the var '${variable.name}' names no known resource`);
  const { fieldPath } = variable.fieldref;
  const found = within(`var '${variable.name}'`, () => lookup(source.root, varPath(fieldPath)));
  if (found === undefined)
    throw failure(`the var '${variable.name}' names the field '${fieldPath}', which is not there`);
  if (found.kind !== 'scalar') return undefined;
  return scalarValue(found, variable.name);
}

/** `a.b[0].c` as well as `a.b.0.c` (kyaml: convertSliceIndex). */
function varPath(path: string): string[] {
  return splitBracketPath(path, '.').flatMap((part) => {
    const match = /^(.*)\[(\d+)\]$/.exec(part);
    if (match === null) return [part];
    const [, name = '', index = ''] = match;
    return name === '' ? [index] : [name, index];
  });
}

/** kyaml: GetFieldValue, which goes by the tag. */
function scalarValue(node: Node, name: string): VarValue {
  switch (node.tag) {
    case TAG.int:
      if (!/^[-+]?\d+$/.test(node.value))
        throw failure(`the var '${name}' names '${node.value}', which is no plain whole number`);
      return BigInt(node.value);
    case TAG.float: {
      const { value } = resolvePlain(node.value);
      if (typeof value === 'number') return value;
      return value instanceof GoNumber ? Number(value.value) : node.value;
    }
    case TAG.bool:
      return /^(?:true|True|TRUE)$/.test(node.value);
    default:
      return node.value;
  }
}

function replaceIn(node: Node, mapping: (name: string) => VarValue): void {
  if (isMissing(node)) return;
  replaceInNode(node, mapping);
}

function replaceInNode(node: Node, mapping: (name: string) => VarValue): void {
  switch (node.kind) {
    case 'scalar':
      if (isStringNode(node)) writeValue(node, expand(node.value, mapping));
      return;
    case 'mapping':
      for (let i = 0; i < node.content.length; i += 2) {
        const [key, value] = [node.content[i], node.content[i + 1]];
        if (key === undefined || value === undefined) continue;
        if (!isStringNode(key))
          throw failure(`vars cannot be replaced in a mapping with the key '${key.value}', which is no string`);
        if (isStringNode(value)) writeValue(value, expand(value.value, mapping));
      }
      return;
    case 'sequence':
      for (const item of node.content) {
        if (!isStringNode(item)) throw failure('vars can be replaced only in lists of strings');
        writeValue(item, expand(item.value, mapping));
      }
      return;
    default:
      throw failure('vars cannot be replaced here');
  }
}

/** kustomize: updateNodeValue; what was a text may become a number or boolean. */
function writeValue(node: Node, value: VarValue): void {
  node.style = 0;
  if (typeof value === 'string') {
    node.tag = TAG.str;
    node.value = value;
    return;
  }
  node.value = typeof value === 'number' ? formatFloat(value, 'f', -1, 64) : String(value);
  node.tag = typeof value === 'bigint' ? TAG.int : typeof value === 'number' ? TAG.float : TAG.bool;
}

/** Replaces `$(NAME)`; `$$` is a dollar; a text that is nothing but one reference takes the value's type (kustomize: DoReplacements). */
export function expand(input: string, mapping: (name: string) => VarValue): VarValue {
  let output = '';
  let checkpoint = 0;
  const lastClose = input.lastIndexOf(')');
  for (let cursor = 0; cursor < input.length; cursor++) {
    if (input[cursor] !== '$' || cursor + 1 >= input.length) continue;
    output += input.slice(checkpoint, cursor);
    const close = input[cursor + 1] === '(' && cursor < lastClose ? input.indexOf(')', cursor + 2) : -1;
    if (close >= 0) {
      const name = input.slice(cursor + 2, close);
      const mapped = mapping(name);
      if (input === `$(${name})`) return mapped;
      output += typeof mapped === 'number' ? formatFloat(mapped, 'g', -1, 64) : String(mapped);
      cursor = close;
    } else {
      const next = input[cursor + 1] ?? '';
      output += next === '$' ? '$' : `$${next}`;
      cursor += 1;
    }
    checkpoint = cursor + 1;
  }
  return output + input.slice(checkpoint);
}
