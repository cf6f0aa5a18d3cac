// Globs in the dialect of gobwas/glob, which Argo CD uses in project rules, directory filters and ignoreDifferences.

const CACHE_LIMIT = 512;
const compiled = new Map<string, RegExp | undefined>();

/**
 * Whether `text` matches `pattern`: `*` (any run, not across `separator` where one is given), `**` (any run), `?`, `[abc]`, `[a-z]`,
 * `[!a]`, `{one,two}`, `\` escapes. A pattern that cannot be read matches nothing (Argo CD: `glob.Match` logs and says no).
 */
export function matchesGlob(pattern: string, text: string, separator = ''): boolean {
  const key = `${separator}\0${pattern}`;
  if (!compiled.has(key)) {
    if (compiled.size >= CACHE_LIMIT) compiled.clear();
    compiled.set(key, compileGlob(pattern, separator));
  }
  return compiled.get(key)?.test(text) ?? false;
}

/** The regular expression of a glob, or undefined where the pattern cannot be read. */
export function compileGlob(pattern: string, separator = ''): RegExp | undefined {
  const any = separator === '' ? '[^]' : `[^${escapeClass(separator)}]`;
  let source = '';
  let depth = 0;
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern.charAt(index);
    if (char === '\\') {
      index++;
      if (index >= pattern.length) return undefined;
      source += escapeText(pattern.charAt(index));
    } else if (char === '*') {
      const isSuper = pattern.charAt(index + 1) === '*';
      while (pattern.charAt(index + 1) === '*') index++;
      source += isSuper ? '[^]*' : `${any}*`;
    } else if (char === '?') {
      source += any;
    } else if (char === '[') {
      const end = pattern.indexOf(']', index + 1);
      if (end < 0) return undefined;
      const body = pattern.slice(index + 1, end);
      const negated = body.startsWith('!');
      const members = negated ? body.slice(1) : body;
      if (members === '') return undefined;
      source += `[${negated ? '^' : ''}${members.replace(/[\\^\]]/g, '\\$&')}]`;
      index = end;
    } else if (char === '{') {
      depth++;
      source += '(?:';
    } else if (char === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (char === ',' && depth > 0) {
      source += '|';
    } else {
      source += escapeText(char);
    }
  }
  if (depth > 0) return undefined;
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    return undefined; // A reversed range such as [z-a]: gobwas refuses it, too.
  }
}

function escapeText(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function escapeClass(chars: string): string {
  return chars.replace(/[\\^\]-]/g, '\\$&');
}
