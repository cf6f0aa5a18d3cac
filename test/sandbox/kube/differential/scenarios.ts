// All scenarios by topic; each topic has a file of recorded answers.

import type { Scenario } from './scenario.ts';
import { CUSTOM } from './scenarios/custom.ts';
import { DEFAULTS } from './scenarios/defaults.ts';
import { DELETION } from './scenarios/deletion.ts';
import { OWNERSHIP } from './scenarios/ownership.ts';
import { PATCHES } from './scenarios/patches.ts';
import { READING } from './scenarios/reading.ts';
import { VALIDATION } from './scenarios/validation.ts';
import { WORKLOADS } from './scenarios/workloads.ts';

export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  ownership: OWNERSHIP,
  patches: PATCHES,
  defaults: DEFAULTS,
  validation: VALIDATION,
  deletion: DELETION,
  reading: READING,
  custom: CUSTOM,
  workloads: WORKLOADS,
};
