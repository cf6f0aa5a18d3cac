// A hawser for one look: over a given cluster, with its files in a folder that goes with it. It resumes nothing and serves nobody.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHawser } from '../operation/create.ts';
import type { Hawser } from '../operation/hawser.ts';
import type { RenderForeign } from '../operation/preview-application.ts';
import type { ClusterTransport } from '../platform.ts';
import { createSourceReaders } from '../source/reader.ts';
import { createNodePlatform } from './platform.ts';

export interface PreviewHawser {
  /** Rendered here, and by the foreign renderer. */
  preview(app: Parameters<Hawser['preview']>[0]): ReturnType<Hawser['preview']>;
  close(): Promise<void>;
}

export async function openPreviewHawser(
  home: ClusterTransport,
  namespace: string,
  renderForeign: RenderForeign,
): Promise<PreviewHawser> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hawser-preview-'));
  const silent = () => undefined;
  const platform = await createNodePlatform({
    ...{ home, dataFolder, memoryCache: true, log: { info: silent, warn: silent, error: silent } },
    settings: { namespace, loopback: false, insecureWebhooks: false },
  });
  const stopping = new AbortController();
  const hawser = createHawser({ platform, readSources: createSourceReaders(platform), stopping: stopping.signal });
  return {
    preview: (app) => hawser.preview(app, renderForeign),
    close: async () => {
      stopping.abort();
      await hawser.idle();
      await platform.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
