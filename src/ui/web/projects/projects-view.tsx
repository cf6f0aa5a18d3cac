// Projects and their sync windows.

import { Page } from '../parts/page.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { useWords } from '../words/words.ts';

export default function ProjectsView() {
  const t = useWords(shellWords);
  useCrumbs([{ label: t.projects }]);
  return <Page title={t.projects}>…</Page>;
}
