// What takes something away asks once more, in its place.

import { Trash2 } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';

interface Props {
  /** "Delete the window" */
  readonly children: string;
  /** The same as a question: "Delete it for good?" */
  readonly question: string;
  readonly isBusy?: boolean;
  readonly reason?: string | undefined;
  readonly onSure: () => void;
}

const ASKED_MS = 5_000;

export function SureButton({ children, question, isBusy = false, reason, onSure }: Props) {
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (!isAsked) return;
    const timer = setTimeout(() => setAsked(false), ASKED_MS);
    return () => clearTimeout(timer);
  }, [isAsked]);
  const press = () => {
    if (isAsked) onSure();
    setAsked(!isAsked);
  };
  return (
    <Button kind={isAsked ? 'danger' : 'quiet'} icon={Trash2} isBusy={isBusy} reason={reason} onClick={press}>
      {isAsked ? question : children}
    </Button>
  );
}
