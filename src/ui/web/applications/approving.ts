// Which held sync somebody is about to let go now.

import { signal } from '@preact/signals';
import type { Application } from '../../../application/types.ts';

export const toApprove = signal<Application | undefined>(undefined);
