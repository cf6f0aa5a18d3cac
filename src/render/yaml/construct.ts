// Node tree → values (go.yaml.in/yaml/v2 v2.4.4, decode.go, into `interface{}`, then through the JSON of sigs.k8s.io/yaml
// v1.6.0). What a map, a list and an integer become is the caller's: see Builder.

import { describeNode } from './describe.ts';
import { identityOf, isMerge } from './entries.ts';
import { keyText, refuseWhatJsonLacks } from './json-step.ts';
import { NODE, type YamlNode } from './node.ts';
import { yamlLimit, yamlProblem } from './problem.ts';
import type { Scalar } from './resolve.ts';
import { scalarOf } from './scalar.ts';

/** How values are made. `M` is a map in the making, `V` any value. */
export interface Builder<M extends V, V> {
  createMap(): M;
  set(map: M, key: string, value: V): void;
  createList(items: V[]): V;
  /** Strings, booleans, null, floats (number) and integers (bigint). */
  createScalar(value: Scalar): V;
}

/** Ours: more values than this make no manifest. */
const MAX_VALUES = 5_000_000;

// go-yaml's limits against aliases that expand to much: the larger a document, the fewer of its values may come from them.
const ALIAS_RATIO_RANGE_LOW = 400_000;
const ALIAS_RATIO_RANGE_HIGH = 4_000_000;

function allowedAliasRatio(values: number): number {
  if (values <= ALIAS_RATIO_RANGE_LOW) return 0.99;
  if (values >= ALIAS_RATIO_RANGE_HIGH) return 0.1;
  return 0.99 - 0.89 * ((values - ALIAS_RATIO_RANGE_LOW) / (ALIAS_RATIO_RANGE_HIGH - ALIAS_RATIO_RANGE_LOW));
}

/** The value of a document. `strict` refuses a key that a mapping has twice. Throws go-yaml's and sigs.k8s.io/yaml's errors. */
export function construct<M extends V, V>(root: YamlNode | undefined, builder: Builder<M, V>, strict: boolean): V {
  if (root === undefined) return builder.createScalar(null);
  return new Constructor(builder, strict).document(root);
}

class Constructor<M extends V, V> {
  private readonly builder: Builder<M, V>;
  private readonly strict: boolean;
  /** Go's `terrors`: errors that do not end the work. */
  private readonly duplicates: string[] = [];
  /** The keys that a map has so far; kept in strict reading only. */
  private readonly seen = new Map<M, Set<string>>();
  /** True once a key or number was met that JSON cannot hold; an error unless a later key replaced it. */
  private beyondJson = false;
  private values = 0;
  private aliasValues = 0;
  private aliasDepth = 0;

  constructor(builder: Builder<M, V>, strict: boolean) {
    this.builder = builder;
    this.strict = strict;
  }

  document(root: YamlNode): V {
    const value = this.value(root);
    if (this.duplicates.length > 0) throw yamlProblem(`unmarshal errors:\n  ${this.duplicates.join('\n  ')}`);
    if (this.beyondJson) refuseWhatJsonLacks(root);
    return value;
  }

  private value(node: YamlNode): V {
    this.count();
    switch (node.kind) {
      case NODE.scalar: {
        const value = scalarOf(node);
        if (typeof value === 'number' && !Number.isFinite(value)) this.beyondJson = true;
        return this.builder.createScalar(value);
      }
      case NODE.mapping: {
        const map = this.builder.createMap();
        this.fill(node, map);
        return map;
      }
      case NODE.sequence: {
        const items: V[] = [];
        for (const child of node.children) items.push(this.value(child));
        return this.builder.createList(items);
      }
      default:
        return this.throughAlias(node, (target) => this.value(target));
    }
  }

  private count(): void {
    const values = ++this.values;
    if (this.aliasDepth > 0) this.aliasValues++;
    if (this.aliasValues > 100 && values > 1000 && this.aliasValues / values > allowedAliasRatio(values)) {
      throw yamlProblem('document contains excessive aliasing');
    }
    if (values > MAX_VALUES) throw yamlLimit(`a document has more than ${MAX_VALUES} values`);
  }

  private throughAlias<T>(alias: YamlNode, work: (target: YamlNode) => T): T {
    if (alias.target === undefined) throw yamlProblem(`unknown anchor '${alias.value}' referenced`);
    if (alias.open) throw yamlProblem(`anchor '${alias.value}' value contains itself`);
    alias.open = true;
    this.aliasDepth++;
    const result = work(alias.target);
    this.aliasDepth--;
    alias.open = false;
    return result;
  }

  private fill(node: YamlNode, map: M): void {
    const { children } = node;
    for (let i = 0; i + 1 < children.length; i += 2) {
      const key = children[i];
      const value = children[i + 1];
      if (key === undefined || value === undefined) return;
      if (isMerge(key)) this.merge(value, map);
      else this.entry(key, value, map);
    }
  }

  private entry(keyNode: YamlNode, valueNode: YamlNode, map: M): void {
    const key = this.key(keyNode);
    const value = this.value(valueNode);
    if (this.strict && this.isDuplicate(map, keyNode)) {
      this.duplicates.push(`line ${valueNode.line + 1}: key ${describeNode(keyNode, false)} already set in map`);
    } else if (key === undefined) this.beyondJson = true;
    else this.builder.set(map, key, value);
  }

  private isDuplicate(map: M, key: YamlNode): boolean {
    let seen = this.seen.get(map);
    if (seen === undefined) {
      seen = new Set();
      this.seen.set(map, seen);
    }
    const identity = identityOf(key);
    return seen.size === seen.add(identity).size;
  }

  /** The key as JSON has it; undefined where it can have none. */
  private key(node: YamlNode): string | undefined {
    if (node.kind === NODE.scalar) {
      this.count();
      return node.tag === '' && !node.implicit ? node.value : keyText(scalarOf(node));
    }
    if (node.kind === NODE.alias) {
      this.count();
      return this.throughAlias(node, (target) => this.key(target));
    }
    // A collection that has an error of its own fails with that.
    this.value(node);
    throw yamlProblem(`invalid map key: ${describeNode(node, false)}`, node.line + 1);
  }

  private merge(node: YamlNode, map: M): void {
    // Backwards, as earlier ones take precedence.
    const sources = node.kind === NODE.sequence ? node.children.toReversed() : [node];
    for (const source of sources) this.mergeOne(source, map);
  }

  private mergeOne(node: YamlNode, map: M): void {
    const target = node.kind === NODE.alias ? node.target : node;
    if (target?.kind !== NODE.mapping) {
      throw yamlProblem('map merge requires map or sequence of maps as the value', node.line + 1);
    }
    this.count();
    if (node.kind === NODE.mapping) this.fill(node, map);
    else {
      this.throughAlias(node, (mapping) => {
        this.count();
        this.fill(mapping, map);
      });
    }
  }
}
