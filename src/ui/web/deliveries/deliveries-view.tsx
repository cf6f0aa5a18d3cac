// The pushes that came, and what each meant.

import { Page } from '../parts/page.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { useWords } from '../words/words.ts';

export default function DeliveriesView() {
  const t = useWords(shellWords);
  useCrumbs([{ label: t.deliveries }]);
  return <Page title={t.deliveries}>…</Page>;
}
