// hawser app manifests: what an Application deploys, or has deployed, as YAML.

import { sourcePosition } from '../../application/source-position.ts';
import { HawserError } from '../../base/errors.ts';
import { at, stringAt } from '../../base/json.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import { formatData } from '../output.ts';
import { getApplication, getRaw, specOf } from './applications.ts';
import { type AppContext, type AppRef, addVerb, collect, parseRef, pathOf } from './context.ts';
import { renderLocally } from './sync-request.ts';

export function addManifestsVerb(context: AppContext): void {
  const command = addVerb(context, 'manifests <name>', 'what an Application deploys, as YAML');
  command
    .option('--source <source>', 'git: what is to be; live: what is', 'git')
    .option('--revision <revision>', 'instead of the targetRevision')
    .option('--revisions <revision>', 'of one of several sources; may be given again', collect)
    .option('--source-positions <number>', 'for which source a revision is, from 1; may be given again', collect)
    .option('--source-names <name>', 'the same by name', collect)
    .option('--local <folder>', 'what this folder renders to, instead of what is in Git')
    .addOption(command.createOption('--local-repo-root <folder>').hideHelp())
    .action(async (name, { source, local, appNamespace, ...flags }) => {
      const server = await context.connect();
      const ref = parseRef(name, appNamespace);
      const texts = await readManifests();
      for (const text of texts) context.io.stdout(`---\n${formatData(JSON.parse(text), 'yaml')}`);

      async function readManifests(): Promise<readonly string[]> {
        if (source === 'live') return liveManifests(server, ref);
        if (source !== 'git') throw new HawserError('InvalidInput', `Unknown source type '${source}'`);
        if (local !== undefined) return renderLocally(context, server, await getApplication(server, ref), local);
        const query = await revisionQuery(server, ref, flags);
        const manifests = at(await callServer(server, 'GET', pathOf(ref, '/manifests', query)), 'manifests');
        return Array.isArray(manifests) ? manifests.filter((text) => typeof text === 'string') : [];
      }
    });
}

interface RevisionFlags {
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly sourcePositions?: readonly string[];
  readonly sourceNames?: readonly string[];
}

async function revisionQuery(server: ServerAddress, ref: AppRef, flags: RevisionFlags) {
  const { revision, revisions, sourcePositions = [], sourceNames = [] } = flags;
  if (!revisions) return { revision };
  if (sourcePositions.length + sourceNames.length !== revisions.length) {
    throw new HawserError('InvalidInput', '--revisions must be given as often as --source-positions or --source-names');
  }
  const spec = specOf(await getRaw(server, ref));
  const positions = [
    ...sourcePositions.map((position) => sourcePosition(spec, { position })),
    ...sourceNames.map((name) => sourcePosition(spec, { name })),
  ];
  return { revisions, sourcePositions: positions.map((position) => String(position ?? 1)) };
}

async function liveManifests(server: ServerAddress, ref: AppRef): Promise<readonly string[]> {
  const items = at(await callServer(server, 'GET', pathOf(ref, '/managed-resources')), 'items');
  return (Array.isArray(items) ? items : []).flatMap((item) => {
    const live = stringAt(item, 'liveState');
    return live && live !== 'null' ? [live] : [];
  });
}
