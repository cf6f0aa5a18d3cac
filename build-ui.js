// The browser's part of hawser: src/ui/web into dist/ui (`npm run build`), or into memory, for a checkout that was not built.
// Plain JavaScript: build.js runs it before anything else.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;
const web = join(root, 'src', 'ui', 'web');

/** Styles that others build on come first; then all of each folder. */
const STYLES_FIRST = ['style/tokens.css', 'style/base.css'];
const STYLE_FOLDERS_FIRST = ['parts', 'shell'];

/**
 * `import 'all-styles'`: every style of the UI as one file. Views are loaded when they are looked at, and a style that came only then would
 * show a page without it first.
 */
const allStyles = {
  name: 'all-styles',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^all-styles$/ }, () => ({ path: 'all-styles', namespace: 'all-styles' }));
    onLoad({ filter: /.*/, namespace: 'all-styles' }, () => ({
      contents: styleFiles()
        .map((file) => `import ${JSON.stringify(`./${file}`)};`)
        .join('\n'),
      resolveDir: web,
      watchDirs: [web],
    }));
  },
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
  return (await bundleUi()).files;
}

/** The same, with the names of all that is in them. */
async function bundleUi() {
  const outdir = join(root, 'dist', 'ui');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      app: join(web, 'main.tsx'),
      plain: join(web, 'plain', 'plain.css'),
      'render-worker': join(web, 'try', 'render-worker.ts'),
    },
    outdir,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['es2024', 'chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    charset: 'utf8',
    metafile: true,
    legalComments: 'none',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [allStyles],
  });
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({
    name: relative('dist/ui', path),
    output,
  }));
  const entry = outputs.find(({ output }) => output.entryPoint?.endsWith('ui/web/main.tsx'));
  const worker = outputs.find(({ output }) => output.entryPoint?.endsWith('render-worker.ts'));
  if (!entry) throw new Error('src/ui/web/main.tsx was not built');
  const preload = [...importsOf(entry.output, metafile.outputs)].map((path) => relative('dist/ui', path));
  const style = relative('dist/ui', entry.output.cssBundle ?? '');
  const plain = outputs.find(({ output }) => output.entryPoint?.endsWith('plain.css'));
  const plainStyle = plain?.name ?? '';
  const manifest = { script: entry.name, style, preload, plainStyle, ...(worker && { renderWorker: worker.name }) };
  const files = new Map(
    outputFiles
      .map(({ path, contents }) => [relative(outdir, path), contents])
      // Their styles are in the one file already.
      .filter(([name]) => !name.endsWith('.css') || name === style || name === plainStyle),
  );
  files.set('icon.svg', readFileSync(join(web, 'icon.svg')));
  files.set('manifest.json', new TextEncoder().encode(`${JSON.stringify(manifest)}\n`));
  return { files, inputs: Object.keys(metafile.inputs) };
}

/** All that has to be there before an output runs. */
function importsOf({ imports }, outputs, found = new Set()) {
  for (const { path, kind, external } of imports) {
    if (kind !== 'import-statement' || external || found.has(path)) continue;
    found.add(path);
    importsOf(outputs[path], outputs, found);
  }
  return found;
}

/** Writes them into a folder, in which nothing else stays. Gives the names of all that is in them. */
export async function writeUi(folder) {
  const { files, inputs } = await bundleUi();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of files) writeFileSync(join(folder, name), contents);
  return inputs;
}

// `node build-ui.js`, as wrangler.toml calls it.
if (import.meta.main) await writeUi(join(root, 'dist', 'ui'));
