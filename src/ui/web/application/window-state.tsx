// Whether a sync window lets an Application be synced now, and when that changes.

import { Clock, LockOpen } from 'lucide';
import { timeIn } from '../../../application/state-sentence.ts';
import { matchingWindows, parseSyncWindows, windowVerdict } from '../../../application/sync-window.ts';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { ApiError } from '../api/error.ts';
import card from '../parts/card.module.css';
import { Sign } from '../parts/mark.tsx';
import { exactTime, Time } from '../parts/time.tsx';
import { now } from '../state/clock.ts';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import { applicationWords } from './application-words.ts';

export function WindowState({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const { project } = app.spec;
  const { value } = useLoad(
    async (signal) => {
      try {
        return await call('GET /api/v1/projects/{name}', { params: { name: project }, signal });
      } catch (error) {
        // Who may see the Application may not have to see its project.
        if (error instanceof ApiError) return undefined;
        throw error;
      }
    },
    [project],
  );
  if (!value) return <span class={card.quiet}>–</span>;
  const windows = matchingWindows(parseSyncWindows(value.spec.syncWindows), app);
  if (windows.length === 0) return <span class={card.quiet}>{t.noWindows}</span>;
  const question = { windows, now: now.value };
  const automatic = windowVerdict({ ...question, isManual: false });
  const manual = windowVerdict({ ...question, isManual: true });
  const { nextChangeMs } = automatic;
  const zone = windows.find(({ timeZone }) => timeZone)?.timeZone ?? 'UTC';
  return (
    <>
      <Sign
        icon={automatic.allowed ? LockOpen : Clock}
        meaning={automatic.allowed ? 'good' : 'warn'}
        word={automatic.allowed ? t.windowOpen : t.windowClosed}
        title={automatic.reason}
      />
      {nextChangeMs !== undefined && (
        <div>
          {t.nextEdge}{' '}
          <span title={exactTime(new Date(nextChangeMs).toISOString())}>{timeIn(zone, nextChangeMs, now.value)}</span>{' '}
          <span class={card.quiet}>
            (<Time at={new Date(nextChangeMs).toISOString()} />)
          </span>
        </div>
      )}
      {!automatic.allowed && <div class={card.quiet}>{manual.allowed ? t.manualPasses : t.manualWaits}</div>}
      <a href={`/projects/${encodeURIComponent(project)}/windows`}>{t.windows}</a>
    </>
  );
}
