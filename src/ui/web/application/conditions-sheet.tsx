// Everything that an Application's conditions tell, and what to do about each.

import { CircleCheck } from 'lucide';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useWords } from '../words/words.ts';
import { applicationWords } from './application-words.ts';
import type { SheetProps } from './lazy-sheet.tsx';
import { ConditionNotice } from './notices.tsx';

export default function ConditionsSheet({ app, onClose }: SheetProps) {
  const t = useWords(applicationWords);
  const { conditions = [] } = app.status;
  return (
    <Sheet title={t.conditions} onClose={onClose}>
      {conditions.length === 0 ? (
        <Empty icon={CircleCheck} title={t.noConditions} />
      ) : (
        <div class={card.stack}>
          {conditions.map((condition) => (
            <ConditionNotice key={`${condition.type} ${condition.message}`} condition={condition} />
          ))}
        </div>
      )}
    </Sheet>
  );
}
