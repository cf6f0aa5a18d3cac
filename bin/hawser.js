#!/usr/bin/env node
// Starts hawser. Plain JavaScript without static imports, so that a Node that is too old gets a sentence instead of a syntax error.

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `hawser needs Node 22.19 or newer; this is Node ${process.versions.node}. In a checkout, npm ci && npm start uses the Node that npm ci installed.\n`,
  );
  process.exit(1);
}
start().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(70);
});

async function start() {
  const { existsSync } = await import('node:fs');
  const { enableCompileCache } = await import('node:module');
  const { homedir } = await import('node:os');
  const { join } = await import('node:path');
  enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hawser', 'compile-cache'));
  const source = new URL('../src/main-cli.ts', import.meta.url);
  const built = new URL('../dist/hawser.js', import.meta.url);
  // In a checkout the sources are what was just edited; a package has only dist/.
  const { main } = await import(existsSync(source) ? source.href : built.href);
  process.exitCode = await main(process.argv.slice(2));
}
