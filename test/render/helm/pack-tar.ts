// Packs files into a tar archive, also in the ways that a well-behaved packer would not.

import { utf8Encode } from '../../../src/render/go/strings.ts';

export interface TarFile {
  readonly name: string;
  readonly content: string;
  /** How a name of more than 100 bytes is written. */
  readonly format?: 'pax' | 'gnu';
  readonly type?: string;
}

const BLOCK = 512;

export function packTar(files: readonly TarFile[]): Uint8Array {
  const blocks = files.flatMap(packFile);
  blocks.push(new Uint8Array(2 * BLOCK));
  const archive = new Uint8Array(blocks.reduce((size, block) => size + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    archive.set(block, at);
    at += block.length;
  }
  return archive;
}

function packFile({ name, content, format, type = '0' }: TarFile): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  if (format === 'pax') {
    const body = ` path=${name}\n`;
    const length = body.length + String(body.length + 3).length;
    blocks.push(...entry('pax', 'x', utf8Encode(`${length}${body}`)));
  } else if (format === 'gnu') blocks.push(...entry('././@LongLink', 'L', utf8Encode(`${name}\0`)));
  return [...blocks, ...entry(name.slice(0, 100), type, utf8Encode(content))];
}

function entry(name: string, type: string, data: Uint8Array): Uint8Array[] {
  const header = new Uint8Array(BLOCK);
  const write = (offset: number, text: string) => header.set(utf8Encode(text), offset);
  write(0, name);
  write(100, '0000644\0');
  write(124, `${data.length.toString(8).padStart(11, '0')}\0`);
  write(136, '00000000000\0');
  write(148, '        ');
  write(156, type);
  write(257, 'ustar\x0000');
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  const padded = new Uint8Array(Math.ceil(data.length / BLOCK) * BLOCK);
  padded.set(data);
  return [header, padded];
}
