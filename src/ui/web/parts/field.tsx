// A field of a form: its label, what is typed or chosen, a hint, and what is wrong with it.

import { ChevronDown } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useWords } from '../words/words.ts';
import s from './field.module.css';
import { Icon } from './icon.tsx';
import { partWords } from './part-words.ts';

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
}

interface InputProps extends FieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password' | 'search' | 'url' | 'number';
  readonly placeholder?: string;
  /** Offered while one types; anything else may be typed. */
  readonly suggestions?: readonly string[] | undefined;
  readonly isMono?: boolean;
  readonly autocomplete?: string;
  readonly isRequired?: boolean;
  readonly autoFocus?: boolean;
  readonly isReadOnly?: boolean;
}

export function TextField(props: InputProps) {
  const { value, onInput, type = 'text', placeholder, suggestions, isMono, autocomplete = 'off' } = props;
  const id = useId();
  return (
    <FieldFrame {...props} id={id}>
      <input
        id={id}
        class={`${s.input} ${isMono ? s.mono : ''}`}
        // Which attributes go with which type, the types say of each type alone.
        type={type as 'text'}
        {...{ value, placeholder, autocomplete }}
        autocapitalize="none"
        spellcheck={false}
        required={props.isRequired}
        readOnly={props.isReadOnly}
        // biome-ignore lint/a11y/noAutofocus: the first field of a sheet that one has just opened.
        autoFocus={props.autoFocus}
        list={suggestions ? `${id}-list` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        {...describedBy(id, props)}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </FieldFrame>
  );
}

interface AreaProps extends FieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly rows?: number;
  readonly placeholder?: string;
}

/** Several lines, in the type of code. */
export function TextArea(props: AreaProps) {
  const { value, onInput, rows = 6, placeholder } = props;
  const id = useId();
  return (
    <FieldFrame {...props} id={id}>
      <textarea
        id={id}
        class={`${s.input} ${s.mono} ${s.area}`}
        {...{ value, rows, placeholder }}
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
        {...describedBy(id, props)}
      />
    </FieldFrame>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface SelectProps extends FieldProps {
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}

export function SelectField(props: SelectProps) {
  const { value, choices, onChange } = props;
  const id = useId();
  return (
    <FieldFrame {...props} id={id}>
      <span class={s.select}>
        <select
          id={id}
          class={s.input}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...describedBy(id, props)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
        <Icon icon={ChevronDown} />
      </span>
    </FieldFrame>
  );
}

interface CheckProps {
  readonly label: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  /** Why it cannot be changed now. */
  readonly reason?: string | undefined;
}

export function CheckField({ label, hint, isChecked, onChange, reason }: CheckProps) {
  const id = useId();
  const said = reason ?? hint;
  return (
    <div class={s.check}>
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        disabled={reason !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
        {...(said !== undefined && { 'aria-describedby': `${id}-hint` })}
      />
      <label for={id}>{label}</label>
      {said !== undefined && (
        <p id={`${id}-hint`} class={s.hint}>
          {said}
        </p>
      )}
    </div>
  );
}

interface SegmentsProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (Choice & { readonly icon?: ComponentChildren })[];
  readonly onChange: (value: string) => void;
  /** The label only for screen readers. */
  readonly isBare?: boolean;
}

/** A few choices of which one holds, all in view. */
export function Segments({ label, value, choices, onChange, isBare = false }: SegmentsProps) {
  const name = useId();
  return (
    <fieldset class={s.segments}>
      <legend class={isBare ? 'visually-hidden' : s.label}>{label}</legend>
      <div class={s.row}>
        {choices.map((choice) => (
          <label key={choice.value} class={s.segment}>
            <input
              type="radio"
              class="visually-hidden"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            {choice.icon}
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function FieldFrame({
  id,
  label,
  hint,
  error,
  isOptional = false,
  children,
}: FieldProps & { readonly id: string; readonly children: ComponentChildren }) {
  const t = useWords(partWords);
  return (
    <div class={s.field}>
      <label class={s.label} for={id}>
        {label}
        {isOptional && <span class={s.optional}> ({t.optional})</span>}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} class={s.hint}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} class={s.error}>
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, { hint, error }: FieldProps) {
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return {
    ...(ids !== '' && { 'aria-describedby': ids }),
    ...(error !== undefined && { 'aria-invalid': true as const }),
  };
}
