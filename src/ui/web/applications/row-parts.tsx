// What tiles and rows show alike.

import {
  ArrowRight,
  Check,
  CircleX,
  Clock,
  Ellipsis,
  GitCompare,
  LoaderCircle,
  RefreshCw,
  RotateCw,
  Trash2,
  Zap,
} from 'lucide';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Mark, Sign } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { Revision } from '../parts/name.tsx';
import { exactTime, Time } from '../parts/time.tsx';
import { pathOf } from '../state/applications.ts';
import { now } from '../state/clock.ts';
import { language } from '../state/preferences.ts';
import { mayAnywhere, reach } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { listWords } from './applications-words.ts';
import { toApprove } from './approving.ts';
import { edgeText } from './held.ts';
import { refreshAndTell } from './refresh.ts';
import type { Row } from './row.ts';
import s from './row-parts.module.css';
import { selected, toggle } from './selection.ts';

/** `OutOfSync 2 of 14` */
export function SyncState({ row }: { readonly row: Row }) {
  const t = useWords(listWords);
  const { sync, differing, total } = row;
  return (
    <span class={s.state}>
      <Mark of="sync" state={sync} />
      {sync === 'OutOfSync' && differing > 0 && (
        <span class={s.quiet} title={t.differsLong(differing, total)}>
          {t.differs(differing, total)}
        </span>
      )}
    </span>
  );
}

/**
 * `hasFoot`: what is held and what failed stands below.
 *
 * The last sync: to what, when and by whom, and what Git says now; or what happens now, or waits.
 */
export function Deployed({ row, hasFoot = false }: { readonly row: Row; readonly hasFoot?: boolean }) {
  const t = useWords(listWords);
  const { revisions, deployed, syncedAt, syncedBy, isDeleting, running, held } = row;
  if (isDeleting) return <Sign icon={Trash2} meaning="work" word={t.choices.Deleting ?? ''} />;
  if (held && !hasFoot) return <HeldSign row={row} isSmall />;
  if (running && !held) {
    return (
      <span class={s.line}>
        <Sign icon={LoaderCircle} meaning="work" word={running === 'Terminating' ? t.ending : t.syncing} />
        {syncedAt !== undefined && (
          <span class={s.quiet}>
            <Time at={syncedAt} />
          </span>
        )}
      </span>
    );
  }
  return (
    <span class={s.line}>
      {row.trouble !== undefined && !hasFoot && (
        <span class={s.bad} title={row.trouble}>
          <Icon icon={CircleX} label={`${t.choices.Failed}: ${row.trouble}`} />
        </span>
      )}
      <Revisions of={deployed} />
      {deployed.length > 0 && <Icon icon={ArrowRight} size={14} label={t.gitSays} class={s.quiet} />}
      <Revisions of={revisions} />
      {revisions.length === 0 && <Revision>{undefined}</Revision>}
      {row.isNeverSynced && <span class={s.quiet}>{t.neverSynced}</span>}
      {syncedAt !== undefined && (
        <span class={s.quiet}>
          <Time at={syncedAt} />
          {syncedBy !== undefined && ` · ${syncedBy === '' ? t.automatically : t.by(syncedBy)}`}
        </span>
      )}
    </span>
  );
}

function Revisions({ of }: { readonly of: readonly string[] }) {
  return (
    <>
      {of.slice(0, 2).map((revision) => (
        <Revision key={revision}>{revision}</Revision>
      ))}
    </>
  );
}

interface HeldProps {
  readonly row: Row;
  /** The button is an icon. */
  readonly isSmall?: boolean;
}

/** `opens 06:00 Asia/Seoul`, and a button that lets it go now. */
export function HeldSign({ row, isSmall = false }: HeldProps) {
  const t = useWords(listWords);
  const { held, app } = row;
  if (!held) return null;
  const { untilMs, zone, message } = held;
  const word = untilMs === undefined ? t.heldUntil : t.opens(edgeText(untilMs, zone, now.value, language.value));
  const exact = untilMs === undefined ? '' : `${exactTime(new Date(untilMs).toISOString())}\n`;
  const mayNot = reach() !== undefined && !mayAnywhere('applications', 'sync');
  const button = {
    class: s.small,
    reason: mayNot ? t.approveReason : undefined,
    onClick: () => {
      toApprove.value = app;
    },
  };
  return (
    <span class={s.line}>
      <span class={s.shrink}>
        <Sign icon={Clock} meaning="warn" word={word} title={`${exact}${message}`} />
      </span>
      {isSmall ? <Button {...button} icon={Check} label={t.approve} /> : <Button {...button}>{t.approve}</Button>}
    </span>
  );
}

/** What went wrong, in one line; all of it on hover. */
export function TroubleLine({ row }: { readonly row: Row }) {
  return (
    <span class={`${s.line} ${s.bad}`} title={row.trouble}>
      <Icon icon={CircleX} />
      <span class={s.shrink}>{row.trouble}</span>
    </span>
  );
}

/** `devops/ops-deploy apps/web @ main`; the whole address on hover. */
export function SourceText({ row }: { readonly row: Row }) {
  const t = useWords(listWords);
  const [source, ...others] = row.sources;
  if (!source) return <span class={s.quiet}>–</span>;
  const { repo, place, target } = source;
  const whole = row.sources.map((one) => `${one.repoURL} ${one.place} @ ${one.target}`).join('\n');
  return (
    <span class={s.cut} title={whole} translate={false}>
      <span class={s.quiet}>{repo}</span> {place}
      {target !== 'HEAD' && <span class={s.quiet}> @ {target}</span>}
      {others.length > 0 && <span class={s.quiet}> {t.more(others.length)}</span>}
    </span>
  );
}

export function Destination({ row }: { readonly row: Row }) {
  const { cluster, namespace, app } = row;
  const whole = `${app.spec.destination.server ?? app.spec.destination.name ?? ''} / ${namespace}`;
  return (
    <span class={s.cut} title={whole} translate={false}>
      {namespace === '' ? '–' : namespace}
      <span class={s.quiet}> · {cluster}</span>
    </span>
  );
}

export function Policy({ row }: { readonly row: Row }) {
  const t = useWords(listWords);
  return row.isAutomated ? (
    <span class={s.policy}>
      <Icon icon={Zap} size={14} /> {t.automatic}
    </span>
  ) : (
    <span class={s.policy}>{t.manual}</span>
  );
}

export function SelectBox({ row }: { readonly row: Row }) {
  const t = useWords(listWords);
  return (
    <label class={s.select}>
      <input
        type="checkbox"
        aria-label={t.select(row.name)}
        checked={selected.value.has(row.key)}
        onClick={(event) => toggle(row.key, event.shiftKey)}
      />
    </label>
  );
}

export function RowMenu({ row }: { readonly row: Row }) {
  const t = useWords(listWords);
  const { app, name } = row;
  return (
    <div class={s.menu}>
      <Menu
        label={`${t.actions}: ${name}`}
        icon={Ellipsis}
        isIconOnly
        kind="quiet"
        items={[
          { label: t.syncIt, icon: RotateCw, href: pathOf(app, 'sync') },
          { label: t.diff, icon: GitCompare, href: pathOf(app, 'diff') },
          'line',
          { label: t.refresh, icon: RefreshCw, onSelect: () => refreshAndTell(app, 'normal', t) },
          { label: t.hardRefresh, icon: RefreshCw, onSelect: () => refreshAndTell(app, 'hard', t) },
        ]}
      />
    </div>
  );
}
