// Whether the palette, or the sheet of shortcuts, is open.

import { signal } from '@preact/signals';

export const isPaletteOpen = signal(false);
export const isHelpOpen = signal(false);
