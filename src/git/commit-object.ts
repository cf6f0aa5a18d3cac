// Commit and tag objects: headers, an empty line, a message.

import type { ObjectId, ObjectType } from './object.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
  /** Seconds since the Unix epoch. */
  readonly atSeconds: number;
  /** `+0900`. */
  readonly zone: string;
}

export interface CommitObject {
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Person;
  readonly committer: Person;
  /** As it stands, usually with a line feed at its end. */
  readonly message: string;
}

export interface TagObject {
  readonly target: ObjectId;
  readonly targetType: ObjectType;
  readonly name: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NOBODY: Person = { name: '', email: '', atSeconds: 0, zone: '+0000' };

export function parseCommitObject(content: Uint8Array): CommitObject {
  const { headers, message } = parseHeaders(content);
  const first = (key: string) => headers.find(([name]) => name === key)?.[1] ?? '';
  return {
    tree: first('tree'),
    parents: headers.filter(([name]) => name === 'parent').map(([, id]) => id),
    author: parsePerson(first('author')),
    committer: parsePerson(first('committer')),
    message,
  };
}

export function formatCommitObject({
  tree,
  parents,
  author,
  committer,
  message,
}: CommitObject): Uint8Array<ArrayBuffer> {
  const headers = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${formatPerson(author)}`,
    `committer ${formatPerson(committer)}`,
  ];
  return encoder.encode(`${headers.join('\n')}\n\n${message}`);
}

export function parseTagObject(content: Uint8Array): TagObject {
  const { headers } = parseHeaders(content);
  const first = (key: string) => headers.find(([name]) => name === key)?.[1] ?? '';
  return { target: first('object'), targetType: parseType(first('type')), name: first('tag') };
}

/** The bytes of an annotated tag. */
export function formatTagObject(tag: TagObject, tagger: Person, message: string): Uint8Array<ArrayBuffer> {
  const headers = [
    `object ${tag.target}`,
    `type ${tag.targetType}`,
    `tag ${tag.name}`,
    `tagger ${formatPerson(tagger)}`,
  ];
  return encoder.encode(`${headers.join('\n')}\n\n${message}`);
}

/** Headers in order; a line that begins with a blank goes on with the one before (signatures). */
function parseHeaders(content: Uint8Array): { headers: [string, string][]; message: string } {
  const text = decoder.decode(content);
  const end = text.indexOf('\n\n');
  const head = end < 0 ? text : text.slice(0, end);
  const headers: [string, string][] = [];
  for (const line of head.split('\n')) {
    const space = line.indexOf(' ');
    if (space > 0) headers.push([line.slice(0, space), line.slice(space + 1)]);
  }
  return { headers, message: end < 0 ? '' : text.slice(end + 2) };
}

function parsePerson(text: string): Person {
  const match = /^(.*?) ?<([^>]*)> ?(-?\d+)? ?([+-]\d{4})?$/.exec(text);
  if (!match) return { ...NOBODY, name: text };
  const [, name = '', email = '', seconds = '0', zone = '+0000'] = match;
  return { name, email, atSeconds: Number(seconds), zone };
}

function formatPerson({ name, email, atSeconds, zone }: Person): string {
  return `${name} <${email}> ${atSeconds} ${zone}`;
}

function parseType(text: string): ObjectType {
  return text === 'tree' || text === 'blob' || text === 'tag' ? text : 'commit';
}
