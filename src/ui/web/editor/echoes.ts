// What an editor says comes back to it as its value, a little later: by then somebody may have typed on, and the old text shall not take the
// place of the new one. A value that the editor never said is somebody else's, and does. Pure.

export interface Echoes {
  /** The editor has said this. */
  said(text: string): void;
  /** Whether a value that has come is to be shown. */
  isNew(value: string): boolean;
}

/** `value`: what the editor began with. */
export function createEchoes(value: string): Echoes {
  let last = value;
  const said = new Set<string>();
  return {
    said(text) {
      // The newest stands last.
      said.delete(text);
      said.add(text);
    },
    isNew(next) {
      if (next === last) return false;
      last = next;
      if (!said.has(next)) {
        said.clear();
        return true;
      }
      for (const text of said) {
        said.delete(text);
        if (text === next) break;
      }
      return false;
    },
  };
}
