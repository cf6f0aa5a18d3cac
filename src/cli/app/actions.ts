// hawser app actions list|run: what can be done with an Application's objects, restart a Deployment, say.

import { HawserError } from '../../base/errors.ts';
import { isObject, stringAt } from '../../base/json.ts';
import { callServer } from '../api-client.ts';
import { formatData } from '../output.ts';
import { formatTable } from '../table.ts';
import { type AppContext, addVerb, collect, parseRef, pathOf } from './context.ts';
import { addObjectOptions, chooseObjects } from './objects.ts';

export function addActionVerbs(context: AppContext): void {
  const group = context.program
    .command('actions')
    .description("what can be done with an Application's objects: restart, scale, pause …");
  const inner = { ...context, program: group };
  addList(inner);
  addRun(inner);
}

function addList(context: AppContext): void {
  const command = addVerb(context, 'list <name>', 'the actions that there are');
  addObjectOptions(command, false)
    .option('-o, --out <format>', 'json or yaml')
    .action(async (name, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      const found: Record<string, string | boolean>[] = [];
      for (const object of await chooseObjects(server, ref, { ...options, all: true })) {
        const { actions } = await callServer(server, 'GET', pathOf(ref, '/resource/actions', { ...object }));
        const { group, kind, resourceName } = object;
        for (const action of Array.isArray(actions) ? actions.filter(isObject) : []) {
          const disabled = action.disabled === true;
          found.push({ group, kind, name: resourceName, action: stringAt(action, 'name') ?? '', disabled });
        }
      }
      const rows = found.map(({ group, kind, name: object, action, disabled }) =>
        [group, kind, object, action, disabled].map(String),
      );
      const table = formatTable(['GROUP', 'KIND', 'NAME', 'ACTION', 'DISABLED'], rows);
      context.io.stdout(formatData(found, options.out) ?? table);
    });
}

function addRun(context: AppContext): void {
  const command = addVerb(context, 'run <name> <action>', 'do one of them');
  addObjectOptions(command, true)
    .option('--all', 'with several objects, where several are meant')
    .option('--param <parameter>', 'key=value, for an action that wants it; may be given again', collect)
    .action(async (name, action, options) => {
      const server = await context.connect();
      const ref = parseRef(name, options.appNamespace);
      const objects = await chooseObjects(server, ref, options);
      if (new Set(objects.map(({ group }) => group)).size > 1) {
        throw new HawserError('InvalidInput', 'Ambiguous resource group', { hint: 'say which with --group' });
      }
      const resourceActionParameters = (options.param ?? []).map(parseParameter);
      for (const object of objects) {
        await callServer(server, 'POST', pathOf({ name: ref.name }, '/resource/actions/v2'), {
          ...object,
          action,
          ...(ref.namespace && { appNamespace: ref.namespace }),
          ...(resourceActionParameters.length > 0 && { resourceActionParameters }),
        });
      }
    });
}

function parseParameter(text: string) {
  const equals = text.indexOf('=');
  if (equals > 0) return { name: text.slice(0, equals), value: text.slice(equals + 1) };
  throw new HawserError('InvalidInput', `--param must be of the form key=value, not ${text}`);
}
