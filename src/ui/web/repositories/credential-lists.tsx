// Templates of credentials: what repositories below an address are reached with where they have none of their own.

import { KeyRound, Plus } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Answer, call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { ConfirmName } from '../parts/confirm-name.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { Segments, TextField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { tell } from '../parts/toast.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { mayAnywhere } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { CredentialFields } from './credential-fields.tsx';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';
import { commandOf, EMPTY_FORM, problemsOf, type RepositoryForm, templateBodyOf } from './repository-form.ts';
import type { Purpose } from './repository-name.ts';

type Template = Answer<'GET /api/v1/repocreds'>['items'][number];

const LIST = { read: 'GET /api/v1/repocreds', write: 'GET /api/v1/write-repocreds' } as const;
const CREATE = { read: 'POST /api/v1/repocreds', write: 'POST /api/v1/write-repocreds' } as const;
const UPDATE = { read: 'PUT /api/v1/repocreds/{url}', write: 'PUT /api/v1/write-repocreds/{url}' } as const;
const REMOVE = { read: 'DELETE /api/v1/repocreds/{url}', write: 'DELETE /api/v1/write-repocreds/{url}' } as const;
const RESOURCES = { read: 'repositories', write: 'write-repositories' } as const;

export function CredentialLists({ tabs }: { readonly tabs: ComponentChildren }) {
  const t = useWords(repositoriesWords);
  const query = useQuery();
  const [turn, setTurn] = useState(0);
  const purposes = (['read', 'write'] as const).filter((purpose) => mayAnywhere(RESOURCES[purpose], 'get'));
  const creatable = purposes.filter((purpose) => mayAnywhere(RESOURCES[purpose], 'create'));
  const isNew = query.get('sheet') === 'template';
  const done = () => {
    query.set({ sheet: undefined, url: undefined, for: undefined });
    setTurn((old) => old + 1);
  };
  return (
    <Page
      title={t.title}
      actions={
        <Button
          kind="primary"
          icon={Plus}
          reason={creatable.length > 0 ? undefined : t.mayNotCreate}
          onClick={() => query.set({ sheet: 'template' }, true)}
        >
          {t.templates.add}
        </Button>
      }
    >
      {tabs}
      <div class={card.stack}>
        <p class={s.lead}>{t.templates.text}</p>
        {purposes.map((purpose) => (
          <Templates key={`${purpose} ${turn}`} purpose={purpose} onDone={done} />
        ))}
        <AsCommand command="hawser repocreds list" />
        {isNew && query.get('url') === undefined && (
          <TemplateSheet purposes={creatable} onClose={() => query.set({ sheet: undefined })} onDone={done} />
        )}
      </div>
    </Page>
  );
}

function Templates({ purpose, onDone }: { readonly purpose: Purpose; readonly onDone: () => void }) {
  const t = useWords(repositoriesWords);
  const query = useQuery();
  const { value, error, isLoading, reload } = useLoad((signal) => call(LIST[purpose], { signal }), [purpose]);
  const items = value?.items ?? [];
  const mayUpdate = mayAnywhere(RESOURCES[purpose], 'update');
  const mayDelete = mayAnywhere(RESOURCES[purpose], 'delete');
  const isHere = query.get('for') === (purpose === 'write' ? 'writing' : 'reading');
  const chosen = isHere ? items.find(({ url }) => url === query.get('url')) : undefined;
  const open = (sheet: string, { url }: Template) =>
    query.set({ sheet, url, for: purpose === 'write' ? 'writing' : 'reading' }, true);
  const close = () => query.set({ sheet: undefined, url: undefined, for: undefined });
  const title = purpose === 'write' ? t.templates.forWriting : t.templates.forReading;
  return (
    <section class={card.card}>
      <header class={card.head}>
        <h2>{title}</h2>
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {value === undefined && isLoading && (
        <div class={card.pad}>
          <Loading lines={2} />
        </div>
      )}
      {value !== undefined && items.length === 0 && <p class={`${card.pad} ${s.lead}`}>{t.templates.none}</p>}
      {items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section class={card.scroll} tabIndex={0} aria-label={title}>
          <table>
            <thead>
              <tr>
                <th>{t.templates.columns.url}</th>
                <th class={s.wide}>{t.templates.columns.username}</th>
                <th>{t.templates.columns.credentials}</th>
                <th>
                  <span class="visually-hidden">{t.menu}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.url}>
                  <td>
                    <Name isMono>{one.url}</Name>
                  </td>
                  <td class={s.wide}>{one.username ?? '–'}</td>
                  <td>{(one.credentials ?? []).map((kind) => t.kinds[kind]).join(', ') || t.noCredentials}</td>
                  <td>
                    <span class={s.rowActions}>
                      <Button
                        kind="quiet"
                        reason={mayUpdate ? undefined : t.mayNotUpdate}
                        onClick={() => open('replace', one)}
                      >
                        {t.templates.replace}
                      </Button>
                      <Button
                        kind="quiet"
                        reason={mayDelete ? undefined : t.mayNotDelete}
                        onClick={() => open('delete', one)}
                      >
                        {t.remove}
                      </Button>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {chosen && query.get('sheet') === 'replace' && (
        <TemplateSheet purposes={[purpose]} known={chosen} onClose={close} onDone={onDone} />
      )}
      {chosen && query.get('sheet') === 'delete' && (
        <ConfirmName
          title={t.templates.removeTitle}
          name={chosen.url}
          action={t.remove}
          onClose={close}
          onConfirm={async () => {
            await call(REMOVE[purpose], { params: { url: chosen.url } });
            tell(t.templates.removed);
            onDone();
          }}
        >
          <p>{t.templates.removeText}</p>
          <AsCommand
            command={shellCommand('hawser', 'repocreds', 'rm', chosen.url, purpose === 'write' && '--write')}
          />
        </ConfirmName>
      )}
    </section>
  );
}

interface SheetProps {
  readonly purposes: readonly Purpose[];
  readonly known?: Template;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function TemplateSheet({ purposes, known, onClose, onDone }: SheetProps) {
  const t = useWords(repositoriesWords);
  const parts = useWords(partWords);
  const [purpose, setPurpose] = useState<Purpose>(purposes[0] ?? 'read');
  const [form, setForm] = useState<RepositoryForm>({
    ...EMPTY_FORM,
    way: 'basic',
    url: known?.url ?? '',
    username: known?.username ?? '',
  });
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const problems = problemsOf(form, true);
  const shown = isTried ? problems : {};
  const save = async () => {
    setTried(true);
    if (Object.keys(problems).length > 0 || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const body = templateBodyOf(form);
      if (known) await call(UPDATE[purpose], { params: { url: known.url }, body });
      else await call(CREATE[purpose], { body });
      tell(t.templates.saved);
      onDone();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={known ? t.templates.editTitle : t.templates.addTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{parts.cancel}</Button>
          <Button kind="primary" icon={KeyRound} isBusy={isBusy} onClick={save}>
            {t.form.save}
          </Button>
        </>
      }
    >
      <div class={s.form}>
        <form
          class={s.form}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          {!known && purposes.length > 1 && (
            <Segments
              label={t.templates.purpose}
              value={purpose}
              choices={[
                { value: 'read', label: t.templates.reading },
                { value: 'write', label: t.templates.writing },
              ]}
              onChange={(value) => setPurpose(value === 'write' ? 'write' : 'read')}
            />
          )}
          <TextField
            label={t.templates.url}
            type="url"
            isMono
            autoFocus={!known}
            isReadOnly={known !== undefined}
            placeholder="https://git.example.com/team/"
            value={form.url}
            error={shown.url && t.problems[shown.url]}
            onInput={(url) => setForm({ ...form, url })}
          />
          <CredentialFields
            form={form}
            problems={shown}
            ways={['basic', 'bearer', 'none']}
            change={(changed) => setForm((before) => ({ ...before, ...changed }))}
          />
          <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
        </form>
        {error !== undefined && <Problem error={error} />}
        <AsCommand
          command={`${commandOf(form, 'repocreds', known !== undefined)}${purpose === 'write' ? ' --write' : ''}`}
        />
      </div>
    </Sheet>
  );
}
