// Serves a module's `fetch` from a process of its own: `node module-host-node.ts URL`.

import { type FetchHandler, listen } from '../../../src/node/listen.ts';

const { default: module } = (await import(process.argv[2] ?? '')) as { default: { fetch: FetchHandler } };
const { url } = await listen((request) => module.fetch(request), { host: '127.0.0.1', port: 0 });
process.stdout.write(`listens at ${url}\n`);
