// What one may do at all, as a table: for pages that show no button that would be refused. hawser's own; `can-i` answers one question at a time.

import * as z from 'zod';
import type { RbacResource, Rights } from '../account/rights.ts';
import { type ApiParts, type Route, route } from './route.ts';

const CRUD = ['get', 'create', 'update', 'delete'] as const;

/** What can be done with each; of actions on resources, whether any may be run. */
const ACTIONS = {
  applications: [...CRUD, 'sync', 'rollback', 'override', 'action/*'],
  applicationsets: CRUD,
  projects: CRUD,
  repositories: CRUD,
  'write-repositories': CRUD,
  clusters: CRUD,
  certificates: ['get', 'create', 'delete'],
  accounts: ['get', 'update'],
  logs: ['get'],
  gpgkeys: ['get'],
} as const satisfies Partial<Record<RbacResource, readonly string[]>>;

/** Objects of these begin with the name of a project. */
const SCOPED: readonly string[] = [
  'applications',
  'applicationsets',
  'repositories',
  'write-repositories',
  'clusters',
  'logs',
];

const answer = z.object({
  items: z.array(
    z.object({
      resource: z.string(),
      action: z.string(),
      /** With all of them, but for what a policy denies or permits by name. */
      everywhere: z.boolean(),
      /** Where not everywhere: the projects in which it may be done. */
      projects: z.array(z.string()),
    }),
  ),
});

export function rightsRoutes({ accounts }: ApiParts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/session/rights',
      summary: "What one may do with what, everywhere or in which projects (hawser's own).",
      need: { kind: 'session' },
      answer,
      handle: async ({ rights }) => {
        const { isRollbackApart, projects } = await accounts.settings();
        const names = [...projects.keys()].sort();
        const items = Object.entries(ACTIONS).flatMap(([name, actions]) => {
          const resource = name as keyof typeof ACTIONS;
          return actions.map((action) => {
            const asked = action === 'rollback' && !isRollbackApart ? 'sync' : action;
            return { resource, action, ...reach(rights, resource, asked, names) };
          });
        });
        return { items };
      },
    }),
  ];
}

function reach(rights: Rights, resource: RbacResource, action: string, projects: readonly string[]) {
  const may = (object: string) => rights.may(resource, action, object);
  if (may(SCOPED.includes(resource) ? '*/*' : '*')) return { everywhere: true, projects: [] };
  if (resource === 'projects') return { everywhere: false, projects: projects.filter(may) };
  if (!SCOPED.includes(resource)) return { everywhere: false, projects: [] };
  return { everywhere: false, projects: projects.filter((project) => may(`${project}/*`)) };
}
