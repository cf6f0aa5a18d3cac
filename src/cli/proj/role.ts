// hawser proj role: the roles of a project, what they may do, who has them, and their tokens (Argo CD: cmd/argocd/commands/project_role.go).

import { HawserError } from '../../base/errors.ts';
import { at, stringAt } from '../../base/json.ts';
import { isAgreed } from '../agree.ts';
import { callServer } from '../api-client.ts';
import { outputOption } from '../app/context.ts';
import { formatSeconds, parseSeconds } from '../durations.ts';
import { formatData } from '../output.ts';
import { formatTable } from '../table.ts';
import { claimsOf } from '../token.ts';
import { getProject, listOf, type ProjectContext, pathOfProject, putSpec, specOf, textsOf } from './context.ts';

type Role = Readonly<Record<string, unknown>>;

/** Of RBAC, those that a project's role may be about. */
const RESOURCES = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories', 'projects'];

export function addRoleVerbs(context: ProjectContext): void {
  const { io } = context;
  const roles = context.program.command('role').description('its roles and their tokens');

  roles
    .command('list <project>')
    .description('all of a project')
    .addOption(outputOption('json', 'yaml', 'wide', 'name'))
    .action(async (project, { output }) => {
      const found = rolesOf(await getProject(await context.connect(), project));
      const names = found.map((role) => `${nameOf(role)}\n`).join('');
      const rows = found.map((role) => [nameOf(role), stringAt(role, 'description') ?? '']);
      io.stdout(
        output === 'name' ? names : (formatData(found, output) ?? formatTable(['ROLE-NAME', 'DESCRIPTION'], rows)),
      );
    });
  roles
    .command('get <project> <role>')
    .description('what one may do, and who has it')
    .action(async (name, given) => {
      const project = await getProject(await context.connect(), name);
      const role = find(rolesOf(project), given);
      const groups = textsOf(role, 'groups');
      io.stdout(
        [
          `${'Role Name:'.padEnd(15)}${given}`,
          `${'Description:'.padEnd(15)}${stringAt(role, 'description') ?? ''}`.trimEnd(),
          'Policies:',
          ...textsOf(role, 'policies'),
          'Groups:',
          ...(groups.length > 0 ? groups.map((group) => `  - ${group}`) : ['<none>']),
          'JWT Tokens:',
          formatTable(
            ['ID', 'ISSUED-AT', 'EXPIRES-AT'],
            tokensOf(project, given).map((token) => tokenRow(token)),
          ),
        ].join('\n'),
      );
    });
  roles
    .command('create <project> <role>')
    .description('one more')
    .option('--description <text>', 'what it is for', '')
    .action(async (project, name, { description }) => {
      await changeRoles(project, (all) => {
        if (all.some((role) => nameOf(role) === name)) {
          io.stdout(`Role '${name}' already exists\n`);
          return all;
        }
        return [...all, { name, ...(description && { description }) }];
      });
      io.stdout(`Role '${name}' created\n`);
    });
  roles
    .command('delete <project> <role>')
    .description('remove one, and its tokens with it')
    .option('-y, --yes', 'do not ask')
    .action(async (project, name, { yes }) => {
      if (!(await isAgreed(io, `Are you sure you want to delete '${name}' role?`, yes)))
        return cancelled(`delete role '${name}'`);
      await changeRoles(project, (all) => {
        find(all, name);
        return all.filter((role) => nameOf(role) !== name);
      });
      io.stdout(`Role '${name}' deleted\n`);
    });
  for (const verb of ['add-policy', 'remove-policy'] as const) {
    roles
      .command(`${verb} <project> <role>`)
      .description(verb === 'add-policy' ? 'let it do something' : 'let it do it no longer')
      .requiredOption('-a, --action <action>', 'get, create, update, delete, sync, override, action/… or *')
      .requiredOption('-o, --object <object>', 'an object of the project, with * for any')
      .option('-p, --permission <permission>', 'allow or deny', 'allow')
      .option('-r, --resource <resource>', RESOURCES.join(', '), 'applications')
      .action(async (project, name, { action, object, permission, resource }) => {
        if (!RESOURCES.includes(resource)) {
          throw new HawserError('InvalidInput', `--resource ${resource} is nothing that a role of a project is about`, {
            hint: RESOURCES.join(', '),
          });
        }
        if (permission !== 'allow' && permission !== 'deny') {
          throw new HawserError('InvalidInput', `--permission ${permission} is neither allow nor deny`);
        }
        const policy = `p, proj:${project}:${name}, ${resource}, ${action}, ${project}/${object}, ${permission}`;
        await changeTexts(project, name, 'policies', policy, verb === 'add-policy');
      });
  }
  for (const verb of ['add-group', 'remove-group'] as const) {
    roles
      .command(`${verb} <project> <role> <group>`)
      .description(verb === 'add-group' ? 'give it to a group of the login provider' : 'take it away from one')
      .action(async (project, name, group) => {
        const isAdd = verb === 'add-group';
        const isDone = await changeTexts(project, name, 'groups', group, isAdd, false);
        const [done, otherwise] = isAdd
          ? [`Group '${group}' added to role '${name}'`, `Group '${group}' already present in role '${name}'`]
          : [`Group '${group}' removed from role '${name}'`, `Group '${group}' not present in role '${name}'`];
        io.stdout(`${isDone ? done : otherwise}\n`);
      });
  }
  addTokenVerbs();

  function addTokenVerbs(): void {
    roles
      .command('create-token <project> <role>')
      .alias('token-create')
      .description('a token with the rights of the role')
      .option('-e, --expires-in <duration>', 'for how long: 12h, 7d (for ever)', '0s')
      .option('-i, --id <id>', 'a name of its own')
      .option('-t, --token-only', 'print nothing but the token')
      .action(async (project, role, options) => {
        const server = await context.connect();
        const expiresIn = parseSeconds(options.expiresIn, '--expires-in');
        const path = `${pathOfProject(project)}/roles/${encodeURIComponent(role)}/token`;
        const answer = await callServer(server, 'POST', path, { expiresIn, ...(options.id && { id: options.id }) });
        const token = stringAt(answer, 'token') ?? '';
        if (options.tokenOnly) return io.stdout(`${token}\n`);
        const claims = claimsOf(token);
        const expires = claims.exp ? formatSeconds(Number(claims.exp)) : 'Never';
        io.stdout(
          `Create token succeeded for ${stringAt(claims, 'sub') ?? `proj:${project}:${role}`}.\n` +
            `  ID: ${stringAt(claims, 'jti') ?? ''}\n  Issued At: ${formatSeconds(Number(claims.iat ?? 0))}\n  Expires At: ${expires}\n` +
            `  Token: ${token}\n`,
        );
      });
    roles
      .command('list-tokens <project> <role>')
      .aliases(['list-token', 'token-list'])
      .description('its tokens, without what is secret')
      .option('-u, --unixtime', 'times as numbers')
      .action(async (name, role, { unixtime }) => {
        const found = tokensOf(await getProject(await context.connect(), name), role);
        if (found.length === 0) return io.stdout(`No tokens for ${name}.${role}\n`);
        io.stdout(
          formatTable(
            ['ID', 'ISSUED AT', 'EXPIRES AT'],
            found.map((token) => tokenRow(token, unixtime)),
          ),
        );
      });
    roles
      .command('delete-token <project> <role> <issued-at>')
      .aliases(['token-delete', 'remove-token'])
      .description('make a token invalid, by when it was issued')
      .option('-y, --yes', 'do not ask')
      .action(async (project, role, issuedAt, { yes }) => {
        if (!/^\d+$/.test(issuedAt)) throw new HawserError('InvalidInput', `${issuedAt} is no time in seconds`);
        if (!(await isAgreed(io, `Are you sure you want to delete '${project}' project token?`, yes)))
          return cancelled('delete the token');
        const path = `${pathOfProject(project)}/roles/${encodeURIComponent(role)}/token/${issuedAt}`;
        await callServer(await context.connect(), 'DELETE', path);
      });
  }

  function cancelled(what: string): void {
    io.stdout(`The command to ${what} was cancelled.\n`);
  }

  async function changeRoles(name: string, edit: (all: readonly Role[]) => readonly Role[]): Promise<boolean> {
    const server = await context.connect();
    const project = await getProject(server, name);
    const before = rolesOf(project);
    const after = edit(before);
    if (after === before) return false;
    await putSpec(server, project, { ...specOf(project), roles: after });
    return true;
  }

  /** Whether it was otherwise before. Throws `NotFound` where what is to go is not there, unless that is no matter. */
  function changeTexts(
    project: string,
    name: string,
    key: 'policies' | 'groups',
    text: string,
    isAdd: boolean,
    isStrict = true,
  ): Promise<boolean> {
    return changeRoles(project, (all) => {
      const texts = textsOf(find(all, name), key);
      if (texts.includes(text) === isAdd) {
        if (isAdd || !isStrict) return all;
        throw new HawserError('NotFound', `failed to find policy in role ${name}: ${text}`);
      }
      const changed = isAdd ? [...texts, text] : texts.filter((one) => one !== text);
      return all.map((role) => (nameOf(role) === name ? { ...role, [key]: changed } : role));
    });
  }
}

function rolesOf(project: Record<string, unknown>): readonly Role[] {
  return listOf(specOf(project), 'roles');
}

function nameOf(role: Role): string {
  return stringAt(role, 'name') ?? '';
}

function find(all: readonly Role[], name: string): Role {
  const found = all.find((role) => nameOf(role) === name);
  if (found) return found;
  throw new HawserError('NotFound', `role '${name}' does not exist in the project`, {
    hint: 'hawser proj role list shows them',
  });
}

function tokensOf(project: Record<string, unknown>, role: string): readonly Role[] {
  const ofStatus = listOf(at(project, 'status', 'jwtTokensByRole', role), 'items');
  return ofStatus.length > 0
    ? ofStatus
    : listOf(
        rolesOf(project).find((one) => nameOf(one) === role),
        'jwtTokens',
      );
}

function tokenRow(token: Role, isUnix = false): readonly string[] {
  const show = (value: unknown) => (isUnix ? String(value) : formatSeconds(Number(value)));
  const { iat = 0, exp } = token;
  return [stringAt(token, 'id') ?? String(iat), show(iat), exp ? show(exp) : isUnix ? '0' : '<none>'];
}
