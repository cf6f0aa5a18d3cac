// The browser's part of hawser: src/ui/web into dist/ui (`npm run build`), or into memory, for a checkout that was not built.
// Plain JavaScript: build.js runs it before anything else.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { build as bundle } from 'esbuild';

const root = import.meta.dirname;
const web = join(root, 'src', 'ui', 'web');

/** What the page's script, style and chunks are called: a name never has another content. */
const NAMES = '[name]-[hash]';
const BROWSERS = ['es2024', 'chrome123', 'firefox120', 'safari17.5'];

/** Styles that others build on come first; then all of each folder. */
const STYLES_FIRST = ['style/tokens.css', 'style/base.css'];
const STYLE_FOLDERS_FIRST = ['parts', 'shell'];

/**
 * `import 'all-styles'`: every style of the UI as one file. Views are loaded when they are looked at, and a style that came only then would
 * show a page without it first.
 */
const allStyles = {
  name: 'all-styles',
  resolveId: (id) => (id === 'all-styles' ? '\0all-styles' : undefined),
  load: (id) =>
    id === '\0all-styles'
      ? styleFiles()
          .map((file) => `import ${JSON.stringify(join(web, file))};`)
          .join('\n')
      : undefined,
};

function styleFiles() {
  const files = readdirSync(web, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.css') && !file.startsWith('plain/'));
  const rank = (file) => {
    const first = STYLES_FIRST.indexOf(file);
    if (first >= 0) return first;
    const folder = STYLE_FOLDERS_FIRST.indexOf(file.split('/')[0]);
    return STYLES_FIRST.length + (folder >= 0 ? folder : STYLE_FOLDERS_FIRST.length);
  };
  return files.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/**
 * The files of the UI by their names, and `manifest.json`, which says what a page begins with: `{ script, style, preload }`.
 *
 * @returns {Promise<Map<string, Uint8Array>>}
 */
export async function buildUi() {
  return (await buildAll()).files;
}

/** Writes them into a folder, in which nothing else stays. Gives the names of all that is in them. */
export async function writeUi(folder) {
  const { files, inputs } = await buildAll();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
  return inputs;
}

async function buildAll() {
  const [page, plain, worker] = await Promise.all([
    buildPage(),
    buildAlone(join(web, 'plain', 'plain.css')),
    buildAlone(join(web, 'try', 'render-worker.ts')),
  ]);
  const manifest = { ...page.manifest, plainStyle: plain.name, renderWorker: worker.name };
  const files = new Map([...page.files, [plain.name, plain.contents], [worker.name, worker.contents]]);
  files.set('icon.svg', readFileSync(join(web, 'icon.svg')));
  files.set('manifest.json', Buffer.from(`${JSON.stringify(manifest)}\n`));
  return { files, inputs: [...page.inputs, ...plain.inputs, ...worker.inputs] };
}

/**
 * The page: what every view needs as one chunk, and each view by itself. esbuild would make a chunk of each module that two views share:
 * 65 requests before the first paint.
 */
async function buildPage() {
  const { build } = await import('vite');
  const { output } = await build({
    configFile: false,
    root: web,
    base: '/assets/',
    publicDir: false,
    logLevel: 'error',
    plugins: [allStyles],
    define: { 'process.env.NODE_ENV': '"production"' },
    css: { modules: { generateScopedName: shortName } },
    // Whatever NODE_ENV says, as tests do: nothing of a developer's machine is in it.
    mode: 'production',
    resolve: { conditions: ['module', 'browser', 'production'] },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
    build: {
      write: false,
      target: BROWSERS,
      minify: 'oxc',
      cssCodeSplit: false,
      // The other one spells out light-dark() for browsers that are older than these.
      cssMinify: 'esbuild',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        input: { app: join(web, 'main.tsx') },
        output: {
          entryFileNames: `${NAMES}.js`,
          // A common chunk is named after all that have it in common.
          chunkFileNames: ({ name }) => `${name.startsWith('common') ? 'common' : '[name]'}-[hash].js`,
          assetFileNames: `${NAMES}[extname]`,
          hashCharacters: 'base36',
          codeSplitting: {
            groups: [
              { name: 'shared', tags: ['$initial'] },
              { name: 'common', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 24_000 },
            ],
          },
        },
      },
    },
  });
  const entry = output.find(({ isEntry }) => isEntry);
  const style = output.find(({ fileName }) => fileName.endsWith('.css'));
  const chunks = output.filter(({ type }) => type === 'chunk');
  return {
    manifest: { script: entry.fileName, style: style.fileName, preload: [...importsOf(entry, chunks)] },
    files: output.map(({ type, fileName, code, source }) => [fileName, Buffer.from(type === 'chunk' ? code : source)]),
    inputs: chunks.flatMap(({ moduleIds }) => moduleIds.map((id) => relative(root, id))),
  };
}

/** A class of one file: names tell nothing to a browser, and are a fifth of the style. */
function shortName(name, file) {
  return `_${createHash('sha256')
    .update(`${relative(web, file)} ${name}`)
    .digest('base64url')
    .slice(0, 6)}`;
}

/** All that has to be there before a chunk runs. */
function importsOf({ imports }, chunks, found = new Set()) {
  for (const name of imports.filter((one) => !found.has(one))) {
    found.add(name);
    importsOf(
      chunks.find(({ fileName }) => fileName === name),
      chunks,
      found,
    );
  }
  return found;
}

/** What shares nothing with the page, as one file. */
async function buildAlone(file) {
  const { outputFiles, metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: [file],
    outdir: join(root, 'dist', 'ui'),
    entryNames: NAMES,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: BROWSERS,
    minify: true,
    charset: 'utf8',
    metafile: true,
    legalComments: 'none',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [{ path, contents }] = outputFiles;
  return { name: basename(path), contents, inputs: Object.keys(metafile.inputs) };
}

// `node build-ui.js`, as wrangler.toml calls it.
if (import.meta.main) await writeUi(join(root, 'dist', 'ui'));
