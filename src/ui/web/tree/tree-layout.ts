// Where each object of a forest stands: waves as columns from left to right, owners above what they own, and what is fine folded to a count.
// On a narrow page the waves stand below each other. Pure: the same forest, width and choice of folds give the same places.

import type { SyncPhase } from '../../../application/types.ts';
import { isBranchFine, isFine, type TreeNode, walk } from './tree-model.ts';

/** One that is shown: an object, or several of one kind that are fine, folded. */
export interface Row {
  readonly key: string;
  readonly node: TreeNode | undefined;
  /** Of a group: what it has. */
  readonly group: { readonly kind: string; readonly count: number } | undefined;
  readonly depth: number;
  /** What is folded below it. */
  readonly hidden: number;
  /** undefined where there is nothing to fold. */
  readonly isOpen: boolean | undefined;
  /** Of those of the same owner, from 1. */
  readonly position: number;
  readonly setSize: number;
  readonly parent: string | undefined;
}

export interface Box extends Row {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Band {
  readonly id: string;
  readonly kind: 'wave' | 'phase' | 'orphaned';
  readonly wave: number;
  readonly phase: SyncPhase | undefined;
  readonly count: number;
  readonly notFine: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly boxes: readonly Box[];
  /** From an owner to what it owns, as the path of an SVG. */
  readonly lines: string;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
}

export interface LayoutOptions {
  /** Pixels that there are. */
  readonly width: number;
  readonly folds: Folds;
  readonly isCompact?: boolean;
}

export interface Folds {
  /** `all` shows everything; `none` folds whatever is fine; otherwise small Applications are shown whole. */
  readonly mode: 'auto' | 'all' | 'none';
  /** Keys that somebody has opened or closed. */
  readonly changed: ReadonlyMap<string, boolean>;
}

/** Up to so many objects there is nothing to gain by folding. */
const SMALL = 16;
/** From so many roots on, those of one kind that are fine are told as a count. */
const MANY_ROOTS = 36;
const LEAST_GROUP = 4;

export const BAND_HEAD = 32;
const LEAST_COLUMN = 264;
const WIDEST_COLUMN = 440;
const COLUMN_GAP = 12;
const BAND_GAP = 24;
const STACKED_BELOW = 600;
const INDENT = 20;
const ROW_GAP = 8;
/** Columns shorter than that are not split further. */
const SHORT = 80;
/** Of the monospace type that names are set in, at 13 pixels. */
const CHARACTER = 7.9;
const BOX_FURNITURE = 84;

export function layoutForest(forest: readonly TreeNode[], { width, folds, isCompact = false }: LayoutOptions): Layout {
  const total = [...walk(forest)].length;
  const bands = bandsOf(forest).map((band) => ({ ...band, branches: branchesOf(band.roots, folds, total) }));
  if (width < STACKED_BELOW) return stack(bands, width, isCompact);
  // What is nobody's belongs to no wave: it stands below them.
  const waves = bands.filter(({ kind }) => kind !== 'orphaned');
  const above = beside(waves, 0, width, isCompact);
  const below = beside(
    bands.filter((band) => !waves.includes(band)),
    above.height + (waves.length > 0 ? BAND_GAP : 0),
    width,
    isCompact,
  );
  return {
    width: Math.max(above.width, below.width),
    height: below.bands.length > 0 ? below.height : above.height,
    bands: [...above.bands, ...below.bands],
  };
}

/** From left to right, below `top`. */
function beside(bands: readonly FoldedBand[], top: number, width: number, isCompact: boolean): Layout {
  const columns = spread(bands, width, isCompact);
  const columnWidth = columnWidthOf(width, columns);
  let x = 0;
  let height = top;
  const placed = bands.map((band, index) => {
    const count = columns[index] ?? 1;
    const bandWidth = count * columnWidth + (count - 1) * COLUMN_GAP;
    const { boxes, bottom } = placeColumns(split(band.branches, count, columnWidth, isCompact), {
      ...{ x, y: top + BAND_HEAD, columnWidth, isCompact },
    });
    const made = toBand(band, { x, y: top, width: bandWidth }, boxes);
    x += bandWidth + BAND_GAP;
    height = Math.max(height, bottom);
    return made;
  });
  return { width: Math.max(0, x - BAND_GAP), height, bands: placed };
}

/** In the order of reading: what arrow keys go through. */
export function rowsOf({ bands }: Layout): readonly Box[] {
  return bands.flatMap(({ boxes }) => boxes);
}

// Bands ----------------------------------------------------------------------------------------------------------------

interface RootBand extends Pick<Band, 'id' | 'kind' | 'wave' | 'phase'> {
  readonly roots: readonly TreeNode[];
}

const PHASES: readonly SyncPhase[] = ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'PreDelete', 'PostDelete'];

/** As a sync goes: hooks before it, its waves, hooks after it; last what is nobody's. */
function bandsOf(forest: readonly TreeNode[]): readonly RootBand[] {
  const bands = new Map<string, { band: Omit<RootBand, 'roots'>; roots: TreeNode[]; rank: readonly number[] }>();
  for (const root of forest) {
    const { band, rank } = bandOf(root);
    const known = bands.get(band.id);
    if (known) known.roots.push(root);
    else bands.set(band.id, { band, roots: [root], rank });
  }
  return [...bands.values()]
    .sort((a, b) => (a.rank[0] ?? 0) - (b.rank[0] ?? 0) || (a.rank[1] ?? 0) - (b.rank[1] ?? 0))
    .map(({ band, roots }) => ({ ...band, roots }));
}

function bandOf(root: TreeNode): { readonly band: Omit<RootBand, 'roots'>; readonly rank: readonly number[] } {
  const { wave, hookPhase } = root;
  if (root.isOrphaned) {
    return { band: { id: 'orphaned', kind: 'orphaned', wave: 0, phase: undefined }, rank: [PHASES.length] };
  }
  if (hookPhase !== undefined && hookPhase !== 'Sync') {
    const band = { id: hookPhase, kind: 'phase' as const, wave, phase: hookPhase };
    return { band, rank: [PHASES.indexOf(hookPhase)] };
  }
  return { band: { id: `wave ${wave}`, kind: 'wave', wave, phase: undefined }, rank: [PHASES.indexOf('Sync'), wave] };
}

// Folding --------------------------------------------------------------------------------------------------------------

type Branch = readonly Row[];

function branchesOf(roots: readonly TreeNode[], folds: Folds, total: number): readonly Branch[] {
  const wanted = folds.mode !== 'all' && roots.length > MANY_ROOTS ? groupsOf(roots) : new Map<string, TreeNode[]>();
  const grouped = new Set([...wanted.values()].flat());
  const setSize = roots.length - grouped.size + wanted.size;
  const open = (key: string) =>
    folds.changed.get(key) ?? (folds.mode === 'all' || (folds.mode === 'auto' && total <= SMALL));
  const done = new Set<string>();
  const branches: Branch[] = [];
  for (const root of roots) {
    const position = branches.length + 1;
    if (!grouped.has(root)) {
      branches.push(rowsBelow(root, { depth: 0, position, setSize, parent: undefined, open }));
      continue;
    }
    if (done.has(root.kind)) continue;
    done.add(root.kind);
    branches.push(groupRows(root.kind, wanted.get(root.kind) ?? [], { position, setSize, open, wave: root.wave }));
  }
  return branches;
}

/** Kinds with several roots of which nothing needs to be looked at. */
function groupsOf(roots: readonly TreeNode[]): Map<string, TreeNode[]> {
  const groups = new Map<string, TreeNode[]>();
  for (const root of roots) {
    if (isBranchFine(root)) groups.set(root.kind, [...(groups.get(root.kind) ?? []), root]);
  }
  for (const [kind, nodes] of groups) if (nodes.length < LEAST_GROUP) groups.delete(kind);
  return groups;
}

interface Place {
  readonly depth: number;
  readonly position: number;
  readonly setSize: number;
  readonly parent: string | undefined;
  readonly open: (key: string) => boolean;
}

function groupRows(
  kind: string,
  nodes: readonly TreeNode[],
  { position, setSize, open, wave }: Pick<Place, 'position' | 'setSize' | 'open'> & { readonly wave: number },
): Branch {
  const key = `${wave} ${kind}`;
  // It is opened by hand alone.
  const isOpen = open(`group ${key}`);
  const group: Row = {
    ...{ key: `group ${key}`, node: undefined, group: { kind, count: nodes.length }, depth: 0 },
    ...{ hidden: isOpen ? 0 : nodes.length, isOpen, position, setSize, parent: undefined },
  };
  if (!isOpen) return [group];
  const below = nodes.flatMap((node, index) =>
    rowsBelow(node, { ...{ depth: 1, position: index + 1, setSize: nodes.length, parent: group.key }, open }),
  );
  return [group, ...below];
}

/** A node and what is shown below it: what is not fine always, the rest where it is open. */
function rowsBelow(node: TreeNode, { depth, position, setSize, parent, open }: Place): Branch {
  const fine = node.children.filter(isBranchFine);
  const isOpen = fine.length === 0 ? (node.children.length > 0 ? true : undefined) : open(node.key);
  const shown = isOpen === false ? node.children.filter((child) => !fine.includes(child)) : node.children;
  const hidden = isOpen === false ? [...walk(fine)].length : 0;
  const row: Row = {
    ...{ key: node.key, node, group: undefined, depth, hidden, position, setSize, parent },
    isOpen: fine.length === 0 && node.children.length > 0 ? true : isOpen,
  };
  const below = shown.flatMap((child, index) =>
    rowsBelow(child, { depth: depth + 1, position: index + 1, setSize: shown.length, parent: node.key, open }),
  );
  return [row, ...below];
}

// Places ---------------------------------------------------------------------------------------------------------------

type FoldedBand = RootBand & { readonly branches: readonly Branch[] };

/** How many columns each band gets: one, and what is left over to whoever is tallest. */
function spread(bands: readonly FoldedBand[], width: number, isCompact: boolean): readonly number[] {
  const columns = bands.map(() => 1);
  const room = () => width - (bands.length - 1) * (BAND_GAP - COLUMN_GAP) + COLUMN_GAP;
  const fits = (count: number) => count * (LEAST_COLUMN + COLUMN_GAP) <= room();
  for (;;) {
    const used = columns.reduce((sum, count) => sum + count, 0);
    if (!fits(used + 1)) return columns;
    const heights = bands.map(({ branches }, index) => {
      const count = columns[index] ?? 1;
      if (count >= branches.length) return 0;
      return Math.max(
        ...split(branches, count, LEAST_COLUMN, isCompact).map((column) =>
          heightOf(column.flat(), LEAST_COLUMN, isCompact),
        ),
      );
    });
    const tallest = Math.max(0, ...heights);
    if (tallest <= SHORT) return columns;
    const index = heights.indexOf(tallest);
    columns[index] = (columns[index] ?? 1) + 1;
  }
}

function columnWidthOf(width: number, columns: readonly number[]): number {
  const count = columns.reduce((sum, one) => sum + one, 0);
  const gaps = (count - columns.length) * COLUMN_GAP + (columns.length - 1) * BAND_GAP;
  const fair = Math.floor((width - gaps) / Math.max(1, count));
  return Math.max(LEAST_COLUMN, Math.min(WIDEST_COLUMN, fair));
}

/** Into columns of about one height, in order. */
function split(
  branches: readonly Branch[],
  count: number,
  columnWidth: number,
  isCompact: boolean,
): readonly (readonly Branch[])[] {
  const heights = branches.map((branch) => heightOf(branch, columnWidth, isCompact) + ROW_GAP);
  let [low, high] = [Math.max(0, ...heights), heights.reduce((sum, height) => sum + height, 0)];
  // The least height that all fit into.
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (columnsNeeded(heights, middle) <= count) high = middle;
    else low = middle + 1;
  }
  const columns: Branch[][] = [[]];
  let height = 0;
  branches.forEach((branch, index) => {
    const own = heights[index] ?? 0;
    if (height > 0 && height + own > low) {
      columns.push([]);
      height = 0;
    }
    columns.at(-1)?.push(branch);
    height += own;
  });
  return columns;
}

function columnsNeeded(heights: readonly number[], most: number): number {
  let [columns, height] = [1, 0];
  for (const own of heights) {
    if (height > 0 && height + own > most) {
      columns += 1;
      height = 0;
    }
    height += own;
  }
  return columns;
}

interface ColumnPlace {
  readonly x: number;
  readonly y: number;
  readonly columnWidth: number;
  readonly isCompact: boolean;
}

function placeColumns(columns: readonly (readonly Branch[])[], { x, y, columnWidth, isCompact }: ColumnPlace) {
  let bottom = y;
  const boxes = columns.flatMap((branches, index) => {
    const left = x + index * (columnWidth + COLUMN_GAP);
    let top = y;
    return branches.flat().map((row): Box => {
      const width = columnWidth - row.depth * INDENT;
      const height = boxHeight(row, width, isCompact);
      const box = { ...row, x: left + row.depth * INDENT, y: top, width, height };
      top += height + ROW_GAP;
      bottom = Math.max(bottom, top);
      return box;
    });
  });
  return { boxes, bottom };
}

function stack(bands: readonly FoldedBand[], width: number, isCompact: boolean): Layout {
  let y = 0;
  const placed = bands.map((band) => {
    const { boxes, bottom } = placeColumns([band.branches], { x: 0, y: y + BAND_HEAD, columnWidth: width, isCompact });
    const made = toBand(band, { x: 0, y, width }, boxes);
    y = bottom + ROW_GAP;
    return made;
  });
  return { width, height: y, bands: placed };
}

function toBand(band: FoldedBand, place: Pick<Band, 'x' | 'y' | 'width'>, boxes: readonly Box[]): Band {
  const { id, kind, wave, phase, roots } = band;
  const all = [...walk(roots)];
  const notFine = all.filter((node) => !isFine(node)).length;
  return { id, kind, wave, phase, ...place, count: all.length, notFine, boxes, lines: linesOf(boxes) };
}

/** A name that is too long for a line has two. */
function boxHeight({ node, group }: Row, width: number, isCompact: boolean): number {
  const name = node?.name ?? group?.kind ?? '';
  const isLong = name.length * CHARACTER > width - BOX_FURNITURE;
  return (isCompact ? 44 : 52) + (isLong ? 18 : 0);
}

function heightOf(rows: readonly Row[], columnWidth: number, isCompact: boolean): number {
  const heights = rows.map((row) => boxHeight(row, columnWidth - row.depth * INDENT, isCompact));
  return heights.reduce((sum, height) => sum + height, 0) + Math.max(0, rows.length - 1) * ROW_GAP;
}

function linesOf(boxes: readonly Box[]): string {
  const byKey = new Map(boxes.map((box) => [box.key, box]));
  return boxes
    .flatMap((box) => {
      const owner = box.parent === undefined ? undefined : byKey.get(box.parent);
      if (!owner) return [];
      return [`M${owner.x + INDENT / 2} ${owner.y + owner.height}V${box.y + 22}H${box.x}`];
    })
    .join('');
}

// Walking --------------------------------------------------------------------------------------------------------------

export type Step = 'up' | 'down' | 'left' | 'right' | 'first' | 'last';

/** What the arrow keys lead to: the key of another box, or that this one is to be opened or closed. */
export function stepFrom(
  layout: Layout,
  key: string,
  step: Step,
): { readonly go: string } | { readonly open: boolean } | undefined {
  const boxes = rowsOf(layout);
  const index = boxes.findIndex((box) => box.key === key);
  const box = boxes[index];
  if (!box) return boxes[0] && { go: boxes[0].key };
  const to = (found: Box | undefined) => (found ? { go: found.key } : undefined);
  switch (step) {
    case 'up':
      return to(boxes[index - 1]);
    case 'down':
      return to(boxes[index + 1]);
    case 'first':
      return to(boxes[0]);
    case 'last':
      return to(boxes.at(-1));
    case 'right': {
      if (box.isOpen === false) return { open: true };
      const child = boxes.find(({ parent }) => parent === key);
      return to(child ?? nearest(boxes, box, 1));
    }
    case 'left': {
      if (canFold(box)) return { open: false };
      const owner = box.parent === undefined ? undefined : boxes.find((other) => other.key === box.parent);
      return to(owner ?? nearest(boxes, box, -1));
    }
  }
}

/** What differs or fails is never folded. */
export function canFold({ isOpen, node, group }: Row): boolean {
  return isOpen === true && (group !== undefined || (node?.children.some(isBranchFine) ?? false));
}

/** The nearest one of the next column to a side. */
function nearest(boxes: readonly Box[], { x, y, depth }: Box, side: 1 | -1): Box | undefined {
  const left = x - depth * INDENT;
  const columns = [...new Set(boxes.map((box) => box.x - box.depth * INDENT))].sort((a, b) => a - b);
  const column = columns[columns.indexOf(left) + side];
  if (column === undefined) return undefined;
  return boxes
    .filter((box) => box.x - box.depth * INDENT === column)
    .reduce<Box | undefined>(
      (best, box) => (best && Math.abs(best.y - y) <= Math.abs(box.y - y) ? best : box),
      undefined,
    );
}
