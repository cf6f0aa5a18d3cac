// A state as it is given: an object, or its JSON or YAML text. `null` and nothing: there is none.

/** At once for objects and JSON; a promise for YAML, whose reader is loaded then. Throws what is no YAML. */
export function readState(state: unknown): unknown {
  if (typeof state !== 'string') return state ?? undefined;
  const text = state.trim();
  if (text === '' || text === 'null') return undefined;
  if (/^[[{]/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // YAML in its flow style looks the same.
    }
  }
  return import('yaml').then(({ parse }) => parse(text) as unknown);
}
