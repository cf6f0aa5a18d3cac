// Generated ConfigMaps and Secrets (kustomize: api/internal/generators, ConfigMapGenerator, SecretGenerator).

import { compareBytes } from '../../go/strings.ts';
import type { GeneratorArgs, GeneratorOptions } from '../config/kustomization.ts';
import type { Loader } from '../load/loader.ts';
import type { TypeKnowledge } from '../merge/types.ts';
import { encodeBase64Lines } from '../node/base64.ts';
import { failure, within } from '../node/fail.ts';
import { setField } from '../node/fields.ts';
import { makeNode, mappingNode, type Node, STYLE, scalarNode, stringNode, TAG } from '../node/node.ts';
import { lookup } from '../node/paths.ts';
import { NEEDS_HASH } from '../resource/build-annotations.ts';
import { addDataEntry } from '../resource/res-map.ts';
import {
  enable,
  makeResource,
  parseBehavior,
  type Resource,
  setAnnotation,
  setBehavior,
  setLabel,
} from '../resource/resource.ts';
import { loadKeyValues } from './key-values.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function generateConfigMap(args: GeneratorArgs, loader: Loader, types: TypeKnowledge): Resource {
  const root = baseObject('ConfigMap', args);
  for (const [key, value] of sortedEntries(args, loader)) {
    const text = textOf(value);
    if (text === undefined) addDataEntry(root, 'binaryData', key, encodeBase64Lines(value));
    else addDataEntry(root, 'data', key, text);
  }
  return finish(root, args, types);
}

export function generateSecret(args: GeneratorArgs, loader: Loader, types: TypeKnowledge): Resource {
  const root = baseObject('Secret', args);
  setField(root, 'type', stringNode(args.type === '' ? 'Opaque' : args.type));
  const data = lookup(root, ['data'], 'mapping');
  for (const [key, value] of sortedEntries(args, loader)) {
    const text = encodeBase64Lines(value);
    const node = makeNode('scalar', TAG.str, text, text.includes('\n') ? STYLE.literal : 0);
    if (data !== undefined) setField(data, key, node);
  }
  return finish(root, args, types);
}

function sortedEntries(args: GeneratorArgs, loader: Loader): [string, Uint8Array][] {
  const entries = within(`generator of '${args.name}'`, () => loadKeyValues(args, loader, args.name));
  return [...entries].sort(([a], [b]) => compareBytes(a, b));
}

function baseObject(kind: string, { name, namespace }: GeneratorArgs): Node {
  if (name === '') throw failure(`a generated ${kind} must have a name`);
  const root = mappingNode();
  setField(root, 'apiVersion', makeNode('scalar', TAG.str, 'v1'));
  setField(root, 'kind', scalarNode(kind));
  const metadata = lookup(root, ['metadata'], 'mapping');
  if (metadata !== undefined) {
    setField(metadata, 'name', stringNode(name));
    if (namespace !== '') setField(metadata, 'namespace', stringNode(namespace));
  }
  return root;
}

function finish(root: Node, args: GeneratorArgs, types: TypeKnowledge): Resource {
  const { options } = args;
  for (const [key, value] of sortedMap(options?.labels)) setLabel(root, key, value);
  for (const [key, value] of sortedMap(options?.annotations)) setAnnotation(root, key, value);
  if (options?.immutable) setField(root, 'immutable', makeNode('scalar', TAG.bool, 'true'));
  const resource = makeResource(root, types);
  if (!options?.disableNameSuffixHash) enable(resource, NEEDS_HASH);
  setBehavior(resource, parseBehavior(args.behavior));
  return resource;
}

function sortedMap(map: GeneratorOptions['labels']): [string, string][] {
  return [...(map ?? [])].sort(([a], [b]) => compareBytes(a, b));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
