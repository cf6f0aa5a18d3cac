// What to fetch when a render has reached for files that are not here: these, and after some rounds the folders in which it does so again
// and again, so that a kustomization of a hundred patches does not take a hundred requests.

/** Rounds in which something of a folder was missing, before all of it is fetched. */
const PATIENCE = 5;
/** For the whole repository. */
const PATIENCE_AT_ROOT = 20;

/** For one render: from the paths that are missing in a round to those to be fetched. */
export function createWidening(): (missing: readonly string[]) => readonly string[] {
  const rounds = new Map<string, number>();
  return (missing) => {
    const folders = new Set(missing.flatMap(foldersOf));
    for (const folder of folders) rounds.set(folder, (rounds.get(folder) ?? 0) + 1);
    const isDue = (folder: string) => (rounds.get(folder) ?? 0) >= (folder === '' ? PATIENCE_AT_ROOT : PATIENCE);
    return [...new Set([...missing, ...missing.flatMap((path) => foldersOf(path).find(isDue) ?? [])])];
  };
}

/** Those that a path is in, the innermost first; '' is the repository. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - 1 - index).join('/'));
}
