// Addresses as parts of paths, on Node; test/runtime/api.test.ts asks the same of a process of each runtime.

import { afterAll, beforeAll, describe } from 'vitest';
import { createApp } from '../../src/app.ts';
import { type Listening, listen } from '../../src/node/listen.ts';
import { appPlatform } from '../support/app-platform.ts';
import { describeEncodedPaths } from '../support/encoded-paths.ts';
import { createGround, type Ground, TOKEN } from '../support/ground.ts';
import { connectSandbox } from '../support/sandbox-transport.ts';

describe('hawser on Node', () => {
  let ground: Ground;
  let listening: Listening;
  beforeAll(async () => {
    ground = await createGround(connectSandbox());
    await ground.createRepository('devops/a b', { 'a.txt': '' });
    const app = createApp(ground.hawser, appPlatform({ namespace: ground.namespace }));
    listening = await listen((request) => app.fetch(request), { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await listening.close();
    await ground.close();
  });
  describeEncodedPaths(() => ({ url: listening.url, token: TOKEN, gitUrl: ground.gitUrl }));
});
