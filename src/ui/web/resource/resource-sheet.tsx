// One object of an Application: what it is, as it is, as Git wants it, what differs, what happened, what it says, what can be done.

import { FileQuestionMark } from 'lucide';
import { useMemo } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import type { SheetProps } from '../application/lazy-sheet.tsx';
import { useNarrow } from '../application/narrow.ts';
import { EventsTable } from '../events/events-table.tsx';
import { LogView } from '../logs/log-view.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Name } from '../parts/name.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useLive } from '../state/live.ts';
import { useQuery } from '../state/query.ts';
import { iconOfKind } from '../tree/kind-icon.ts';
import { treeOf } from '../tree/live-tree.ts';
import { buildForest, keyOfRef, type ObjectRef, type TreeNode, walk } from '../tree/tree-model.ts';
import { useWords } from '../words/words.ts';
import { DesiredState, DiffState, LiveState } from './manifests.tsx';
import { parseResourceKey } from './resource-address.ts';
import { ResourceMenu } from './resource-menu.tsx';
import s from './resource-sheet.module.css';
import { ResourceSummary } from './resource-summary.tsx';
import { resourceWords } from './resource-words.ts';

const TABS = ['summary', 'live', 'desired', 'diff', 'events', 'logs'] as const;

export default function ResourceSheet({ app, onClose }: SheetProps) {
  const t = useWords(resourceWords);
  const query = useQuery();
  const named = parseResourceKey(query.get('resource'));
  if (!named) {
    return (
      <Sheet title={t.noneNamed} onClose={onClose}>
        <Empty icon={FileQuestionMark} title={t.noneNamed}>
          <p>{t.noneNamedText}</p>
        </Empty>
      </Sheet>
    );
  }
  return <Named app={app} named={named} onClose={onClose} />;
}

interface NamedProps extends SheetProps {
  readonly named: ObjectRef;
}

function Named({ app, named, onClose }: NamedProps) {
  const t = useWords(resourceWords);
  const query = useQuery();
  const { value: tree, state } = useLive(treeOf(app.metadata.namespace, app.metadata.name));
  const forest = useMemo(() => buildForest(app, tree), [app.status, tree]);
  const node = find(forest, keyOfRef(named));
  const resource = node ?? named;
  const pods = useMemo(
    () => (tree ? podsBelow(node) : state.kind === 'failed' ? [] : undefined),
    [node, tree, state.kind],
  );
  const wanted = query.get('tab');
  const tab = TABS.find((one) => one === wanted) ?? 'summary';
  // Only what has Pods has logs; a link to them is followed all the same.
  const tabs = TABS.filter((one) => one !== 'logs' || tab === 'logs' || (pods && pods.length > 0));
  const { kind, name } = resource;
  const isNarrow = useNarrow();
  const menu = <ResourceMenu app={app} resource={resource} node={node} onGone={onClose} />;
  return (
    <Sheet
      title={
        <span class={s.title}>
          <Icon icon={iconOfKind(kind)} size={20} />
          <span class={s.kind}>{kind}</span>
          <Name isMono>{name}</Name>
        </span>
      }
      actions={!isNarrow && menu}
      size="wide"
      onClose={onClose}
    >
      <div class={s.body}>
        {isNarrow && <div class={s.menu}>{menu}</div>}
        <Tabs
          label={t.tabs}
          tabs={tabs.map((one) => ({
            label: t[one],
            href: query.with({ tab: one === 'summary' ? undefined : one }),
            isCurrent: one === tab,
          }))}
        />
        <div class={s.part}>
          <Part
            app={app}
            tab={tab}
            resource={resource}
            node={node}
            forest={forest}
            pods={pods}
            isKnown={tree !== undefined}
          />
        </div>
      </div>
    </Sheet>
  );
}

interface PartProps {
  readonly app: Application;
  readonly tab: (typeof TABS)[number];
  readonly resource: ObjectRef;
  readonly node: TreeNode | undefined;
  readonly forest: readonly TreeNode[];
  readonly pods: readonly TreeNode[] | undefined;
  /** The cluster has answered. */
  readonly isKnown: boolean;
}

function Part({ app, tab, resource, node, forest, pods, isKnown }: PartProps) {
  const t = useWords(resourceWords);
  switch (tab) {
    case 'summary':
      return <ResourceSummary app={app} resource={resource} node={node} forest={forest} isKnown={isKnown} />;
    case 'live':
      return <LiveState app={app} resource={resource} version={node?.resourceVersion} />;
    case 'desired':
      return <DesiredState app={app} resource={resource} />;
    case 'diff':
      return <DiffState app={app} resource={resource} />;
    case 'events':
      return node?.uid ? (
        <EventsTable app={app} subject={{ namespace: resource.namespace, name: resource.name, uid: node.uid }} />
      ) : (
        <Empty icon={FileQuestionMark} title={t.notLive}>
          <p>{t.noEvents}</p>
        </Empty>
      );
    case 'logs':
      return <LogView app={app} subject={resource} pods={pods} />;
  }
}

function find(forest: readonly TreeNode[], key: string): TreeNode | undefined {
  for (const node of walk(forest)) if (node.key === key) return node;
  return undefined;
}

function podsBelow(node: TreeNode | undefined): readonly TreeNode[] {
  return node ? [...walk([node])].filter(({ kind, group, uid }) => kind === 'Pod' && group === '' && uid) : [];
}
