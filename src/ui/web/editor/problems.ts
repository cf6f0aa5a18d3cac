// What is wrong with a YAML text, by line and column, for the place where it is typed.

export interface Problem {
  /** From 1. */
  readonly line: number;
  /** From 1: the whole line without it. */
  readonly column?: number | undefined;
  readonly endLine?: number | undefined;
  /** Not included. */
  readonly endColumn?: number | undefined;
  readonly message: string;
  readonly kind?: 'error' | 'warning' | undefined;
}

/** Of its syntax alone. Documents after each other are well-formed, too. */
export async function yamlProblems(text: string): Promise<readonly Problem[]> {
  if (text.trim() === '') return [];
  const { parseAllDocuments } = await import('yaml');
  const documents = parseAllDocuments(text, { prettyErrors: true, strict: true });
  // Without a single document there is one that is empty.
  if (!Array.isArray(documents)) return [];
  return documents.flatMap(({ errors, warnings }) => [
    ...errors.map((error) => problemOf(error, 'error')),
    ...warnings.map((warning) => problemOf(warning, 'warning')),
  ]);
}

interface YamlError {
  readonly message: string;
  readonly linePos?: [LinePlace] | [LinePlace, LinePlace] | undefined;
}

interface LinePlace {
  readonly line: number;
  readonly col: number;
}

/** The place is shown by the mark; of the message its first line is enough. */
function problemOf({ message, linePos }: YamlError, kind: 'error' | 'warning'): Problem {
  const [from, to] = linePos ?? [];
  const [said = ''] = message.split('\n');
  return {
    line: from?.line ?? 1,
    column: from?.col,
    endLine: to?.line,
    endColumn: to?.col,
    message: said.replace(/ at line \d+, column \d+:?$/, ''),
    kind,
  };
}
