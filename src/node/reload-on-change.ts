// Does something anew when a file of a folder changes.

import { watch } from 'node:fs';

/** Editors write a file in several steps, and Git many files. */
const SETTLE_MS = 50;

/** `reload` is called once for many changes that come together, and never twice at a time. It must not reject. Gives what ends it. */
export function reloadOnChange(folder: string, reload: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let reloading = Promise.resolve();
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      reloading = reloading.then(reload);
    }, SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
