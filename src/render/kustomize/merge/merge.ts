// kustomize's strategic merge: a patch is walked together with what it patches (kyaml: yaml/walk and yaml/merge2).
// It is not the API server's: lists are merged by key only where the type is known, new elements go to the front.

import { compareBytes } from '../../go/strings.ts';
import { within } from '../node/fail.ts';
import { demandKind, entry, fieldNames, rootString, setField } from '../node/fields.ts';
import { isMissing, isNull, makeNode, type Node, STYLE } from '../node/node.ts';
import { takeDirective } from './directive.ts';
import { mergeKeyedList } from './keyed-list.ts';
import type { TypeKnowledge, TypeSchema } from './types.ts';

/** What is there and what is merged into it. */
export type Sources = readonly [dest: Node | undefined, patch: Node | undefined];

export interface MergeContext {
  readonly types: TypeKnowledge;
  /** New elements of a list go before the old ones (patches) or after them (Helm values). */
  readonly prepend: boolean;
  /** Nulls that stay: those that no patch has touched. */
  readonly keptNulls: Set<Node>;
}

/** Merges `patch` into `dest`, changing both; returns what stands in dest's place, undefined where the patch deletes it. */
export function mergeNodes(dest: Node, patch: Node, types: TypeKnowledge, prepend: boolean): Node | undefined {
  return walk([dest, patch], undefined, { types, prepend, keptNulls: new Set() });
}

export function walk(sources: Sources, known: TypeSchema | undefined, context: MergeContext): Node | undefined {
  const schema = known ?? schemaOfSources(sources, context.types);
  const kind = sources.find((source) => !isMissing(source))?.kind;
  switch (kind) {
    case undefined:
      return walkMapping(sources, schema, context);
    case 'mapping':
      checkKinds(sources, kind);
      return walkMapping(sources, schema, context);
    case 'sequence':
      checkKinds(sources, kind);
      return schema?.strategy.split(',').includes('merge')
        ? walkKeyedList(sources, schema, context)
        : takeStyles(sources, () => sources[1] ?? sources[0]);
    case 'scalar':
      checkKinds(sources, kind);
      return takeStyles(sources, () => sources[1] ?? sources[0]);
    default:
      return undefined;
  }
}

function checkKinds(sources: Sources, kind: 'mapping' | 'sequence' | 'scalar'): void {
  for (const source of sources) demandKind(source, kind);
}

function schemaOfSources(sources: Sources, types: TypeKnowledge): TypeSchema | undefined {
  for (const source of sources) {
    if (isMissing(source) || source.kind !== 'mapping') continue;
    const kind = rootString(source, 'kind');
    const apiVersion = rootString(source, 'apiVersion');
    const schema = kind === '' || apiVersion === '' ? undefined : types.schemaOf(apiVersion, kind);
    if (schema !== undefined) return schema;
  }
  return undefined;
}

function walkMapping(sources: Sources, schema: TypeSchema | undefined, context: MergeContext): Node | undefined {
  const dest = visitMapping(sources, context);
  if (dest === undefined) return undefined;
  const walked: Sources = [dest, sources[1]];
  for (const name of allFieldNames(walked)) {
    const entries = walked.map((source) => entry(source, name));
    const fields: Sources = [entries[0]?.value, entries[1]?.value];
    const value = within(
      () => name,
      () => walk(fields, schema?.field(name), context),
    );
    const source = entries.find((found) => found !== undefined && found.value === value);
    setField(dest, name, value, {
      ...(source === undefined ? {} : { keyStyle: source.key.style, keyComments: source.key }),
      keepNull: value !== undefined && context.keptNulls.has(value),
    });
  }
  return dest;
}

function allFieldNames(sources: Sources): string[] {
  const names = new Set<string>();
  for (const source of sources) {
    if (source?.kind === 'mapping') for (const name of fieldNames(source)) names.add(name);
  }
  return [...names].sort(compareBytes);
}

/** kyaml: Merger.VisitMap. */
function visitMapping(sources: Sources, context: MergeContext): Node | undefined {
  const [dest, patch] = sources;
  return takeStyles(sources, () => {
    if (isMissing(dest)) {
      if (patch !== undefined && patch.kind !== 'scalar' && takeDirective(patch) === 'delete') return undefined;
      const text = textOfNull(sources);
      if (patch === undefined && text !== '') return keptNull(text, context);
      return patch;
    }
    if (isNull(patch)) return undefined;
    return followDirective(dest, patch);
  });
}

/** The text of a null that is there, `null` or `~`; empty for one that is only implied. */
function textOfNull([dest]: Sources): string {
  return dest?.value ?? '';
}

function keptNull(text: string, context: MergeContext): Node {
  const node = makeNode('scalar', '!!null', text);
  context.keptNulls.add(node);
  return node;
}

function followDirective(dest: Node, patch: Node | undefined): Node | undefined {
  switch (patch === undefined ? 'merge' : takeDirective(patch)) {
    case 'delete':
      return undefined;
    case 'replace':
      return patch;
    default:
      return dest;
  }
}

/** kyaml: Merger.VisitList for lists that are merged by key. */
function walkKeyedList(sources: Sources, schema: TypeSchema, context: MergeContext): Node | undefined {
  const dest = takeStyles(sources, () => {
    if (isMissing(sources[0])) return sources[1];
    if (isNull(sources[1])) return undefined;
    return followDirective(sources[0], sources[1]);
  });
  if (dest === undefined) return undefined;
  return mergeKeyedList([dest, sources[1]], schema, context);
}

/** What is there takes the patch's comments, and where it is empty the patch's style; neither shows but in texts. */
function takeStyles(sources: Sources, visit: () => Node | undefined): Node | undefined {
  const [dest, patch] = sources;
  if (dest !== undefined && patch !== undefined) {
    if (patch.headComment !== '') dest.headComment = patch.headComment;
    if (patch.lineComment !== '') dest.lineComment = patch.lineComment;
    if (patch.footComment !== '') dest.footComment = patch.footComment;
    if (dest.kind !== 'scalar' && dest.content.length === 0) dest.style = patch.style & (STYLE.flow | STYLE.tagged);
  }
  return visit();
}
