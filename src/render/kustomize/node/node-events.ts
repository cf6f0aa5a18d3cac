// A node as the events that go-yaml's emitter takes (go-yaml v3, encode.go: encoder.node).

import { failure } from './fail.ts';
import { isQuoted, type Node, STYLE, TAG } from './node.ts';
import { resolvePlain } from './resolve.ts';

export type EventType =
  | 'documentStart'
  | 'documentEnd'
  | 'alias'
  | 'scalar'
  | 'sequenceStart'
  | 'sequenceEnd'
  | 'mappingStart'
  | 'mappingEnd';

export interface EmitterEvent {
  readonly type: EventType;
  /** A scalar's text, an alias's name. */
  readonly value: string;
  readonly anchor: string;
  /** Short form; empty where it is implied. */
  readonly tag: string;
  /** A scalar's style bit, or that of brackets. */
  readonly style: number;
  readonly head: string;
  readonly line: string;
  readonly foot: string;
  /** The foot comment of the key before. */
  readonly tail: string;
}

const NOTHING = { value: '', anchor: '', tag: '', style: 0, head: '', line: '', foot: '', tail: '' } as const;

/** The events of a document with one root. */
export function* documentEvents(root: Node, headComment: string, footComment: string): Generator<EmitterEvent> {
  yield { ...NOTHING, type: 'documentStart', head: headComment };
  yield* nodeEvents(root, '');
  yield { ...NOTHING, type: 'documentEnd', foot: footComment };
}

function* nodeEvents(node: Node, tail: string): Generator<EmitterEvent> {
  const { anchor, headComment: head, lineComment: line, footComment: foot } = node;
  const end = { ...NOTHING, line, foot };
  switch (node.kind) {
    case 'sequence':
      yield { ...NOTHING, type: 'sequenceStart', anchor, head, tag: writtenTag(node), style: node.style & STYLE.flow };
      for (const item of node.content) yield* nodeEvents(item, '');
      yield { ...end, type: 'sequenceEnd' };
      return;
    case 'mapping':
      yield {
        ...NOTHING,
        type: 'mappingStart',
        anchor,
        head,
        tail,
        tag: writtenTag(node),
        style: node.style & STYLE.flow,
      };
      yield { ...end, type: 'mappingEnd', tail: yield* entryEvents(node) };
      return;
    case 'alias':
      yield { ...NOTHING, type: 'alias', value: node.value, head, line, foot };
      return;
    case 'scalar':
      yield {
        type: 'scalar',
        value: node.value,
        anchor,
        head,
        line,
        foot,
        tail,
        tag: writtenTag(node),
        style: scalarStyle(node),
      };
      return;
    case 'none':
      if (node.tag !== '' || node.value !== '') throw failure('a node without a kind cannot be written');
      yield { ...NOTHING, type: 'scalar', value: 'null' };
  }
}

/** A foot comment stands after the whole value, and so goes with the next key or the end; the last one is returned. */
function* entryEvents(node: Node): Generator<EmitterEvent, string> {
  let tail = '';
  for (let i = 0; i + 1 < node.content.length; i += 2) {
    const [key, value] = [node.content[i], node.content[i + 1]];
    if (key === undefined || value === undefined) break;
    yield* nodeEvents(key.footComment === '' ? key : { ...key, footComment: '' }, tail);
    tail = key.footComment;
    yield* nodeEvents(value, '');
  }
  return tail;
}

/** The tag, unless what is written implies it. */
function writtenTag({ kind, tag, style, value }: Node): string {
  if (tag === '' || (style & STYLE.tagged) !== 0) return tag;
  if (kind === 'mapping') return tag === TAG.map ? '' : tag;
  if (kind === 'sequence') return tag === TAG.seq ? '' : tag;
  if (tag === TAG.str) return '';
  return resolvePlain(value).tag === tag ? '' : tag;
}

function scalarStyle(node: Node): number {
  if (isQuoted(node)) return node.style & ~(STYLE.tagged | STYLE.flow);
  if (node.value.includes('\n')) return STYLE.literal;
  // A string that would be read as something else.
  const isForced =
    node.tag === TAG.str && (node.style & STYLE.tagged) === 0 && resolvePlain(node.value).tag !== TAG.str;
  return isForced ? STYLE.double : 0;
}
