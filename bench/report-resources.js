// Loaded into a measured process: writes what keeps its event loop alive to the file that SIGUSR2 asks for.

import { writeFileSync } from 'node:fs';

process.on('SIGUSR2', () => {
  const file = process.env.HAWSER_BENCH_RESOURCES;
  if (file) writeFileSync(file, JSON.stringify(process.getActiveResourcesInfo()));
});
