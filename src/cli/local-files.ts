// The files of a folder, packed for a server that is to render them.

import { HawserError, messageOf } from '../base/errors.ts';
import type { Tree } from '../render/tree.ts';

/** A chart or a kustomization, not a whole repository. */
const MAX_BYTES = 20 << 20;
const SKIPPED = new Set(['.git', 'node_modules']);

/** Contents in base64 by names relative to the folder. Symlinks are followed inside it. Throws `InvalidInput` and `TooLarge`. */
export async function readLocalFiles(
  folder: string,
  open: (folder: string) => Promise<Tree>,
): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  let bytes = 0;
  for (const [name, content] of walk(await openFolder(folder, open), '')) {
    bytes += content.length;
    if (bytes > MAX_BYTES) {
      throw new HawserError('TooLarge', `${folder} holds more than ${MAX_BYTES >> 20} MiB`, {
        hint: 'name the folder that the Application renders',
      });
    }
    files[name] = Buffer.from(content).toString('base64');
  }
  if (Object.keys(files).length === 0) throw new HawserError('InvalidInput', `${folder} holds no files`);
  return files;
}

async function openFolder(folder: string, open: (folder: string) => Promise<Tree>): Promise<Tree> {
  try {
    return await open(folder);
  } catch (error) {
    throw new HawserError('InvalidInput', `--local ${folder}: ${messageOf(error)}`);
  }
}

function* walk(tree: Tree, path: string): Generator<readonly [name: string, content: Uint8Array]> {
  const content = tree.readFile(path);
  if (content) yield [path, content];
  for (const { name } of (content ? undefined : tree.list(path)) ?? []) {
    if (!SKIPPED.has(name)) yield* walk(tree, path === '' ? name : `${path}/${name}`);
  }
}
