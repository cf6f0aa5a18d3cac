// A project's roles: what each may do, who has it, and its tokens.

import { KeyRound, Plus, UserCog } from 'lucide';
import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { AsCommand, CopyLine } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { SelectField, TextArea, TextField } from '../parts/field.tsx';
import { Name } from '../parts/name.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Time } from '../parts/time.tsx';
import { tell } from '../parts/toast.tsx';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { Foot, useSaving } from './edit-sheet.tsx';
import { isProjectName, linesOf, type Project, type Role } from './project-form.ts';
import { projectWords } from './project-words.ts';
import s from './projects.module.css';
import { saveSpec } from './save-project.ts';
import { SureButton } from './sure-button.tsx';

interface Props {
  readonly project: Project;
  readonly mayEdit: boolean;
  readonly reload: () => void;
}

export function RolesPart({ project, mayEdit, reload }: Props) {
  const t = useWords(projectWords);
  const query = useQuery();
  const roles = project.spec.roles ?? [];
  const asked = query.get('role');
  const close = () => query.set({ role: undefined, token: undefined });
  const onDone = () => {
    close();
    reload();
  };
  const add = (
    <Button icon={Plus} reason={mayEdit ? undefined : t.mayNotEdit} href={query.with({ role: ' new' })}>
      {t.newRole}
    </Button>
  );
  const chosen = roles.find(({ name }) => name === asked);
  const isToken = query.get('token') !== undefined;
  return (
    <div class={card.stack}>
      {roles.length === 0 ? (
        <Empty icon={UserCog} title={t.noRoles}>
          <p>{t.noRolesText}</p>
          {add}
        </Empty>
      ) : (
        <>
          <div>{add}</div>
          {roles.map((role) => (
            <RoleCard key={role.name} {...{ project, role, mayEdit, reload }} />
          ))}
        </>
      )}
      {asked === ' new' && mayEdit && <RoleSheet {...{ project, onDone }} onClose={close} />}
      {chosen && !isToken && mayEdit && <RoleSheet {...{ project, onDone }} role={chosen} onClose={close} />}
      {chosen && isToken && mayEdit && (
        <TokenSheet project={project.metadata.name} role={chosen.name} onClose={onDone} />
      )}
    </div>
  );
}

function RoleCard({ project, role, mayEdit, reload }: Props & { readonly role: Role }) {
  const t = useWords(projectWords);
  const query = useQuery();
  const { name, description, policies, groups } = role;
  const tokens = project.status?.jwtTokensByRole?.[name]?.items ?? role.jwtTokens ?? [];
  const reason = mayEdit ? undefined : t.mayNotEdit;
  const [error, setError] = useState<unknown>();
  const revoke = async (iat: number, id: string | undefined) => {
    setError(undefined);
    try {
      await call('DELETE /api/v1/projects/{name}/roles/{role}/token/{iat}', {
        params: { name: project.metadata.name, role: name, iat: String(iat) },
        query: { ...(id !== undefined && { id }) },
      });
      tell(t.revoked);
      reload();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <section class={card.card} aria-label={name}>
      <header class={card.head}>
        <h2>
          <Name>{name}</Name>
        </h2>
        <div class={card.row}>
          <Button icon={KeyRound} reason={reason} href={query.with({ role: name, token: 'new' })}>
            {t.makeToken}
          </Button>
          <Button reason={reason} href={query.with({ role: name })}>
            {t.edit}
          </Button>
        </div>
      </header>
      <div class={`${card.pad} ${card.stack}`}>
        {description && <p>{description}</p>}
        {error !== undefined && <Problem error={error} />}
        <dl class={card.pairs}>
          <dt>{t.policies}</dt>
          <dd>
            {(policies ?? []).length === 0 && <span class={s.quiet}>{t.none}</span>}
            <ul role="list">
              {(policies ?? []).map((policy) => (
                <li key={policy}>
                  <PolicyText policy={policy} />
                </li>
              ))}
            </ul>
          </dd>
          <dt>{t.groups}</dt>
          <dd>{(groups ?? []).length === 0 ? <span class={s.quiet}>{t.none}</span> : (groups ?? []).join(', ')}</dd>
          <dt>{t.tokens}</dt>
          <dd>
            {tokens.length === 0 && <span class={s.quiet}>{t.noTokens}</span>}
            <ul role="list" class={s.tokens}>
              {tokens.map(({ iat, exp, id }) => (
                <li key={`${iat} ${id}`} class={card.row}>
                  <Name isMono>{id ?? String(iat)}</Name>
                  <span class={s.quiet}>
                    {t.issued} <Time at={new Date(iat * 1_000).toISOString()} />
                    {' · '}
                    {exp === undefined || exp === 0 ? (
                      t.forever
                    ) : (
                      <>
                        {t.expires} <Time at={new Date(exp * 1_000).toISOString()} />
                      </>
                    )}
                  </span>
                  <SureButton question={t.sureRevoke} reason={reason} onSure={() => void revoke(iat, id)}>
                    {t.revoke}
                  </SureButton>
                </li>
              ))}
            </ul>
          </dd>
        </dl>
      </div>
    </section>
  );
}

/** `p, proj:shop:ci, applications, sync, shop/*, allow` as "allows applications sync shop/*". */
function PolicyText({ policy }: { readonly policy: string }) {
  const t = useWords(projectWords);
  const [, , resource, action, object, effect] = policy.split(',').map((part) => part.trim());
  if (object === undefined) return <code>{policy}</code>;
  return (
    <span title={policy}>
      {effect === 'deny' ? t.denies : t.allows} <span class="mono">{`${resource} ${action} ${object}`}</span>
    </span>
  );
}

interface SheetProps {
  readonly project: Project;
  readonly role?: Role;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function RoleSheet({ project, role, onDone, onClose }: SheetProps) {
  const t = useWords(projectWords);
  const [name, setName] = useState(role?.name ?? '');
  const [description, setDescription] = useState(String(role?.description ?? ''));
  const [policies, setPolicies] = useState((role?.policies ?? []).join('\n'));
  const [groups, setGroups] = useState((role?.groups ?? []).join('\n'));
  const others = (project.spec.roles ?? []).filter((one) => one.name !== role?.name);
  const ruleOf = (action: string, resource = 'applications') =>
    `p, proj:${project.metadata.name}:${name || 'NAME'}, ${resource}, ${action}, ${project.metadata.name}/*, allow`;
  const addPolicies = (rules: readonly string[]) =>
    setPolicies([...new Set([...linesOf(policies), ...rules])].join('\n'));
  const write = (roles: readonly Role[]) => saveSpec(project, { ...project.spec, roles });
  const { save, isBusy, error } = useSaving(async () => {
    const { policies: _p, groups: _g, description: _d, ...rest } = role ?? { name };
    const written = {
      ...rest,
      name,
      ...(description.trim() !== '' && { description: description.trim() }),
      policies: linesOf(policies),
      groups: linesOf(groups),
    };
    const roles = project.spec.roles ?? [];
    await write(role ? roles.map((one) => (one.name === role.name ? written : one)) : [...roles, written]);
    tell(t.roleSaved);
    onDone();
  });
  const removing = useSaving(async () => {
    await write(others);
    tell(t.roleDeleted);
    onDone();
  });
  return (
    <Sheet
      title={role ? `${t.role}: ${role.name}` : t.newRole}
      onClose={onClose}
      footer={
        <Foot
          {...{ onClose, isBusy, save }}
          action={t.saveRole}
          reason={isProjectName(name) ? undefined : t.nameWrong}
        />
      }
    >
      <div class={s.form}>
        {(error ?? removing.error) !== undefined && <Problem error={error ?? removing.error} />}
        <TextField
          {...{ label: t.name, value: name, onInput: setName, hint: t.nameHint }}
          isReadOnly={role !== undefined}
          autoFocus={role === undefined}
        />
        <TextField {...{ label: t.description, value: description, onInput: setDescription }} isOptional />
        <TextArea
          {...{ label: t.policies, value: policies, onInput: setPolicies }}
          rows={6}
          hint={t.policiesHint(ruleOf('sync'))}
        />
        <div class={card.row}>
          <Button onClick={() => addPolicies([ruleOf('get'), ruleOf('get', 'logs')])}>{t.readTemplate}</Button>
          <Button onClick={() => addPolicies([ruleOf('get'), ruleOf('sync')])}>{t.syncTemplate}</Button>
          <Button onClick={() => addPolicies([ruleOf('*')])}>{t.adminTemplate}</Button>
        </div>
        <TextArea {...{ label: t.groups, value: groups, onInput: setGroups, hint: t.groupsHint }} rows={3} isOptional />
      </div>
    </Sheet>
  );
}

const EXPIRIES = [7, 30, 90, 365, 0] as const;

interface TokenProps {
  readonly project: string;
  readonly role: string;
  readonly onClose: () => void;
}

function TokenSheet({ project, role, onClose }: TokenProps) {
  const t = useWords(projectWords);
  const parts = useWords(partWords);
  const [id, setId] = useState('');
  const [days, setDays] = useState('90');
  const [token, setToken] = useState<string | undefined>();
  const { save, isBusy, error } = useSaving(async () => {
    const wish = { expiresIn: Number(days) * 86_400, ...(id.trim() !== '' && { id: id.trim() }) };
    const params = { name: project, role };
    setToken((await call('POST /api/v1/projects/{name}/roles/{role}/token', { params, body: wish })).token);
  });
  return (
    <Sheet
      title={`${t.makeToken}: ${role}`}
      onClose={onClose}
      footer={
        token === undefined ? (
          <Foot {...{ onClose, isBusy, save }} action={t.makeToken} reason={undefined} />
        ) : (
          <Button kind="primary" onClick={onClose}>
            {parts.close}
          </Button>
        )
      }
    >
      <div class={s.form}>
        {error !== undefined && <Problem error={error} />}
        {token === undefined ? (
          <>
            <TextField {...{ label: t.tokenName, value: id, onInput: setId }} isOptional autoFocus />
            <SelectField
              {...{ label: t.tokenExpires, value: days, onChange: setDays }}
              choices={EXPIRIES.map((n) => ({ value: String(n), label: n === 0 ? t.forever : t.days(n) }))}
            />
            <AsCommand command={`hawser proj role create-token ${project} ${role}`} />
          </>
        ) : (
          <>
            <p role="status">{t.tokenMade}</p>
            <CopyLine text={token} label={t.token} />
          </>
        )}
      </div>
    </Sheet>
  );
}
