// The rail at the left: the lists of the UI. On a phone it lies at the lower edge.

import {
  Boxes,
  FolderGit2,
  FolderKanban,
  type IconNode,
  Inbox,
  PanelLeftClose,
  PanelLeftOpen,
  Server,
  Users,
} from 'lucide';
import { useLocation } from 'preact-iso';
import { Icon } from '../parts/icon.tsx';
import { isRailPinned } from '../state/preferences.ts';
import { useWords } from '../words/words.ts';
import s from './rail.module.css';
import { shellWords } from './shell-words.ts';

export type PlaceName = 'applications' | 'deliveries' | 'projects' | 'repositories' | 'clusters' | 'accounts';

/** `keys`: after `g`. */
export const PLACES: readonly { readonly name: PlaceName; readonly icon: IconNode; readonly keys: string }[] = [
  { name: 'applications', icon: Boxes, keys: 'a' },
  { name: 'deliveries', icon: Inbox, keys: 'd' },
  { name: 'projects', icon: FolderKanban, keys: 'p' },
  { name: 'repositories', icon: FolderGit2, keys: 'r' },
  { name: 'clusters', icon: Server, keys: 'c' },
  { name: 'accounts', icon: Users, keys: 'u' },
];

export function Rail() {
  const { path } = useLocation();
  const t = useWords(shellWords);
  const isPinned = isRailPinned.value;
  return (
    <nav class={s.rail} aria-label={t.mainNavigation}>
      <a class={s.brand} href="/applications" aria-label="hawser">
        <Mark />
        <span class={s.label}>hawser</span>
      </a>
      <ul role="list" class={s.places}>
        {PLACES.map(({ name, icon }) => {
          const isHere =
            path === `/${name}` || path.startsWith(`/${name}/`) || (path === '/' && name === 'applications');
          return (
            <li key={name}>
              <a
                class={s.place}
                href={`/${name}`}
                aria-current={isHere ? 'page' : undefined}
                title={isPinned ? undefined : t[name]}
              >
                <Icon icon={icon} size={20} />
                <span class={s.label}>{t[name]}</span>
              </a>
            </li>
          );
        })}
      </ul>
      <button
        type="button"
        class={s.pin}
        title={isPinned ? t.unpin : t.pin}
        aria-label={isPinned ? t.unpin : t.pin}
        onClick={() => {
          isRailPinned.value = !isPinned;
        }}
      >
        <Icon icon={isPinned ? PanelLeftClose : PanelLeftOpen} size={20} />
      </button>
    </nav>
  );
}

/** A rope around a bollard. */
function Mark() {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      aria-hidden="true"
    >
      <path d="M12 3v18M8 21h8" stroke-linecap="round" />
      <path d="M4 8.5c0-2 3.6-3 8-3s8 1 8 3-3.6 3-8 3-8 1-8 3 3.6 3 8 3 8-1 8-3" stroke-linecap="round" />
    </svg>
  );
}
