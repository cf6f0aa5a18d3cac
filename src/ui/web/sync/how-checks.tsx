// How objects are written, as one sync and many have it.

import { CheckField } from '../parts/field.tsx';
import { useWords } from '../words/words.ts';
import type { SyncChoices } from './sync-choices.ts';
import { syncWords } from './sync-words.ts';

type How = Pick<SyncChoices, 'dryRun' | 'applyOnly' | 'force'>;

interface Props {
  readonly choices: How;
  readonly set: (changes: Partial<How>) => void;
}

export function HowChecks({ choices, set }: Props) {
  const t = useWords(syncWords);
  return (
    <>
      <CheckField
        label={t.dryRun}
        hint={t.dryRunHint}
        isChecked={choices.dryRun}
        onChange={(dryRun) => set({ dryRun })}
      />
      <CheckField
        label={t.applyOnly}
        hint={t.applyOnlyHint}
        isChecked={choices.applyOnly}
        onChange={(applyOnly) => set({ applyOnly })}
      />
      <CheckField label={t.force} hint={t.forceHint} isChecked={choices.force} onChange={(force) => set({ force })} />
    </>
  );
}
