// hawser app edit: the spec in an editor, until the server takes it.

import { HawserError } from '../../base/errors.ts';
import { isObject } from '../../base/json.ts';
import { editUntilTaken } from '../editor.ts';
import { formatData } from '../output.ts';
import { yamlProblem } from '../yaml-problem.ts';
import { getRaw, putSpec, specOf } from './applications.ts';
import { type AppContext, addVerb, parseRef } from './context.ts';

export function addEditVerb(context: AppContext): void {
  const { io } = context;
  addVerb(context, 'edit <name>', 'change the spec of an Application in $EDITOR').action(async (name, options) => {
    const server = await context.connect();
    const ref = parseRef(name, options.appNamespace);
    const text = formatData(specOf(await getRaw(server, ref)), 'yaml') ?? '';
    const isTaken = await editUntilTaken(io, `${ref.name}.yaml`, text, async (edited) =>
      putSpec(server, ref, await parseSpec(edited), undefined),
    );
    io.stdout(isTaken ? `Application '${ref.name}' updated successfully\n` : 'Edit cancelled, no changes made.\n');
  });
}

async function parseSpec(text: string): Promise<Record<string, unknown>> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem) throw new HawserError('InvalidInput', yamlProblem(problem));
  const value: unknown = document.toJS();
  if (isObject(value)) return value;
  throw new HawserError('InvalidInput', 'the spec must be a mapping');
}
