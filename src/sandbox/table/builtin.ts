// Columns of the built-in kinds.
//
// Source: k8s.io/kubernetes, pkg/printers/internalversion/printers.go.

import type { Columns } from './table.ts';

export const BUILTIN_COLUMNS: Readonly<Record<string, Columns>> = {};
