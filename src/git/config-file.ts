// Files in the form of Git's configuration (.gitmodules, .lfsconfig), as far as they hold plain settings.

export interface ConfigSetting {
  /** In lower case: `submodule`. */
  readonly section: string;
  /** What stands in quotes beside it, as written; '' without. */
  readonly subsection: string;
  /** In lower case. */
  readonly key: string;
  readonly value: string;
}

const SECTION = /^\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/;
const SETTING = /^([a-z][\w-]*)\s*(?:=\s*(.*))?$/i;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

/** The settings in the order of the file; a line that is none is passed over (git-config, section "Syntax"). */
export function parseConfigFile(text: string): ConfigSetting[] {
  const settings: ConfigSetting[] = [];
  let section = '';
  let subsection = '';
  for (const line of joinLines(text)) {
    let rest = line.trim();
    const head = SECTION.exec(rest);
    if (head) {
      section = (head[1] ?? '').toLowerCase();
      subsection = (head[2] ?? '').replace(/\\(.)/g, '$1');
      rest = rest.slice(head[0].length).trim();
    }
    const setting = SETTING.exec(rest);
    if (!setting) continue;
    settings.push({
      section,
      subsection,
      key: (setting[1] ?? '').toLowerCase(),
      value: readValue(setting[2] ?? 'true'),
    });
  }
  return settings;
}

/** A backslash at the end of a line goes on in the next. */
function joinLines(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/((?:^|[^\\])(?:\\\\)*)\\\r?\n/g, '$1')
    .split(/\r?\n/);
}

/** Without quotes, escapes, a comment and white space at its ends. */
function readValue(written: string): string {
  let value = '';
  let kept = 0;
  let isQuoted = false;
  for (let at = 0; at < written.length; at++) {
    const char = written[at] ?? '';
    if (char === '"') {
      isQuoted = !isQuoted;
      kept = value.length;
    } else if (char === '\\') {
      const escaped = written[++at] ?? '';
      value += ESCAPES[escaped] ?? escaped;
      kept = value.length;
    } else if ((char === '#' || char === ';') && !isQuoted) break;
    else {
      value += char;
      if (isQuoted || !/\s/.test(char)) kept = value.length;
    }
  }
  return value.slice(0, kept);
}
