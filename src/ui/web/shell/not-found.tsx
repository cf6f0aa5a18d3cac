// An address that leads nowhere.

import { MapPinOff } from 'lucide';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { useWords } from '../words/words.ts';
import { useCrumbs } from './crumbs.ts';
import { shellWords } from './shell-words.ts';

export function NotFound() {
  const t = useWords(shellWords);
  useCrumbs([{ label: t.notFound }]);
  return (
    <Page title={t.notFound} heading={<span class="visually-hidden">{t.notFound}</span>}>
      <Empty icon={MapPinOff} title={t.notFound}>
        <p>{t.notFoundText}</p>
        <Button href="/applications">{t.toApplications}</Button>
      </Empty>
    </Page>
  );
}
