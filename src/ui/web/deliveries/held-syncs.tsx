// Automated syncs that wait for a sync window: until when, in the window's own time and the reader's, with what, and letting them go on.

import { CalendarClock, CircleCheck, ListChecks } from 'lucide';
import { useState } from 'preact/hooks';
import { heldSync } from '../../../application/held-sync.ts';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { clockIn, isZone, readersZone } from '../parts/clock-in.ts';
import { Icon } from '../parts/icon.tsx';
import { Name, Revision } from '../parts/name.tsx';
import { Problem } from '../parts/problem.tsx';
import { Time } from '../parts/time.tsx';
import { tell } from '../parts/toast.tsx';
import { applications, pathOf } from '../state/applications.ts';
import { now } from '../state/clock.ts';
import { useLive } from '../state/live.ts';
import { language } from '../state/preferences.ts';
import { may } from '../state/rights.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import s from './deliveries.module.css';
import type { Deliveries } from './deliveries-live.ts';
import { heldPushes } from './delivery-list.ts';
import { deliveryWords } from './delivery-words.ts';

export function HeldSyncs({ deliveries }: { readonly deliveries: Deliveries }) {
  const t = useWords(deliveryWords);
  const { value: apps } = useLive(applications);
  const held = [...(apps?.values() ?? [])].filter((app) => heldSync(app) !== undefined);
  if (held.length === 0) return null;
  return (
    <section class={`${card.card} ${s.held}`} aria-labelledby="held">
      <header class={card.head}>
        <h2 id="held" class={card.row}>
          <Icon icon={CalendarClock} />
          {t.heldText(held.length)}
        </h2>
      </header>
      <ul role="list">
        {held.map((app) => (
          <HeldOne key={pathOf(app)} app={app} deliveries={deliveries} />
        ))}
      </ul>
    </section>
  );
}

function HeldOne({ app, deliveries }: { readonly app: Application; readonly deliveries: Deliveries }) {
  const t = useWords(deliveryWords);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { name, namespace } = app.metadata;
  const { opensAt, timeZone, window, windowKind } = heldSync(app) ?? {};
  const { pushes, commits } = heldPushes(deliveries, name);
  const object =
    namespace === start.namespace ? `${app.spec.project}/${name}` : `${app.spec.project}/${namespace}/${name}`;
  const reason = may('applications', 'sync', object) === false ? t.mayNotApprove : undefined;
  const clock = (at: string, zone: string, isNamed: boolean) =>
    clockIn(Date.parse(at), { timeZone: zone, language: language.value, isNamed, now: now.value });
  const approve = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await call('POST /api/v1/applications/{name}/approve-sync', {
        params: { name },
        query: { appNamespace: namespace },
      });
      tell(t.approved(name));
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li class={s.heldOne}>
      <div class={s.heldText}>
        <a class={s.link} href={pathOf(app)}>
          <Name>{name}</Name>
        </a>
        <span class={s.change}>
          → <Revision>{app.status.sync?.revision}</Revision>
        </span>
        <p>
          {opensAt === undefined ? (
            t.noOpening
          ) : (
            <>
              {windowKind === 'deny' ? t.ends : t.opens} <strong>{clock(opensAt, known(timeZone), true)}</strong> (
              <Time at={opensAt} />)
              {known(timeZone) !== readersZone() && (
                <span class={s.quiet}> · {t.yourTime(clock(opensAt, readersZone(), false))}</span>
              )}
            </>
          )}
          {window !== undefined && (
            <span class={s.quiet}>
              {' '}
              · {t.window}{' '}
              <a href={`/projects/${encodeURIComponent(app.spec.project)}/windows`}>
                <span class="mono">{window}</span>
              </a>
            </span>
          )}
          {pushes > 0 && <span class={s.quiet}> · {t.pushesWait(pushes, commits)}</span>}
        </p>
      </div>
      <div class={card.row}>
        <Button icon={ListChecks} href={pathOf(app, 'sync')}>
          {t.plan}
        </Button>
        <Button kind="primary" icon={CircleCheck} isBusy={isBusy} reason={reason} onClick={() => void approve()}>
          {t.approve}
        </Button>
      </div>
      {error !== undefined && <Problem error={error} />}
    </li>
  );
}

/** As hawser has it for zones that it does not know. */
function known(timeZone: string | undefined): string {
  return timeZone !== undefined && isZone(timeZone) ? timeZone : 'UTC';
}
