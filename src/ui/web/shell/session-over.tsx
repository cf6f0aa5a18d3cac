// The session has ended while the page is open. Whoever logs in in another tab finds here what was typed.

import { ExternalLink } from 'lucide';
import { useEffect } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/sheet.tsx';
import { isSessionOver, loginAddress, lookForSession } from '../state/session.ts';
import { useWords } from '../words/words.ts';
import { shellWords } from './shell-words.ts';

export function SessionOver() {
  return isSessionOver.value ? <Question /> : null;
}

function Question() {
  const t = useWords(shellWords);
  useEffect(() => {
    const look = () => {
      if (!document.hidden) lookForSession();
    };
    document.addEventListener('visibilitychange', look);
    addEventListener('focus', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      removeEventListener('focus', look);
    };
  }, []);
  const close = () => {
    isSessionOver.value = false;
  };
  return (
    <Dialog
      title={t.sessionOver}
      onClose={close}
      footer={
        <>
          <Button kind="quiet" onClick={() => location.assign(loginAddress())}>
            {t.logInHere}
          </Button>
          <Button kind="primary" icon={ExternalLink} onClick={() => window.open(loginAddress(), '_blank', 'noopener')}>
            {t.logInInTab}
          </Button>
        </>
      }
    >
      <p>{t.sessionOverText}</p>
    </Dialog>
  );
}
