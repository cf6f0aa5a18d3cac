// The files that a renderer sees: a read-only tree, whatever holds it (a Git commit, a folder, a map in a test).

/** What a directory holds; a symlink is listed as what it is, and reading it follows it inside the tree. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'submodule';
}

/**
 * A read-only tree of files. Paths are POSIX, relative to the repository's root, already clean (no `.`, `..`, empty or leading `/`
 * part); '' is the root. Both methods follow symlinks inside the tree, and throw `HawserError` `PathEscapes` for one that leads out.
 *
 * The methods are synchronous. A tree whose content is fetched on demand throws on a path that has not arrived yet and
 * remembers that path; its owner fetches it and renders again. A renderer therefore lets every error of a tree pass
 * (wrapped or not), never caches a failed read, and keeps no state between two renders.
 */
export interface Tree {
  /** The bytes of the file at `path`; undefined where there is none or where it is a directory. */
  readFile(path: string): Uint8Array | undefined;
  /** The entries of the directory at `path`, sorted bytewise by name; undefined where there is none or where it is a file. */
  list(path: string): readonly TreeEntry[] | undefined;
  /** The path without symlinks of what is at `path`; undefined where there is nothing. A tree without symlinks needs none. */
  realPath?(path: string): string | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A tree over a map from clean paths to contents. */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): Tree {
  const contents = new Map<string, Uint8Array>();
  const directories = new Map<string, Map<string, TreeEntry['kind']>>([['', new Map()]]);
  for (const [path, content] of Object.entries(files)) {
    contents.set(path, typeof content === 'string' ? encoder.encode(content) : content);
    let kind: TreeEntry['kind'] = 'file';
    for (let child = path; child !== ''; ) {
      const slash = child.lastIndexOf('/');
      const parent = slash < 0 ? '' : child.slice(0, slash);
      const siblings = directories.get(parent) ?? new Map<string, TreeEntry['kind']>();
      directories.set(parent, siblings);
      siblings.set(child.slice(slash + 1), kind);
      kind = 'directory';
      child = parent;
    }
  }
  return {
    readFile: (path) => contents.get(path),
    list: (path) => {
      const found = directories.get(path);
      return found && [...found].map(([name, kind]) => ({ name, kind })).sort(byName);
    },
  };
}

export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** The text of a file, or undefined where there is none. */
export function readText(tree: Tree, path: string): string | undefined {
  const bytes = tree.readFile(path);
  return bytes && decoder.decode(bytes);
}

/**
 * `path` resolved against the directory `base` and cleaned, both inside the tree; undefined when it leads above the root.
 * A leading `/` in `path` means the tree's root.
 */
export function joinPath(base: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') ? '' : base}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
