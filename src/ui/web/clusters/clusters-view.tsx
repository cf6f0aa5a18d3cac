// Clusters and how they are reached.

import { Page } from '../parts/page.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { useWords } from '../words/words.ts';

export default function ClustersView() {
  const t = useWords(shellWords);
  useCrumbs([{ label: t.clusters }]);
  return <Page title={t.clusters}>…</Page>;
}
