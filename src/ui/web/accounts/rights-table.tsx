// What whoever looks may do: with what, and where; and one question at a time, as policies are written.

import { CircleCheck, CircleX, Minus } from 'lucide';
import { useState } from 'preact/hooks';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { AsCommand } from '../parts/copy.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Sign } from '../parts/mark.tsx';
import { Problem } from '../parts/problem.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import s from './accounts.module.css';
import { accountsWords } from './accounts-words.ts';
import { permittedIn, type RightsRow, rightsRows } from './rights-rows.ts';

export function RightsTable() {
  const words = useWords(accountsWords);
  const t = words.rights;
  const { value, error, isLoading, reload } = useLoad((signal) => call('GET /api/v1/session/rights', { signal }), []);
  const me = useLoad((signal) => call('GET /api/v1/session/userinfo', { signal }), []).value;
  const { actions, rows } = rightsRows(value?.items ?? []);
  const nameOf = (table: Readonly<Record<string, string>>, key: string) => table[key] ?? key;
  return (
    <div class={card.stack}>
      <p class={s.lead}>
        {me && !me.loggedIn ? words.nobody : t.text}
        {me?.groups && me.groups.length > 0 && (
          <>
            {' '}
            {t.groups}: {me.groups.join(', ')}
          </>
        )}
      </p>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {value === undefined && isLoading && <Loading />}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
        <section class={`${card.card} ${card.scroll} ${s.wideTable}`} tabIndex={0} aria-label={words.tabs.rights}>
          <table class={s.rights}>
            <thead>
              <tr>
                <th scope="col">{t.resource}</th>
                {actions.map((action) => (
                  <th key={action} scope="col">
                    {nameOf(t.actions, action)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.resource}>
                  <th scope="row">{nameOf(t.resources, row.resource)}</th>
                  {actions.map((action) => (
                    <td key={action}>
                      <Cell cell={row.cells[action]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <ul role="list" class={`${card.card} ${s.narrowList}`}>
        {rows.map(({ resource, cells }) => (
          <li key={resource}>
            <h2>{nameOf(t.resources, resource)}</h2>
            <p>
              {permittedIn(cells)
                .map(([action, { everywhere, projects }]) => {
                  const word = nameOf(t.actions, action);
                  return everywhere ? word : `${word} (${projects.join(', ')})`;
                })
                .join(' · ') || t.no}
            </p>
          </li>
        ))}
      </ul>
      {value && <Question />}
    </div>
  );
}

function Cell({ cell }: { readonly cell: RightsRow['cells'][string] | undefined }) {
  const t = useWords(accountsWords).rights;
  if (cell === undefined) return null;
  if (cell.everywhere) return <Sign icon={CircleCheck} meaning="good" word={t.everywhere} isSmall />;
  if (cell.projects.length === 0) return <Sign icon={Minus} meaning="neutral" word={t.no} isSmall />;
  return <span class={s.projects}>{t.in(cell.projects.join(', '))}</span>;
}

const RESOURCES = [
  'applications',
  'projects',
  'repositories',
  'write-repositories',
  'clusters',
  'certificates',
  'accounts',
  'logs',
] as const;
const ACTIONS = ['get', 'create', 'update', 'delete', 'sync', 'rollback', 'override', 'action'] as const;

/** `hawser account can-i`. */
function Question() {
  const words = useWords(accountsWords);
  const t = words.rights;
  const query = useQuery();
  const resource = query.get('resource') ?? 'applications';
  const action = query.get('action') ?? 'sync';
  const object = query.get('object') ?? '';
  const [answer, setAnswer] = useState<{ readonly what: string; readonly isYes: boolean } | undefined>();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const set = (change: Readonly<Record<string, string>>) => {
    setAnswer(undefined);
    query.set(change);
  };
  const ask = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { value } = await call('GET /api/v1/account/can-i/{resource}/{action}/{subresource}', {
        params: { resource, action, subresource: object.trim() || '*' },
      });
      setAnswer({ what: `${action} ${resource} ${object.trim() || '*'}`, isYes: value === 'yes' });
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };
  return (
    <section class={card.card}>
      <header class={card.head}>
        <h2>{t.ask}</h2>
      </header>
      <div class={`${card.pad} ${card.stack}`}>
        <p class={s.lead}>{t.askText}</p>
        <form
          class={s.question}
          onSubmit={(event) => {
            event.preventDefault();
            ask();
          }}
        >
          <SelectField
            label={t.action}
            value={action}
            choices={ACTIONS.map((value) => ({ value, label: value }))}
            onChange={(value) => set({ action: value })}
          />
          <SelectField
            label={t.resource}
            value={resource}
            choices={RESOURCES.map((value) => ({ value, label: value }))}
            onChange={(value) => set({ resource: value })}
          />
          <TextField
            label={t.object}
            isMono
            placeholder="default/guestbook"
            value={object}
            onInput={(value) => set({ object: value })}
          />
          <Button type="submit" isBusy={isBusy}>
            {t.askButton}
          </Button>
        </form>
        <p class={`${card.quiet} ${card.small}`}>{t.objectHint}</p>
        <div role="status">
          {answer && (
            <p class={s.answer}>
              <Icon icon={answer.isYes ? CircleCheck : CircleX} class={answer.isYes ? s.yes : s.no} />
              {answer.isYes ? t.yes(answer.what) : t.noAnswer(answer.what)}
            </p>
          )}
        </div>
        {error !== undefined && <Problem error={error} />}
        <AsCommand command={shellCommand('hawser', 'account', 'can-i', action, resource, object.trim() || '*')} />
      </div>
    </section>
  );
}
