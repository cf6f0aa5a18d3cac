// A held sync that somebody lets go now: what that means, before it is done.

import { GitCompare } from 'lucide';
import { useState } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Dialog } from '../parts/sheet.tsx';
import { tell } from '../parts/toast.tsx';
import { pathOf } from '../state/applications.ts';
import { useWords } from '../words/words.ts';
import { toApprove } from './approving.ts';
import { bulkWords } from './bulk-words.ts';
import { rowOf } from './row.ts';

export default function ApproveDialog({ app }: { readonly app: Application }) {
  const t = useWords(bulkWords);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { name, namespace } = app.metadata;
  const { held, revisions, differing, total } = rowOf(app);
  const close = () => {
    toApprove.value = undefined;
  };
  const approve = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await call('POST /api/v1/applications/{name}/approve-sync', {
        params: { name },
        query: { appNamespace: namespace },
      });
      close();
      tell(t.approved(name));
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t.approveTitle(name)}
      onClose={close}
      footer={
        <>
          <Button icon={GitCompare} kind="quiet" href={pathOf(app, 'diff')} onClick={close}>
            {t.seeDiff}
          </Button>
          <Button onClick={close}>{t.cancel}</Button>
          <Button kind="primary" isBusy={isBusy} onClick={approve}>
            {t.approveNow}
          </Button>
        </>
      }
    >
      <p>{t.approveText(revisions.map((revision) => revision.slice(0, 7)).join(', '), differing, total)}</p>
      {held && <p>{held.message}</p>}
      {error !== undefined && <Problem error={error} title={t.approveFailed} />}
    </Dialog>
  );
}
