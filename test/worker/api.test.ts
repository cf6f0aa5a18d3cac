// The API in workerd: addresses as parts of paths, as on Node.

import { afterAll, beforeAll, describe } from 'vitest';
import { createKubeClient } from '../../src/kube/client.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { bundleWorker, type RunningWorker, startWorker } from '../../src/node/miniflare.ts';
import { prepareHome } from '../../src/operation/prepare-home.ts';
import { createGitServer } from '../../src/sandbox/git/server.ts';
import { describeEncodedPaths } from '../support/encoded-paths.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

const TOKEN = 'token-for-tests';

describe('hawser in workerd', () => {
  let worker: RunningWorker;
  let listening: Listening;
  beforeAll(async () => {
    const cluster = connectSandbox();
    await prepareHome(createKubeClient(cluster, { fieldManager: 'test' }), 'argocd');
    const git = createGitServer();
    listening = await listen((request) => git.handle(request), { host: '127.0.0.1', port: 0 });
    await git.commit(
      git.create('devops/a b'),
      'main',
      { 'a.txt': '' },
      {
        message: 'Begin\n',
        author: { name: 'Kim', email: 'kim@example.com' },
        atMs: Date.now(),
      },
    );
    worker = await startWorker({
      script: await bundleWorker(),
      cluster,
      port: 0,
      bindings: { HAWSER_TOKEN: TOKEN },
    });
  });
  afterAll(async () => {
    await worker?.close();
    await listening?.close();
  });
  describeEncodedPaths(() => ({ url: worker.url, token: TOKEN, gitUrl: listening.url }));
});
