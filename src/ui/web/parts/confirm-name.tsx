// What cannot be undone asks for the name of what is deleted.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useWords } from '../words/words.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import { partWords } from './part-words.ts';
import { Problem } from './problem.tsx';
import { Dialog } from './sheet.tsx';

interface Props {
  readonly title: string;
  /** What has to be typed. */
  readonly name: string;
  /** What the button says: "Delete the Application". */
  readonly action: string;
  /** It is told when it fails. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  /** What it means, and choices. */
  readonly children?: ComponentChildren;
}

export function ConfirmName({ title, name, action, onConfirm, onClose, children }: Props) {
  const t = useWords(partWords);
  const [typed, setTyped] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isRight = typed.trim() === name;
  const confirm = async () => {
    if (!isRight || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button kind="danger" isBusy={isBusy} reason={isRight ? undefined : t.typeName(name)} onClick={confirm}>
            {action}
          </Button>
        </>
      }
    >
      {children}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <TextField label={t.typeName(name)} value={typed} onInput={setTyped} autoFocus isMono />
      </form>
      {error !== undefined && <Problem error={error} />}
    </Dialog>
  );
}
