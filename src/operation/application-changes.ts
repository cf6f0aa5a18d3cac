// Trying out a change of an Application's files before anybody pushes it, and pushing it: what a page needs to render by itself, and a commit
// with the credentials for writing.

import type { Application } from '../application/types.ts';
import { createLimiter } from '../base/limiter.ts';
import { chooseWriter } from '../git/credentials.ts';
import { isChartSource } from '../source/chart-locations.ts';
import { editableFiles, namedFiles } from '../source/editable-files.ts';
import { isReferenceOnly } from '../source/opened-source.ts';
import type { InputSource, RenderInput } from '../source/render-input.ts';
import { type CommitRequest, type CommittedFiles, commitFiles } from './commit-files.ts';
import { renderContext, resolveSources } from './compare-application.ts';
import { requirePermitted } from './project-rules.ts';
import { clientFor, type Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { readProject, readRepositorySecrets } from './world.ts';
import { readWriteCredentials } from './write-credentials.ts';

/** A source's files, and which of them may be changed where. */
export interface ChangeableSource extends InputSource {
  /** Paths of files that were read and may be changed; values files come first, in the order in which they count. */
  readonly editable: readonly string[];
  /** Its folder, in which files may be added; undefined where there is none. */
  readonly folder?: string;
  /** The branch that targetRevision names, where it is one. */
  readonly branch?: string;
  /** There are credentials for writing to its repository. */
  readonly isWritable: boolean;
}

export interface ChangeInput extends Omit<RenderInput, 'sources'> {
  readonly sources: readonly ChangeableSource[];
}

export interface ApplicationChanges {
  /** Throws what reading the sources throws, and `LimitExceeded` where that is more than a page can render. */
  input(app: Application): Promise<ChangeInput>;
  /** Pushes a commit. Throws what `commitFiles` does. */
  commit(app: Application, request: CommitRequest): Promise<CommittedFiles>;
}

/** Each may be 8 MiB, and lies in memory several times until it is sent. */
const INPUTS_AT_ONCE = 2;

export function createApplicationChanges(road: Road): ApplicationChanges {
  const limited = createLimiter(INPUTS_AT_ONCE);
  return {
    input: (app) => limited(() => readInput(road, app)),
    commit: (app, request) => commitFiles(road, app, request),
  };
}

async function readInput(road: Road, app: Application): Promise<ChangeInput> {
  const known = Promise.all([readRepositorySecrets(road, 'consistent'), readArgoSettings(road)]);
  const [[secrets], project, writers] = await Promise.all([
    known,
    readProject(road, app.spec.project, known),
    readWriteCredentials(road),
  ]);
  requirePermitted(road, app, project);
  const reader = road.readSources(secrets);
  const signal = road.stopping;
  const [resolved, context] = await Promise.all([
    resolveSources(app, reader, signal),
    renderContext(road, clientFor(road, app.spec.destination), app),
  ]);
  const input = await reader.capture(resolved, context, signal);
  const named = namedFiles(resolved, context);
  const sources = await Promise.all(
    input.sources.map(async (one, index): Promise<ChangeableSource> => {
      const { source } = one;
      if (isChartSource(source)) return { ...one, editable: [], isWritable: false };
      const mayEdit = editableFiles(resolved, index, context);
      const values = named.filter((file) => file.source === index).map(({ path }) => path);
      const isLink = (path: string) => (one.tree.links[path] ?? path) !== path;
      const texts = Object.keys(one.tree.texts).filter((path) => mayEdit(path) && !isLink(path));
      const first = values.filter((path) => texts.includes(path));
      const { targetRevision = '' } = source;
      const branch = await branchOf(targetRevision);
      return {
        ...one,
        editable: [...new Set([...first, ...texts.sort()])],
        ...(!isReferenceOnly(source) && { folder: one.path }),
        ...(branch !== undefined && { branch }),
        isWritable: chooseWriter(source.repoURL, app.spec.project, writers) !== undefined,
      };

      async function branchOf(revision: string): Promise<string | undefined> {
        const name = revision === '' || revision === 'HEAD' ? undefined : `${HEADS}${revision}`;
        const { byName, head } = await reader.listRefs(source.repoURL, app.spec.project, [name ?? 'HEAD'], signal);
        const found = name ?? head;
        return found?.startsWith(HEADS) && (byName.has(found) || name === undefined)
          ? found.slice(HEADS.length)
          : undefined;
      }
    }),
  );
  return { ...input, sources };
}

const HEADS = 'refs/heads/';
