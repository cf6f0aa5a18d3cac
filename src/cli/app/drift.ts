// hawser app drift: who changed an Application's objects in the cluster, and when.

import { at } from '../../base/json.ts';
import { callServer } from '../api-client.ts';
import { formatData } from '../output.ts';
import { type AppContext, addVerb, outputOption, parseRef, pathOf } from './context.ts';

export function addDriftVerb(context: AppContext): void {
  addVerb(context, 'drift <name>', 'who changed its objects in the cluster, and when')
    .addOption(outputOption('json', 'yaml'))
    .action(async (name, { output, appNamespace }) => {
      const [server, { formatDrift }, { parseEntries }] = await Promise.all([
        context.connect(),
        import('../drift-text.ts'),
        import('../../operation/drift-record.ts'),
      ]);
      const items = at(await callServer(server, 'GET', pathOf(parseRef(name, appNamespace), '/drift')), 'items') ?? [];
      context.io.stdout(formatData(items, output) ?? formatDrift(parseEntries(items)));
    });
}
