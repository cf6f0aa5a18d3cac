// npm run conformance: every layer of the corpus, a table, the ids that fail. Exits 0 when all bars hold.
// `-- --corpus DIR` another folder of the same format, `--only LAYER` one layer or folder, `--json FILE` the results with all messages.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isChosen, LAYERS } from './layers.ts';
import { formatFailures, formatTable, type Judged, judge } from './report.ts';

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { corpus: { type: 'string' }, only: { type: 'string' }, json: { type: 'string' } },
  });
  const corpusDir = resolve(
    values.corpus ?? process.env.HAWSER_CORPUS ?? resolve(import.meta.dirname, '../../../shared/corpus'),
  );
  if (!existsSync(corpusDir)) {
    say(`SKIPPED: there is no corpus at ${corpusDir} (--corpus DIR or HAWSER_CORPUS names one)`);
    return 0;
  }
  const { only } = values;
  // A layer may give several results, and `--only` may name one of them.
  const chosen = LAYERS.filter(({ name }) => only === undefined || isChosen(name, only) || only.startsWith(`${name}/`));
  if (chosen.length === 0) {
    say(`no layer is called ${only}; there are ${LAYERS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const results: Judged[] = [];
  for (const { name, files, run } of chosen) {
    const missing = files.filter((file) => !existsSync(join(corpusDir, file)));
    if (missing.length > 0) {
      say(`SKIPPED: ${name}: the corpus has no ${missing.join(', ')}`);
      continue;
    }
    for (const result of await run(corpusDir)) {
      if (result.cases === 0) say(`SKIPPED: ${result.layer}: no case`);
      else results.push(judge(result));
    }
  }
  for (const path of unread(corpusDir)) if (only === undefined) say(`no layer reads corpus/${path}`);
  process.stdout.write(`${formatFailures(results)}\n${formatTable(results)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  return results.every(({ holds }) => holds) ? 0 : 1;
}

/** Folders of the corpus, and lists of cases in those that are read, that no layer reads. */
function unread(corpusDir: string): string[] {
  const read = new Set([...LAYERS.flatMap(({ files }) => files), 'helm/charts.jsonl']); // Where the charts come from.
  const folders = readdirSync(corpusDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => {
    if (![...read].some((file) => file.startsWith(`${name}/`))) return [`${name}/`];
    const lists = readdirSync(join(corpusDir, name)).filter((file) => file.endsWith('.jsonl'));
    return lists.map((file) => `${name}/${file}`).filter((path) => !read.has(path));
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
