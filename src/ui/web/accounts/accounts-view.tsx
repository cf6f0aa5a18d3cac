// Accounts, their tokens and what they may do.

import { Page } from '../parts/page.tsx';
import { useCrumbs } from '../shell/crumbs.ts';
import { shellWords } from '../shell/shell-words.ts';
import { useWords } from '../words/words.ts';

export default function AccountsView() {
  const t = useWords(shellWords);
  useCrumbs([{ label: t.accounts }]);
  return <Page title={t.accounts}>…</Page>;
}
