// What a kustomization gathers: resources, and the rules for changing them (kustomize: ResAccumulator).

import type { Var } from './config/kustomization.ts';
import { EMPTY_CONFIG, mergeTransformerConfigs, type TransformerConfig } from './config/transformer-config.ts';
import { appendAll, type ResMap } from './resource/res-map.ts';
import { mergeVars } from './transform/vars.ts';

export interface Accumulator {
  readonly map: ResMap;
  config: TransformerConfig;
  vars: ReadonlyMap<string, Var>;
}

export function createAccumulator(): Accumulator {
  return { map: { resources: [] }, config: EMPTY_CONFIG, vars: new Map() };
}

/** Takes over everything that another one gathered. */
export function absorbAccumulator(target: Accumulator, source: Accumulator): void {
  appendAll(target.map, source.map.resources);
  target.config = mergeTransformerConfigs(target.config, source.config);
  target.vars = mergeVars(target.vars, [...source.vars.values()]);
}
