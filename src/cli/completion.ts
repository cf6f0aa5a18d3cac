// hawser completion bash|zsh|fish: the commands, their verbs and flags, as a script for a shell. Names of Applications come from the server
// while one types.

import { Command } from 'commander';
import type { CommandIo } from './io.ts';
import { prepareProgram, runProgram } from './parse-command.ts';

/** What may follow some words: `app sync`. */
export interface Completions {
  /** '' for the program itself. */
  readonly path: string;
  readonly verbs: readonly string[];
  readonly flags: readonly string[];
}

type Run = (args: readonly string[], io: CommandIo) => Promise<number>;

const SHELLS: Readonly<Record<string, (all: readonly Completions[]) => string>> = { bash, zsh, fish };

/** Runs `hawser completion ARGS` and gives the exit code. `commands` are all that there are. */
export async function completionCommand(
  args: readonly string[],
  io: CommandIo,
  commands: Readonly<Record<string, Run>>,
): Promise<number> {
  const program = prepareProgram(new Command('hawser completion'), io).description(
    'a script for a shell: source <(hawser completion bash)',
  );
  for (const [shell, format] of Object.entries(SHELLS)) {
    program
      .command(shell)
      .description(`for ${shell}`)
      .action(async () => io.stdout(format(await readCompletions(io, commands))));
  }
  return (await runProgram(program, args)) ?? 0;
}

/** Each command is asked for its help: what it prepares, or else the flags that it prints, is what can be typed. */
async function readCompletions(
  io: CommandIo,
  commands: Readonly<Record<string, Run>>,
): Promise<readonly Completions[]> {
  const names = Object.keys(commands);
  const found: Completions[] = [{ path: '', verbs: names, flags: ['--help', '--version'] }];
  for (const [name, run] of Object.entries(commands)) {
    let program: Command | undefined;
    let printed = '';
    const print = (text: string) => {
      printed += text;
    };
    const onProgram = (prepared: Command) => {
      program ??= prepared;
    };
    if (name !== 'help')
      await run(['--help'], { ...io, stdout: print, stderr: print, onProgram }).catch(() => undefined);
    if (program) found.push(...ofProgram(program, name, []));
    else
      found.push({ path: name, verbs: [], flags: [...new Set(printed.match(/(?<![\w-])--[a-z][a-z0-9-]*/g) ?? [])] });
  }
  return found;
}

function ofProgram(command: Command, path: string, inherited: readonly string[]): readonly Completions[] {
  const own = command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => (long ? [long] : []));
  const flags = [...new Set([...own, ...inherited, '--help'])];
  const verbs = command.commands.flatMap((verb) => [verb.name(), ...verb.aliases()]);
  return [
    { path, verbs, flags },
    ...command.commands.flatMap((verb) => ofProgram(verb, `${path} ${verb.name()}`, flags)),
  ];
}

/** Two functions that every POSIX shell understands. */
function tables(all: readonly Completions[]): string {
  const rows = (pick: (one: Completions) => readonly string[]) =>
    all
      .filter((one) => pick(one).length > 0)
      .map((one) => `    '${one.path}') echo '${pick(one).join(' ')}' ;;\n`)
      .join('');
  return `_hawser_verbs() {
  case "$1" in
${rows(({ verbs }) => verbs)}  esac
}

_hawser_flags() {
  case "$1" in
${rows(({ flags }) => flags)}  esac
}

_hawser_names() {
  case "$1" in
    'app list'|'app create') ;;
    'app '*) hawser app list -o name 2>/dev/null ;;
    'proj list'|'proj create') ;;
    'proj '*) hawser proj list -o name 2>/dev/null ;;
  esac
}

# What was typed so far that names a command: "app sync" of "app sync --prune web".
_hawser_path() {
  _hawser_at=''
  for _hawser_word in "$@"; do
    case " $(_hawser_verbs "$_hawser_at") " in
      *" $_hawser_word "*) _hawser_at="$_hawser_at\${_hawser_at:+ }$_hawser_word" ;;
    esac
  done
  echo "$_hawser_at"
}
`;
}

function bash(all: readonly Completions[]): string {
  return `# hawser completion for bash: source <(hawser completion bash)
${tables(all)}
_hawser() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path words
  path="$(_hawser_path "\${COMP_WORDS[@]:1:COMP_CWORD-1}")"
  case "$word" in
    -*) words="$(_hawser_flags "$path")" ;;
    *) words="$(_hawser_verbs "$path")"; [ -n "$words" ] || words="$(_hawser_names "$path")" ;;
  esac
  COMPREPLY=()
  while IFS= read -r word_found; do COMPREPLY+=("$word_found"); done < <(compgen -W "$words" -- "$word")
  [ -n "$words" ] || compopt -o default 2>/dev/null
}
complete -F _hawser hawser
`;
}

function zsh(all: readonly Completions[]): string {
  return `#compdef hawser
# hawser completion for zsh: source <(hawser completion zsh), or a file _hawser in $fpath
${tables(all)}
_hawser() {
  local typed="\${words[CURRENT]}" at found
  at="$(_hawser_path "\${(@)words[2,CURRENT-1]}")"
  case "$typed" in
    -*) found="$(_hawser_flags "$at")" ;;
    *) found="$(_hawser_verbs "$at")"; [ -n "$found" ] || found="$(_hawser_names "$at")" ;;
  esac
  if [ -n "$found" ]; then compadd -- \${=found}; else _files; fi
}
if [ "\${funcstack[1]}" = _hawser ]; then _hawser "$@"; else compdef _hawser hawser; fi
`;
}

function fish(all: readonly Completions[]): string {
  const lines = all.flatMap(({ path, verbs, flags }) => [
    ...(verbs.length > 0 ? [`complete -c hawser -f -n "__hawser_at '${path}'" -a '${verbs.join(' ')}'`] : []),
    ...flags.map((flag) => `complete -c hawser -n "__hawser_at '${path}'" -l '${flag.slice(2)}'`),
  ]);
  const paths = all.filter(({ verbs }) => verbs.length > 0);
  return `# hawser completion for fish: hawser completion fish | source
function __hawser_verbs
  switch "$argv[1]"
${paths.map(({ path, verbs }) => `    case '${path}'\n      string split ' ' '${verbs.join(' ')}'`).join('\n')}
  end
end

function __hawser_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    if contains -- $word (__hawser_verbs "$at")
      set at (string trim -- "$at $word")
    end
  end
  test "$at" = "$argv[1]"
end

${lines.join('\n')}
complete -c hawser -f -n "string match -qr '^hawser app [a-z]' -- (commandline -p)" -a '(hawser app list -o name 2>/dev/null)'
`;
}
