// A hawser for one look: over a given cluster, with its files in a folder that goes with it. It resumes nothing and serves nobody.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHawser } from '../operation/create.ts';
import type { Hawser } from '../operation/hawser.ts';
import type { ClusterTransport } from '../platform.ts';
import { createSourceReaders } from '../source/reader.ts';
import { createForeignRender } from './foreign-render.ts';
import { createNodePlatform } from './platform.ts';

export interface PreviewHawser {
  /** Rendered here, and with helm and kustomize where they are on the PATH. */
  preview(app: Parameters<Hawser['preview']>[0]): ReturnType<Hawser['preview']>;
  close(): Promise<void>;
}

export async function openPreviewHawser(
  home: ClusterTransport,
  namespace: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PreviewHawser> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hawser-preview-'));
  const silent = () => undefined;
  const platform = await createNodePlatform({
    ...{ home, dataFolder, memoryCache: true, log: { info: silent, warn: silent, error: silent } },
    settings: { namespace, loopback: false, insecureWebhooks: false },
  });
  const stopping = new AbortController();
  const hawser = createHawser({ platform, readSources: createSourceReaders(platform), stopping: stopping.signal });
  const foreign = createForeignRender(env);
  return {
    preview: (app) => hawser.preview(app, foreign),
    close: async () => {
      stopping.abort();
      await hawser.idle();
      await platform.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
