// The switches above differences.

import { CheckField, Segments } from '../parts/field.tsx';
import { useWords } from '../words/words.ts';
import s from './diff.module.css';
import { useDiffOptions } from './diff-options.ts';
import { diffWords } from './diff-words.ts';

/** `hasNoise` is left out where there is no bookkeeping to show: differences of texts. */
export function DiffTools({ isText = false }: { readonly isText?: boolean }) {
  const t = useWords(diffWords);
  const { layout, hasNoise, isWide, setLayout, setNoise } = useDiffOptions();
  if (isText && !isWide) return null;
  return (
    <div class={s.tools}>
      {isWide && (
        <Segments
          label={t.layout}
          isBare
          value={layout}
          choices={[
            { value: 'unified', label: t.unified },
            { value: 'split', label: t.split },
          ]}
          onChange={setLayout}
        />
      )}
      {!isText && <CheckField label={t.noise} isChecked={hasNoise} onChange={setNoise} />}
    </div>
  );
}
