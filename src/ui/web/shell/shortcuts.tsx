// The help sheet: every key that does something here.

import { Sheet } from '../parts/sheet.tsx';
import { useWords } from '../words/words.ts';
import { actions } from './actions.ts';
import { isHelpOpen } from './palette-state.ts';
import { shellWords } from './shell-words.ts';
import s from './shortcuts.module.css';

export function Shortcuts() {
  const t = useWords(shellWords);
  if (!isHelpOpen.value) return null;
  const groups = Map.groupBy(
    actions.value.filter(({ keys }) => keys !== undefined),
    ({ group }) => group,
  );
  return (
    <Sheet
      title={t.shortcuts}
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <p class={s.hint}>{t.shortcutsHint}</p>
      {[...groups].map(([group, list]) => (
        <section key={group} class={s.group}>
          <h3>{group}</h3>
          <dl class={s.keys}>
            {list.map(({ id, label, keys = '' }) => (
              <div key={id} class={s.pair}>
                <dt>{label}</dt>
                <dd>
                  {keys.split(' ').map((key) => (
                    <kbd key={key} class={s.kbd}>
                      {key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Sheet>
  );
}
