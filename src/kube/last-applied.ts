// kubectl's annotation with what was applied last on the client's side (kubectl: pkg/util/apply.go, GetModifiedConfiguration).

import { formatGoJson } from '../base/go-json.ts';
import type { KubeObject } from './object.ts';
import { isKubeObject } from './parse.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What was applied last; undefined without the annotation, and for one that cannot be read. */
export function lastApplied(live: KubeObject): KubeObject | undefined {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isKubeObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The object as it is sent: with itself in the annotation, byte for byte as kubectl writes it. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED]: _, ...annotations } = object.metadata.annotations ?? {};
  const bare = { ...object, metadata: { ...object.metadata, annotations } };
  const text = `${formatGoJson(bare)}\n`;
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [LAST_APPLIED]: text } } };
}

/** Whether the annotation says what an apply would write into it. */
export function isAppliedLast(object: KubeObject, live: KubeObject): boolean {
  const wanted = withLastApplied(object).metadata.annotations?.[LAST_APPLIED];
  return wanted === live.metadata.annotations?.[LAST_APPLIED];
}
