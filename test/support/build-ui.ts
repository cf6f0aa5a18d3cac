// Builds the web UI once, for all servers that the tests of a run start.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Builder {
  writeUi(folder: string): Promise<unknown>;
}

export async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-ui-'));
  const { writeUi } = (await import(new URL('../../build-ui.js', import.meta.url).href)) as Builder;
  await writeUi(folder);
  process.env.HAWSER_UI = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
