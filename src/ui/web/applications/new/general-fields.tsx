// Its name and project, and whether a push is deployed by itself.

import { CheckField, Segments, TextField } from '../../parts/field.tsx';
import { useWords } from '../../words/words.ts';
import type { Edit } from './edit.ts';
import { FINALIZER } from './form-state.ts';
import s from './new-application.module.css';
import { newWords } from './new-words.ts';

const AUTOMATED = ['spec', 'syncPolicy', 'automated'] as const;

export function GeneralFields({ form, offers, set, setAll, errorOf }: Edit) {
  const t = useWords(newWords);
  return (
    <fieldset class={s.group}>
      <legend>{t.general}</legend>
      <TextField
        label={t.name}
        value={form.name}
        error={errorOf('name')}
        isRequired
        autoFocus
        isMono
        onInput={(text) => set(['metadata', 'name'], text)}
      />
      <TextField
        label={t.project}
        value={form.project}
        error={errorOf('project')}
        isRequired
        suggestions={offers.projects}
        onInput={(text) => set(['spec', 'project'], text)}
      />
      <div class={s.all}>
        <Segments
          label={t.policy}
          value={form.isAutomated ? 'automatic' : 'manual'}
          choices={[
            { value: 'manual', label: t.manual },
            { value: 'automatic', label: t.automatic },
          ]}
          onChange={(policy) => setAll([[AUTOMATED, policy === 'automatic' ? {} : undefined]])}
        />
        <p class={s.hint}>{form.isAutomated ? t.automaticHint : t.manualHint}</p>
      </div>
      {form.isAutomated && (
        <>
          <CheckField
            label={t.prune}
            hint={t.pruneHint}
            isChecked={form.prune}
            onChange={(isOn) => set([...AUTOMATED, 'prune'], isOn)}
          />
          <CheckField
            label={t.selfHeal}
            hint={t.selfHealHint}
            isChecked={form.selfHeal}
            onChange={(isOn) => set([...AUTOMATED, 'selfHeal'], isOn)}
          />
        </>
      )}
      <CheckField
        label={t.finalizer}
        hint={t.finalizerHint}
        isChecked={form.hasFinalizer}
        onChange={(isOn) => set(['metadata', 'finalizers'], isOn ? [FINALIZER] : [])}
      />
    </fieldset>
  );
}
