// Words of a command for a POSIX shell: quoted where the shell would take them for something else.

/** `--name 'two words'` */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Joins the words of a command; what is undefined or false is left out. A pair is a flag with its value. */
export function shellCommand(
  ...words: readonly (string | readonly [flag: string, value: string | undefined] | false | undefined)[]
): string {
  return words
    .flatMap((word) => {
      if (word === undefined || word === false) return [];
      if (typeof word === 'string') return [shellWord(word)];
      const [flag, value] = word;
      return value ? [`${flag} ${value.startsWith('"$') ? value : shellWord(value)}`] : [];
    })
    .join(' ');
}
