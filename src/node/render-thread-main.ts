// What the thread is started with where hawser runs from its sources.

import { runRenderThread } from './render-thread-entry.ts';

runRenderThread();
