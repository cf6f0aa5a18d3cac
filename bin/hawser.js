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
  const [fs, module, os, path] = ['fs', 'module', 'os', 'path'].map((name) => process.getBuiltinModule(`node:${name}`));
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  module.enableCompileCache(path.join(cache, 'hawser', 'compile-cache'));
  const args = process.argv.slice(2);
  // One render: what is young when it ends was not worth the memory in which to grow old.
  if (args[0] === 'template') process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
  // In a checkout the sources are what was just edited; a package has only dist/. There `template` has a bundle of its own: for a
  // small chart it is the reading of the bundle that takes the time.
  const source = new URL('../src/main-cli.ts', import.meta.url);
  const built = new URL(args[0] === 'template' ? '../dist/template.js' : '../dist/hawser.js', import.meta.url);
  const { main } = await import(fs.existsSync(source) ? source.href : built.href);
  process.exitCode = await main(args);
}
