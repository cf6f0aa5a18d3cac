// The namespace that kubectl and helm use when none is given: that of the kubeconfig's context, else `default`.

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isHawserError } from '../base/errors.ts';
import { utf8Decode } from '../render/go/strings.ts';
import type { GoValue } from '../render/go/value.ts';
import { parseYaml } from '../render/yaml/decode.ts';

export interface KubeconfigChoice {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--kubeconfig` */
  readonly kubeconfig?: string | undefined;
  /** `--kube-context` */
  readonly context?: string | undefined;
}

/** Reads the files of $KUBECONFIG (or `--kubeconfig`, or ~/.kube/config); the first that names a thing wins, as in client-go. */
export function kubeNamespace({ env, kubeconfig, context }: KubeconfigChoice): string {
  const configs = pathsOf(env, kubeconfig).map(readConfig);
  const name = context || firstText(configs.map((config) => config.get('current-context')));
  for (const config of configs) {
    const contexts = config.get('contexts');
    for (const item of Array.isArray(contexts) ? contexts : []) {
      const body = item instanceof Map && item.get('name') === name ? item.get('context') : undefined;
      if (body instanceof Map) return firstText([body.get('namespace')]) || 'default';
    }
  }
  return 'default';
}

function pathsOf(env: KubeconfigChoice['env'], kubeconfig: string | undefined): string[] {
  if (kubeconfig) return [kubeconfig];
  if (env.KUBECONFIG) return env.KUBECONFIG.split(':').filter((path) => path !== '');
  return [join(env.HOME || homedir(), '.kube', 'config')];
}

/** A file that is missing or no YAML says nothing: no cluster is needed here. */
function readConfig(path: string): Map<string, GoValue> {
  let content: Uint8Array;
  try {
    content = readFileSync(path);
  } catch {
    return new Map();
  }
  try {
    const config = parseYaml(utf8Decode(content));
    return config instanceof Map ? config : new Map();
  } catch (error) {
    if (isHawserError(error)) return new Map();
    throw error;
  }
}

function firstText(values: readonly (GoValue | undefined)[]): string {
  for (const value of values) if (typeof value === 'string' && value !== '') return value;
  return '';
}
