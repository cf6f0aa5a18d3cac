// A process that tests kill: it writes to the journal of a folder, and tells on its standard output what was acknowledged.
// Arguments: folder, a word for its ids, `endless` or `full` (the file system takes no more at some point).

import { join } from 'node:path';
import { lockDataFolder } from '../../src/node/data-lock.ts';
import { openJournal } from '../../src/node/file-journal.ts';

const [folder = '', word = '', mode = ''] = process.argv.slice(2);
await lockDataFolder(folder);
const journal = await openJournal(join(folder, 'journal'));
console.log('open');

/** Sizes from a few bytes to more than a page or two, so that a kill meets lines of every kind. */
const recordOf = (number: number) => `${number}:${'x'.repeat((number * 7919) % 12_000)}`;

async function put(number: number, record = recordOf(number)): Promise<void> {
  await journal.put(`${word}-${number}`, record);
  console.log(`put ${word}-${number} ${record.length}`);
}

if (mode === 'endless') {
  for (let number = 0; ; number += 4) {
    await Promise.all([put(number), put(number + 1), put(number + 2), put(number + 3)]);
    console.log(`removing ${word}-${number}`);
    await journal.remove(`${word}-${number}`);
    console.log(`removed ${word}-${number}`);
  }
} else {
  const failures: string[] = [];
  let number = 0;
  while (failures.length === 0) {
    await put(number++, 'x'.repeat(3_000)).catch((error: NodeJS.ErrnoException) => failures.push(error.code ?? ''));
  }
  console.log(`failed ${failures}`);
  for (let earlier = 0; earlier < 3; earlier++) {
    await journal.remove(`${word}-${earlier}`);
    console.log(`removed ${word}-${earlier}`);
  }
  for (const small of [1_000_001, 1_000_002]) await put(small, 'small');
}
