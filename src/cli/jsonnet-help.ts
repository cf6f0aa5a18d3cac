// What `hawser jsonnet --help` prints.

export const JSONNET_HELP = `Usage: hawser jsonnet [flags] FILE

Evaluates a Jsonnet program: the flags and bytes of go-jsonnet's jsonnet. FILE can be - (standard input).

  -e, --exec                     FILE is code
  -J, --jpath DIR                another folder for imports; the last one counts first (JSONNET_PATH:
                                 folders with colons between them, the first one counts first)
  -o, --output-file FILE         write there instead of standard output
  -m, --multi DIR                the program gives an object: a file for each field, in this folder; their
                                 names go to standard output
  -c, --create-output-dirs       make the folders of what is written
  -y, --yaml-stream              the program gives an array: a YAML stream of JSON documents
  -S, --string                   the program gives a string: print it as it is
      --no-trailing-newline      no line feed at the end
  -s, --max-stack N              calls inside each other (500)
  -t, --max-trace N              lines of a stack trace (20; 0 leaves all)
      --version

External variables (std.extVar); without =VALUE, the environment variable of that name is taken:
  -V, --ext-str NAME[=VALUE]     a string
      --ext-str-file NAME=FILE   the text of a file
      --ext-code NAME[=CODE]     what this code gives
      --ext-code-file NAME=FILE  what the program in this file gives

Arguments, where the program is a function:
  -A, --tla-str NAME[=VALUE], --tla-str-file, --tla-code, --tla-code-file

Letters may stand together: -Sm DIR is -S -m DIR. After -- there are no flags.
`;
