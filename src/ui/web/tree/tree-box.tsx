// One object of the tree, or several of a kind that are fine.

import { ChevronDown, ChevronRight, Scissors, Webhook } from 'lucide';
import type { Application } from '../../../application/types.ts';
import { sheetPath } from '../application/addresses.ts';
import { Icon } from '../parts/icon.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Time } from '../parts/time.tsx';
import { queryOfResource } from '../resource/resource-address.ts';
import { useWords } from '../words/words.ts';
import { iconOfKind } from './kind-icon.ts';
import { podCount } from './pod-count.ts';
import s from './tree-box.module.css';
import { type Box, canFold } from './tree-layout.ts';
import { isFine, type TreeNode } from './tree-model.ts';
import { treeWords } from './tree-words.ts';

interface Props {
  readonly app: Application;
  readonly box: Box;
  readonly isActive: boolean;
  readonly onFocus: () => void;
  readonly onFold: (isOpen: boolean) => void;
}

export function TreeBox({ app, box, isActive, onFocus, onFold }: Props) {
  const { key, node, group, depth, isOpen, position, setSize, x, y, width, height } = box;
  const common = {
    role: 'treeitem' as const,
    'data-key': key,
    'aria-level': depth + 1,
    'aria-expanded': isOpen,
    'aria-setsize': setSize,
    'aria-posinset': position,
    'aria-selected': false,
    tabIndex: isActive ? 0 : -1,
    style: { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` },
    onFocus,
  };
  const fold = <Fold box={box} onFold={onFold} />;
  if (!node) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: it is a treeitem by `common`.
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the whole tree do it.
      <div {...common} class={`${s.box} ${s.group}`} onClick={() => onFold(!isOpen)}>
        <GroupContent kind={group?.kind ?? ''} count={group?.count ?? 0} />
        {fold}
      </div>
    );
  }
  const look = isFine(node) ? '' : (s[worstOf(node)] ?? '');
  return (
    <a
      {...common}
      class={`${s.box} ${look}`}
      href={sheetPath(app, 'resource', queryOfResource(node))}
      draggable={false}
    >
      <Icon icon={iconOfKind(node.kind)} class={s.kind} />
      <span class={s.text}>
        <span class={s.name} title={`${node.kind} ${node.namespace === '' ? '' : `${node.namespace}/`}${node.name}`}>
          <Name isMono>{node.name}</Name>
        </span>
        <Meta node={node} />
      </span>
      <span class={s.marks}>
        {node.sync && <Mark of="sync" state={node.sync} isSmall />}
        {node.health && <Mark of="health" state={node.health} isSmall title={node.healthMessage} />}
      </span>
      {fold}
    </a>
  );
}

function Meta({ node }: { readonly node: TreeNode }) {
  const t = useWords(treeWords);
  const { kind, hook, requiresPruning, createdAt, info, images } = node;
  const pods = podCount(node);
  const { Revision: revision, 'Status Reason': reason } = info;
  const isPod = kind === 'Pod' && node.group === '';
  return (
    <span class={s.meta} title={images.join(', ') || undefined}>
      <span>{kind}</span>
      {hook && (
        <span class={s.badge}>
          <Icon icon={Webhook} size={14} /> {t.hook}
        </span>
      )}
      {requiresPruning && (
        <span class={`${s.badge} ${s.prune}`} title={t.prunes}>
          <Icon icon={Scissors} size={14} /> {t.prune}
        </span>
      )}
      {pods && <span>{isPod ? `${info.Containers} ${t.ready}` : `${pods.ready}/${pods.total} ${t.ready}`}</span>}
      {isPod && reason && reason !== 'Running' && <span class={s.reason}>{reason}</span>}
      {isPod && info['Restart Count'] && <span>{t.restarts(info['Restart Count'])}</span>}
      {kind === 'ReplicaSet' && revision && <span>{t.revision(revision.replace('Rev:', ''))}</span>}
      {createdAt && <Time at={createdAt} />}
      {isPod && images.length > 0 && <span>{images.map(shortImage).join(', ')}</span>}
    </span>
  );
}

function GroupContent({ kind, count }: { readonly kind: string; readonly count: number }) {
  const t = useWords(treeWords);
  return (
    <>
      <Icon icon={iconOfKind(kind)} class={s.kind} />
      <span class={s.text}>
        <span class={s.name}>{t.group(count, kind)}</span>
        <span class={s.meta}>{t.groupFine}</span>
      </span>
    </>
  );
}

/** For hands: by keys it is Space, or the arrows. */
function Fold({ box, onFold }: Pick<Props, 'box' | 'onFold'>) {
  const t = useWords(treeWords);
  const { isOpen, hidden } = box;
  if (isOpen === undefined || (isOpen && !canFold(box))) return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the whole tree do it.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the whole tree do it.
    <span
      class={s.fold}
      title={isOpen ? t.fold : t.unfold(hidden)}
      onClick={(event) => {
        event.preventDefault();
        event.stopPropagation();
        onFold(!isOpen);
      }}
    >
      {!isOpen && <span aria-hidden="true">{hidden}</span>}
      {!isOpen && <span class="visually-hidden">{t.hidden(hidden)}</span>}
      <Icon icon={isOpen ? ChevronDown : ChevronRight} size={14} />
    </span>
  );
}

function worstOf({ sync, health, requiresPruning }: TreeNode): 'bad' | 'warn' | 'work' | 'neutral' {
  if (health === 'Degraded') return 'bad';
  if (sync === 'OutOfSync' || requiresPruning) return 'warn';
  if (health === 'Progressing') return 'work';
  return 'neutral';
}

/** Without its registry. */
function shortImage(image: string): string {
  return image.slice(image.lastIndexOf('/') + 1);
}
