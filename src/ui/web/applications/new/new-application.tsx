// NEW APP: a form and its YAML side by side; either can be edited. Nothing is lost by closing it, by a reload, or by an error.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type Body, call } from '../../api/call.ts';
import { ApiError } from '../../api/error.ts';
import { YamlEditor } from '../../editor/yaml-editor.tsx';
import { Button } from '../../parts/button.tsx';
import { AsCommand } from '../../parts/copy.tsx';
import { Segments } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { tell } from '../../parts/toast.tsx';
import { applications, pathOf } from '../../state/applications.ts';
import { useQuery } from '../../state/query.ts';
import { mayAnywhere, reach } from '../../state/reach.ts';
import { start } from '../../state/start.ts';
import { useWords } from '../../words/words.ts';
import { checkForm, type Field, fieldOf, splitProblems } from './check.ts';
import { createCommand } from './command.ts';
import { DestinationFields } from './destination-fields.tsx';
import { cutDraft, type Draft, editDraft, parseDraft } from './draft.ts';
import { complaintShown, type Edit } from './edit.ts';
import { formOf } from './form-state.ts';
import { GeneralFields } from './general-fields.tsx';
import { forgetDraft, keepDraft, readKeptDraft } from './kept-draft.ts';
import s from './new-application.module.css';
import { newWords } from './new-words.ts';
import { useOffers } from './offers.ts';
import { firstDraft, PREFILLS, prefillOf } from './prefill.ts';
import { SourceFields } from './source-fields.tsx';
import { SyncFields } from './sync-fields.tsx';

export default function NewApplication() {
  const t = useWords(newWords);
  const { route } = useLocation();
  const query = useQuery();
  const from = useRef(prefillOf(query.get)).current;
  const [text, setText] = useState(() => readKeptDraft(from) ?? firstDraft(query.get, start.namespace));
  const [side, setSide] = useState('form');
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const parsed = useMemo(() => parseDraft(text), [text]);
  // While the YAML has an error, the form stays as it was.
  const last = useRef<Draft>({});
  if (parsed.value) last.current = parsed.value;
  const draft = last.current;
  const form = useMemo(() => formOf(draft), [draft]);
  const offers = useOffers(form);
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => keepDraft(text, from), [text]);

  const namespace = start.namespace;
  const complaints = checkForm(form, (name) => applications.value.value?.has(`${namespace}/${name}`) === true);
  const told = useMemo(() => problemsByField(error), [error]);
  const close = () => {
    route(query.with(Object.fromEntries(['new', ...PREFILLS].map((key) => [key, '']))), true);
  };
  const change = (next: string) => {
    setText(next);
    setError(undefined);
  };
  const edit: Edit = {
    ...{ form, draft, offers },
    set: (path, value) => change(editDraft(text, path, value)),
    setAll: (changes) =>
      change(
        changes.reduce(
          (now, [path, value]) => (value === undefined ? cutDraft(now, path) : editDraft(now, path, value)),
          text,
        ),
      ),
    errorOf: (field) => {
      const complaint = complaintShown(complaints, field, isTried);
      return complaint === undefined ? told.fields.get(field) : t.complaints[complaint];
    },
  };
  const missing = Object.keys(complaints).length;
  const create = async () => {
    setTried(true);
    if (!parsed.value || missing > 0) {
      setSide(parsed.value ? 'form' : 'yaml');
      // The field shows its complaint with the next frame.
      setTimeout(() => body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      // The server says what is no Application.
      const body = parsed.value as Body<'POST /api/v1/applications'>;
      const created = await call('POST /api/v1/applications', { body });
      forgetDraft();
      tell(t.created(created.metadata.name));
      route(pathOf(created));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const mayNot = reach() !== undefined && !mayAnywhere('applications', 'create');
  return (
    <Sheet
      size="wide"
      title={t.title}
      onClose={close}
      actions={
        <div class={s.sides}>
          <Segments
            isBare
            label={t.both}
            value={side}
            choices={[
              { value: 'form', label: t.form },
              { value: 'yaml', label: t.yaml },
            ]}
            onChange={setSide}
          />
        </div>
      }
      footer={
        <div class={s.foot}>
          <div class={s.command}>{parsed.value && <AsCommand command={createCommand(parsed.value, namespace)} />}</div>
          <Button
            kind="quiet"
            onClick={() => {
              change(firstDraft(() => undefined, namespace));
              setTried(false);
            }}
          >
            {t.afresh}
          </Button>
          <Button onClick={close}>{t.cancel}</Button>
          <Button kind="primary" isBusy={isBusy} reason={mayNot ? t.mayNot : undefined} onClick={create}>
            {t.create}
          </Button>
        </div>
      }
    >
      <div class={s.body} ref={body}>
        <form
          class={`${s.form} ${side === 'form' ? '' : s.away}`}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            create();
          }}
        >
          {error !== undefined && <Problem error={told.rest ?? error} title={t.failed} />}
          {isTried && missing > 0 && (
            <p class={s.error} role="alert">
              {t.asked(missing)}
            </p>
          )}
          {!parsed.value && <p class={s.broken}>{t.yamlBroken}</p>}
          <fieldset class={s.fields} disabled={!parsed.value}>
            <GeneralFields {...edit} />
            <SourceFields {...edit} />
            <DestinationFields {...edit} />
            <SyncFields {...edit} />
          </fieldset>
          <p class={s.hint}>{t.kept}</p>
          <input type="submit" hidden />
        </form>
        <div class={`${s.yaml} ${side === 'yaml' ? '' : s.away}`}>
          <YamlEditor label={t.yamlLabel} value={text} onInput={change} height="fill" />
        </div>
      </div>
    </Sheet>
  );
}

interface Told {
  readonly fields: ReadonlyMap<Field, string>;
  /** What stands above the form: what belongs to no field, with the rest of the answer. */
  readonly rest: unknown;
}

function problemsByField(error: unknown): Told {
  if (!(error instanceof ApiError) || error.status === 0) return { fields: new Map(), rest: error };
  const fields = new Map<Field, string>();
  for (const problem of splitProblems(error.message)) {
    const field = fieldOf(problem);
    if (field && !fields.has(field)) fields.set(field, problem);
  }
  return { fields, rest: error };
}
