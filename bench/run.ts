// npm run bench: figures against the real peers of this machine, measured in turns in one run. `-- --only NAME` runs one part.

import { parseArgs } from 'node:util';
import { formatRows, type Row } from './measure.ts';

const PARTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  push: async () => (await import('./push-to-synced.ts')).benchPush(),
  load: async () => (await import('./load.ts')).benchLoad(),
  demo: async () => (await import('./demo.ts')).benchDemo(),
  ui: async () => (await import('./ui.ts')).benchUi(),
  cli: async () => (await import('./cli.ts')).benchCli(),
  helm: async () => (await import('./helm.ts')).benchHelm(),
  kustomize: async () => (await import('./kustomize.ts')).benchKustomize(),
  jsonnet: async () => (await import('./jsonnet.ts')).benchJsonnet(),
  fetch: async () => (await import('./fetch.ts')).benchFetch(),
  'many-applications': async () => (await import('./many-applications.ts')).benchManyApplications(),
  hostile: async () => (await import('./hostile.ts')).benchHostile(),
  apply: async () => (await import('./apply.ts')).benchApply(),
  'no-change': async () => (await import('./no-change.ts')).benchNoChange(),
  foreign: async () => (await import('./foreign.ts')).benchForeign(),
  worker: async () => (await import('./worker.ts')).benchWorker(),
  'idle-cluster': async () => (await import('./idle-cluster.ts')).benchIdleCluster(),
  idle: async () => (await import('./idle.ts')).benchIdle(),
};

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const chosen = values.only ?? Object.keys(PARTS);
const unknown = chosen.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no part of the bench is called ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}\n`,
  );
  process.exit(2);
}
for (const name of chosen) {
  process.stdout.write(`\n## ${name}\n\n`);
  const rows = (await PARTS[name]?.()) ?? [];
  process.stdout.write(`${formatRows(rows)}\n`);
}
process.exit(0);
