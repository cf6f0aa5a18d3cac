// How the UI looks.

import { Page } from '../parts/page.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { useWords } from '../words/words.ts';

export default function SettingsView() {
  const t = useWords(shellWords);
  useCrumbs([{ label: t.settings }]);
  return <Page title={t.settings}>…</Page>;
}
