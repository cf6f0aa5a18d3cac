// The table of rights: a row for each thing, a column for each action, in the order in which they come.

export interface RightsItem {
  readonly resource: string;
  readonly action: string;
  readonly everywhere: boolean;
  readonly projects: readonly string[];
}

export interface RightsRow {
  readonly resource: string;
  readonly cells: Readonly<Record<string, Pick<RightsItem, 'everywhere' | 'projects'>>>;
}

export function rightsRows(items: readonly RightsItem[]): {
  readonly actions: readonly string[];
  readonly rows: readonly RightsRow[];
} {
  const actions = [...new Set(items.map(({ action }) => action))];
  const resources = [...new Set(items.map(({ resource }) => resource))];
  const rows = resources.map((resource) => ({
    resource,
    cells: Object.fromEntries(
      items
        .filter((item) => item.resource === resource)
        .map(({ action, everywhere, projects }) => [action, { everywhere, projects }]),
    ),
  }));
  return { actions, rows };
}

/** The actions that may be done anywhere. */
export function permittedIn(cells: RightsRow['cells']): readonly (readonly [string, RightsRow['cells'][string]])[] {
  return Object.entries(cells).filter(([, { everywhere, projects }]) => everywhere || projects.length > 0);
}
