// What can be done with an Application: the buttons at its top, the same in the palette and by keys.

import {
  Bell,
  ChevronDown,
  FileCode,
  FileDiff,
  FlaskConical,
  History,
  Logs,
  RefreshCw,
  ScrollText,
  SlidersHorizontal,
  Trash,
  TriangleAlert,
  Zap,
} from 'lucide';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import { Menu } from '../parts/menu.tsx';
import { stateWords } from '../parts/state-words.ts';
import { tell } from '../parts/toast.tsx';
import { useActions } from '../shell/actions.ts';
import { pathOf } from '../state/applications.ts';
import { may } from '../state/rights.ts';
import { useWords } from '../words/words.ts';
import { sheetPath } from './addresses.ts';
import { objectOf } from './application-object.ts';
import { applicationWords } from './application-words.ts';
import s from './head-actions.module.css';

export function HeadActions({ app }: { readonly app: Application }) {
  const t = useWords(applicationWords);
  const states = useWords(stateWords);
  const { route } = useLocation();
  const [isBusy, setBusy] = useState(false);
  const object = objectOf(app);
  const rights = {
    sync: may('applications', 'sync', object),
    update: may('applications', 'update', object),
    delete: may('applications', 'delete', object),
    logs: may('logs', 'get', object),
  };
  const reasons = {
    sync: rights.sync === false ? t.mayNot(t.maySync) : undefined,
    update: rights.update === false ? t.mayNot(t.mayChange) : undefined,
    delete: rights.delete === false ? t.mayNot(t.mayDelete) : undefined,
    logs: rights.logs === false ? t.mayReadLogs : undefined,
  };
  const { name, namespace } = app.metadata;
  const refresh = async (isHard: boolean) => {
    if (isBusy) return;
    setBusy(true);
    try {
      await call('POST /api/refresh', {
        body: { application: name, appNamespace: namespace, hard: isHard, wait: true },
      });
      const { sync } = (
        await call('GET /api/v1/applications/{name}', {
          params: { name },
          query: { appNamespace: namespace, fields: 'status.sync.status' },
        })
      ).status;
      const state = sync?.status ?? 'Unknown';
      tell(t.refreshed(states.sync[state] ?? state));
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error), true);
    } finally {
      setBusy(false);
    }
  };
  const go = (part: string) => () => route(sheetPath(app, part));
  const act = (id: string, label: string, keys: string, icon: typeof Zap) => ({
    ...{ id: `application ${id}`, label, keys, icon, group: t.group, run: go(id) },
  });
  useActions(
    [
      act('sync', t.sync, 's', Zap),
      {
        id: 'application refresh',
        label: t.refresh,
        keys: 'r',
        icon: RefreshCw,
        group: t.group,
        run: () => refresh(false),
      },
      act('diff', t.diff, 'd', FileDiff),
      act('history', t.history, 'h', History),
      act('logs', t.logs, 'l', Logs),
      act('events', t.events, 'e', Bell),
      {
        id: 'application try',
        label: t.tryChange,
        keys: 't',
        icon: FlaskConical,
        group: t.group,
        href: `${pathOf(app)}/try`,
      },
    ],
    [t, name, namespace],
  );
  return (
    <div class={s.actions}>
      <Button kind="primary" icon={Zap} href={sheetPath(app, 'sync')} reason={reasons.sync} aria-keyshortcuts="s">
        {t.sync}
      </Button>
      <span class={s.joined}>
        <Button icon={RefreshCw} isBusy={isBusy} onClick={() => refresh(false)} aria-keyshortcuts="r">
          {t.refresh}
        </Button>
        <Menu
          label={t.refreshMore}
          isIconOnly
          icon={ChevronDown}
          items={[
            { label: t.refresh, icon: RefreshCw, onSelect: () => refresh(false) },
            { label: t.refreshHard, icon: RefreshCw, onSelect: () => refresh(true) },
          ]}
        />
      </span>
      <Button icon={FileDiff} href={sheetPath(app, 'diff')} aria-keyshortcuts="d">
        {t.diff}
      </Button>
      <Button icon={History} href={sheetPath(app, 'history')} aria-keyshortcuts="h">
        {t.history}
      </Button>
      <Button icon={FlaskConical} href={`${pathOf(app)}/try`} aria-keyshortcuts="t">
        {t.tryChange}
      </Button>
      <Menu
        label={t.more}
        items={[
          { label: t.logs, icon: Logs, href: sheetPath(app, 'logs'), reason: reasons.logs },
          { label: t.events, icon: Bell, href: sheetPath(app, 'events') },
          { label: t.conditions, icon: TriangleAlert, href: sheetPath(app, 'conditions') },
          { label: t.lastOperation, icon: ScrollText, href: sheetPath(app, 'operation') },
          'line',
          { label: t.parameters, icon: SlidersHorizontal, href: sheetPath(app, 'parameters') },
          { label: t.manifest, icon: FileCode, href: sheetPath(app, 'manifest') },
          'line',
          { label: t.delete, icon: Trash, href: sheetPath(app, 'delete'), isDanger: true, reason: reasons.delete },
        ]}
      />
    </div>
  );
}
