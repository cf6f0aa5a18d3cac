#!/usr/bin/env node
// Starts hawser. Plain JavaScript without static imports, so that a Node that is too old gets a sentence instead of a syntax error.

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `hawser needs Node 22.19 or newer; this is Node ${process.versions.node}. In a checkout, npm ci && npm start uses the Node that npm ci installed.\n`,
  );
  process.exit(1);
}
const [fs, os, path] = ['fs', 'os', 'path'].map((name) => process.getBuiltinModule(`node:${name}`));
const args = process.argv.slice(2);
/** The commands that src/cli/server-commands.ts has. */
const OF_SERVERS = [
  ...['app', 'sync', 'deliveries', 'replay', 'login', 'logout', 'relogin', 'context'],
  ...['proj', 'account', 'cert', 'repocreds'],
];
/** Those that build.js makes scripts of, and their scripts. */
const SCRIPTS = new Map([
  ...['template', 'build', 'jsonnet'].map((name) => [name, name]),
  ...OF_SERVERS.map((name) => [name, 'server']),
]);
const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'hawser');

/** Commands that run for long beside a cluster. */
const SERVERS = ['serve'];

if (SERVERS.includes(args[0])) startSparingly();
start().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(70);
});

/**
 * Node takes what a machine has: 64 MB twice for young objects, a pool of memory for each thread that it gives little of back. A server
 * that has to do with 300 MB says so at its start, which is the only time: this process becomes one that was started with these flags,
 * under the same number. Where that is not to be had, it takes more.
 */
function startSparingly() {
  const { execPath, execArgv, argv, env } = process;
  if (env.MALLOC_ARENA_MAX !== undefined || env.NODE_CHANNEL_FD !== undefined || !process.execve) return;
  // glibc: two pools; what is larger than 128 KiB goes back to the machine when it is freed.
  const malloc = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
  // Old objects may grow by half before they are collected, which Node would let double and more; by less costs more than it spares.
  const flags = ['--max-semi-space-size=8', '--heap-growing-percent=50', ...execArgv];
  try {
    process.execve(execPath, [execPath, ...flags, ...argv.slice(1)], { ...env, ...malloc });
  } catch {
    // Windows has nothing of the kind.
  }
}

async function start() {
  // In a checkout the sources are what was just edited; a package has only dist/.
  const source = path.join(__dirname, '../src/main-cli.ts');
  const isPackage = !fs.existsSync(source);
  const script = SCRIPTS.get(args[0] ?? '');
  if (isPackage && script !== undefined) {
    process.exitCode = await runScript(script, path.join(__dirname, `../dist/${script}.cjs`));
    return;
  }
  const { main } = await (isPackage ? openWhole() : openSources());
  process.exitCode = await main(args);
}

function openWhole() {
  keepCompiled();
  return import('../dist/hawser.js');
}

function openSources() {
  keepCompiled();
  return import('../src/main-cli.ts');
}

function keepCompiled() {
  process.getBuiltinModule('node:module').enableCompileCache(path.join(cache, 'compile-cache'));
}

/**
 * For a small input it is the compiling that takes the time. Node's own compile cache holds a module as it was before it ran; this one
 * holds every function that earlier runs called.
 */
async function runScript(name, file) {
  // One render: what is young when it ends was not worth the memory in which to grow old. Charts leave more of it behind, and v8 takes 4 ms to load.
  if (name === 'template') process.getBuiltinModule('node:v8').setFlagsFromString('--semi-space-growth-factor=1');
  const { Script } = process.getBuiltinModule('node:vm');
  const { size, mtimeMs } = fs.statSync(file);
  const cacheFile = path.join(
    cache,
    `${name}-code`,
    `${process.version}-${process.arch}-${size}-${Math.floor(mtimeMs)}`,
  );
  const cachedData = readIfThere(cacheFile);
  const script = new Script(fs.readFileSync(file, 'latin1'), { filename: file, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module, require, file);
  const status = await module.exports.main(args, openWhole);
  const isStale = cachedData === undefined || script.cachedDataRejected;
  // Other inputs call other functions: now and then a run adds those that it needed.
  if (isStale || Math.random() < 0.1) keep(cacheFile, script.createCachedData(), isStale ? 0 : cachedData.length);
  return status;
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return undefined;
  }
}

/** The caches of other builds go. Nobody's work depends on this: where nothing can be written, nothing is. */
function keep(file, data, length) {
  if (data.length <= length * 1.02) return;
  try {
    const folder = path.dirname(file);
    fs.mkdirSync(folder, { recursive: true });
    for (const name of fs.readdirSync(folder)) {
      if (name !== path.basename(file)) fs.rmSync(path.join(folder, name), { force: true });
    }
    const draft = `${file}.${process.pid}`;
    fs.writeFileSync(draft, data);
    fs.renameSync(draft, file);
  } catch {
    // A read-only home is no fault.
  }
}
