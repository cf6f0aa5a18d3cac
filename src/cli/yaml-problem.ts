// What is wrong with a YAML text, in one line: the parser quotes the text below its sentence.

/** `… at line 2, column 1`. */
export function yamlProblem({ message }: Error): string {
  return message.replace(/:?\s*\n[\s\S]*$/, '');
}
