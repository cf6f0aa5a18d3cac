// One parsed template to something that runs.

import { compileList } from './compile-statement.ts';
import type { Program } from './frame.ts';
import type { FunctionTable } from './function-table.ts';
import type { Tree } from './node.ts';
import { Scope } from './scope.ts';

export function compileProgram(tree: Tree, functions: FunctionTable): Program {
  const scope = Scope.root();
  const block = compileList({ scope, functions }, tree.root);
  return { name: tree.name, source: tree.source, places: scope.places, block };
}
