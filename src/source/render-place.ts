// Where a source is rendered: here, which is the quickest for nearly all, or in another thread where the runtime has one and the event
// loop would stand still for too long (design 5.6).

import { HawserError } from '../base/errors.ts';
import type { RemoteSources } from '../render/kustomize/load/remote.ts';
import type { Tree } from '../render/tree.ts';
import type { FindDependency } from './chart-dependencies.ts';
import type { FindFiles } from './fetched-files.ts';

/** Of input, where a source is not known to be quick: on a machine of today so much is rendered within some 50 ms. */
const MOST_BYTES_HERE = 192 << 10;

/** Of what a chart's archive holds, as against its length. */
const PACKED = 5;

/** What took longer here goes elsewhere the next time. */
const LONG_MS = 60;

/** What took less there comes back: to start and to ask costs more. */
const SHORT_MS = 15;

const MOST_REMEMBERED = 2000;

/** Where the sources of this process are to be rendered, by a name of each, after how long they took. */
export interface RenderPlaces {
  /** `here`: however large; `unknown`: here, within bounds. */
  of(name: string): 'here' | 'elsewhere' | 'unknown';
  tookHere(name: string, ms: number): void;
  tookElsewhere(name: string, ms: number): void;
}

export function createRenderPlaces(): RenderPlaces {
  const places = new Map<string, 'here' | 'elsewhere'>();
  const put = (name: string, place: 'here' | 'elsewhere') => {
    places.delete(name);
    places.set(name, place);
    const oldest = places.keys().next();
    if (places.size > MOST_REMEMBERED && !oldest.done) places.delete(oldest.value);
  };
  return {
    of: (name) => places.get(name) ?? 'unknown',
    tookHere: (name, ms) => {
      if (ms > LONG_MS) put(name, 'elsewhere');
    },
    tookElsewhere: (name, ms) => put(name, ms < SHORT_MS ? 'here' : 'elsewhere'),
  };
}

interface Inputs {
  readonly tree: Tree;
  readonly refs: ReadonlyMap<string, Tree>;
  readonly findDependency: FindDependency;
  readonly findFiles: FindFiles;
  readonly remotes: RemoteSources;
}

export interface BoundedInputs extends Inputs {
  /** The render that saw these inputs fails, and belongs elsewhere. */
  isExceeded(): boolean;
}

/** The same inputs, which end once too much of them was read. For one run. */
export function boundInputs({ tree, refs, findDependency, findFiles, remotes }: Inputs): BoundedInputs {
  let left = MOST_BYTES_HERE;
  const take = (bytes: number) => {
    left -= bytes;
    if (left < 0) throw new HawserError('Unavailable', 'this source is rendered elsewhere');
  };
  const bound = ({ readFile, list, realPath }: Tree): Tree => ({
    readFile: (path) => {
      const content = readFile(path);
      take(content?.length ?? 0);
      return content;
    },
    list,
    ...(realPath && { realPath }),
  });
  return {
    tree: bound(tree),
    refs: new Map([...refs].map(([name, one]) => [name, bound(one)])),
    findDependency: (wanted) => {
      const archive = findDependency(wanted);
      take(archive.length * PACKED);
      return archive;
    },
    findFiles: (urls) => {
      const files = findFiles(urls);
      for (const url of urls) take(files.get(url)?.length ?? 0);
      return files;
    },
    remotes: {
      readFile: (url) => {
        const file = remotes.readFile(url);
        take(file instanceof Uint8Array ? file.length : 0);
        return file;
      },
      openRepository: (url) => bound(remotes.openRepository(url)),
    },
    isExceeded: () => left < 0,
  };
}
