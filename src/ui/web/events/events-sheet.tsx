// What Kubernetes reports of an Application.

import type { SheetProps } from '../application/lazy-sheet.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useWords } from '../words/words.ts';
import { EventsTable } from './events-table.tsx';
import { eventsWords } from './events-words.ts';

export default function EventsSheet({ app, onClose }: SheetProps) {
  const t = useWords(eventsWords);
  return (
    <Sheet title={t.title(app.metadata.name)} onClose={onClose} size="wide">
      <EventsTable app={app} />
    </Sheet>
  );
}
