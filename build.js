// npm run build: dist/hawser.js, one file with every command in it, dist/worker.js, hawser for workerd, and the libraries of package.json's
// `exports` with their types. `--outdir DIR` builds elsewhere; `--commands` no libraries and no Worker: for tests that run what is built;
// `--worker` the Worker and its UI alone: for wrangler.
// Plain JavaScript: it runs before anything else does.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { writeUi } from './build-ui.js';
import { bcryptWithoutNode } from './src/node/bcrypt-without-node.ts';
import { lazyPackages } from './src/node/lazy-packages.ts';
import { buildWorker, gzipBytes, MOST_GZIP_BYTES } from './src/node/worker-bundle.ts';

const root = import.meta.dirname;
const { values: flags } = parseArgs({
  options: { outdir: { type: 'string' }, commands: { type: 'boolean' }, worker: { type: 'boolean' } },
});
const dist = resolve(flags.outdir ?? join(root, 'dist'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** esbuild's names for the Node that package.json's `engines` wants. */
const TARGET = 'node22.19';
const COMMON = { absWorkingDir: root, bundle: true, format: 'esm', charset: 'utf8', logLevel: 'warning' };

/**
 * `node dist/hawser.js …` runs it; bin/hawser.js, which checks the version of Node first, imports it. The same file is what the thread for
 * large renders is started with (src/node/render-thread.ts).
 */
const COMMAND_LINE = `
import { isMainThread, workerData } from 'node:worker_threads';
import { main } from './src/main-cli.ts';
export { main };
export const connect = async () => (await import('./src/node/connected-fetch.ts')).createConnectedFetch();
if (!isMainThread && workerData === 'hawser-render-thread') (await import('./src/node/render-thread-entry.ts')).runRenderThread();
else if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
`;

/** Old packages call require() for Node's own modules, which ES modules do not have. */
const REQUIRE = `import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);`;

/**
 * What bin/hawser.js takes for the commands where starting costs more than the rest: the one command, or those that talk to a server, from
 * the same sources, as a script whose compiled code the launcher keeps (of modules Node keeps but what was compiled before they ran). What
 * few inputs need stays in hawser.js, which `openWhole` loads: the network, for `build` Helm, and for `app` all that --core and --local need.
 */
const SINGLE_COMMANDS = {
  template: singleCommandSource(
    'template',
    `(flags, io) => templateCommand(flags, io, diskTree, async () => (await openWhole()).connect())`,
  ),
  build: singleCommandSource(
    'build',
    `(flags, io) => buildCommand(flags, io, diskTree, async () => (await openWhole()).main(['build', ...flags]))`,
  ),
  jsonnet: `
import { jsonnetProgram } from './src/cli/jsonnet.ts';
import { runCommand } from './src/cli/run-command.ts';
export function main([, ...args]) {
  return runCommand(jsonnetProgram, args);
}
`,
  server: `
import { HawserError } from './src/base/errors.ts';
import { runCommand } from './src/cli/run-command.ts';
import { serverCommands } from './src/cli/server-commands.ts';
import { defaultDataFolder } from './src/node/data-folder.ts';
import { readDemoState } from './src/node/demo-state.ts';
import { diskTree } from './src/node/disk-tree.ts';
export async function main(words, openWhole) {
  const [name, ...args] = words;
  // Asked for before anything is done, so that the whole program can begin anew.
  let wantsWhole = false;
  const leave = async () => {
    wantsWhole = true;
    throw new HawserError('Unsupported', 'only the whole program can do it');
  };
  const command = serverCommands({
    readDemo: () => readDemoState(defaultDataFolder()),
    openCore: leave,
    openFolder: async (folder) => diskTree(folder),
    renderLocal: leave,
  })[name];
  const status = await runCommand(async (flags, io) => {
    try {
      return await command(flags, io);
    } catch (error) {
      if (!wantsWhole) throw error;
      return 70;
    }
  }, args);
  return wantsWhole ? (await openWhole()).main(words) : status;
}
`,
};

function singleCommandSource(name, run) {
  return `
import { runCommand } from './src/cli/run-command.ts';
import { ${name}Command } from './src/cli/${name}.ts';
import { diskTree } from './src/node/disk-tree.ts';
export function main([, ...args], openWhole) {
  return runCommand(${run}, args);
}
`;
}

/** What is no part of a script: for `build` all of Helm. What asks for it asks the whole program, as for what lies elsewhere. */
const withoutHelm = {
  name: 'without-helm',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/helm-port\.ts$/ }, ({ importer }) =>
      importer.endsWith('.ts') ? { path: 'helm-port', namespace: 'without-helm' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'without-helm' }, () => ({
      contents: `export const createHelmPort = (_, { pull }) => ({ inflate: pull, pull });`,
    }));
  },
};

/** Of @kubernetes/client-node, hawser wants the kubeconfig alone; its generated clients of every API are 16 MB. */
const smallClientNode = {
  name: 'small-client-node',
  setup({ onResolve, onLoad }) {
    const folder = dirname(fileURLToPath(import.meta.resolve('@kubernetes/client-node')));
    onResolve({ filter: /^@kubernetes\/client-node$/ }, () => ({ path: join(folder, 'config.js') }));
    onResolve({ filter: /^\.\/gen\/index\.js$/ }, ({ resolveDir }) =>
      resolveDir === folder ? { path: 'gen/index.js', namespace: 'small-client-node' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'small-client-node' }, () => ({
      contents: `export { createConfiguration } from './configuration.js'; export { ServerConfiguration } from './servers.js';`,
      resolveDir: join(folder, 'gen'),
    }));
  },
};

if (flags.worker) {
  await Promise.all([writeWorker(), writeUi(join(dist, 'ui'))]);
} else {
  rmSync(dist, { recursive: true, force: true });
  const parts = [buildCommandLine(), writeUi(join(dist, 'ui'))];
  const others = Object.keys(SINGLE_COMMANDS).map(buildSingleCommand);
  if (!flags.commands) {
    parts.push(writeWorker());
    others.push(buildLibraries());
  }
  const [inputs] = await Promise.all([Promise.all(parts), ...others]);
  writeFileSync(join(dist, 'LICENSES.txt'), collectLicenses(inputs.flat()));
  if (!flags.commands) buildTypes();
}

/** Modules that commands import lazily stay lazy: they are functions of the file that run when they are asked for. */
async function buildCommandLine() {
  const { metafile } = await build({
    ...COMMON,
    stdin: { contents: COMMAND_LINE, resolveDir: root, sourcefile: 'command-line.js' },
    outfile: join(dist, 'hawser.js'),
    platform: 'node',
    target: TARGET,
    // What costs time at the start is reading the file; names stay, so that a stack trace can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    // Beyond ASCII, V8 would hold the file in two bytes a character, and that once for each thread.
    charset: 'ascii',
    define: { HAWSER_VERSION: JSON.stringify(version) },
    banner: { js: REQUIRE },
    plugins: [smallClientNode],
    metafile: true,
    legalComments: 'none',
  });
  return Object.keys(metafile.inputs);
}

async function buildSingleCommand(name) {
  await build({
    ...COMMON,
    stdin: { contents: SINGLE_COMMANDS[name], resolveDir: root, sourcefile: `${name}-command.js` },
    outfile: join(dist, `${name}.cjs`),
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    // node:vm runs the file as one expression, a function of what a CommonJS module sees.
    banner: { js: '(function (module, require, __filename) {' },
    footer: { js: '})' },
    define: { 'import.meta.url': '__filename', HAWSER_VERSION: JSON.stringify(version) },
    // Node's own modules, too, are required: import() is not to be had in a script.
    supported: { 'dynamic-import': false },
    minifyWhitespace: true,
    minifySyntax: true,
    // Beyond ASCII, V8 would hold the file in two bytes a character.
    charset: 'ascii',
    plugins: [bcryptWithoutNode, lazyPackages(root), withoutHelm],
    legalComments: 'none',
  });
}

/** dist/worker.js; ends the build where it has become too large. */
async function writeWorker() {
  const { code, metafile } = await buildWorker();
  const [bytes, zipped] = [Buffer.byteLength(code), gzipBytes(code)];
  const size = `${(bytes / 1e6).toFixed(1)} MB, ${Math.ceil(zipped / 1e3)} kB gzip`;
  if (zipped > MOST_GZIP_BYTES) {
    throw new Error(`dist/worker.js would have ${size}: more than the ${MOST_GZIP_BYTES / 1e3} kB that it may have`);
  }
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, 'worker.js'), code);
  process.stdout.write(`dist/worker.js: ${size}\n`);
  return Object.keys(metafile.inputs);
}

/** Side by side, so that what they share (the error type above all) exists once. Their dependencies are installed with the package. */
async function buildLibraries() {
  await build({
    ...COMMON,
    entryPoints: ['hawser', 'helm', 'kustomize', 'gotemplate', 'jsonnet'].map((name) => ({
      in: join(root, 'src', 'library', `${name}.ts`),
      out: name === 'hawser' ? 'library' : name,
    })),
    outdir: dist,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    platform: 'neutral',
    target: 'es2024',
    packages: 'external',
  });
}

function buildTypes() {
  const tsc = join(dirname(fileURLToPath(import.meta.resolve('typescript/package.json'))), 'bin', 'tsc');
  const types = join(dist, 'types');
  const args = [tsc, '-p', join(root, 'tsconfig.types.json'), '--outDir', types];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  // The compiler leaves `.ts` endings in declarations; there, `.js` is what every TypeScript understands.
  for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const text = readFileSync(join(types, name), 'utf8');
    writeFileSync(join(types, name), text.replace(/((?:from |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'));
  }
}

/** The licences of all packages that are inside what is built, as these licences ask for. */
function collectLicenses(inputs) {
  const folders = inputs
    .map((input) => /node_modules\/(?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*(?=\/)/.exec(input)?.[0])
    .filter((folder) => folder !== undefined);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version: its, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const bodies = files.sort().map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
    return `${name} ${its}: ${license}\n\n${bodies.join('\n\n')}`.trim();
  });
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
