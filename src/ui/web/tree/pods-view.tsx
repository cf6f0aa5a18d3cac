// The Pods of an Application by the node that they run on.

import { Box, Server } from 'lucide';
import type { Application } from '../../../application/types.ts';
import { sheetPath } from '../application/addresses.ts';
import card from '../parts/card.module.css';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading } from '../parts/loading.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Time } from '../parts/time.tsx';
import { queryOfResource } from '../resource/resource-address.ts';
import { useWords } from '../words/words.ts';
import { podsByNode } from './pods-by-node.ts';
import s from './pods-view.module.css';
import type { ResourceTree, TreeNode } from './tree-model.ts';
import { treeWords } from './tree-words.ts';

interface Props {
  readonly app: Application;
  readonly forest: readonly TreeNode[];
  readonly hosts: ResourceTree['hosts'];
  readonly isLoading: boolean;
}

export function PodsView({ app, forest, hosts, isLoading }: Props) {
  const t = useWords(treeWords);
  const nodes = podsByNode(forest);
  if (isLoading) return <Loading />;
  if (nodes.length === 0) {
    return (
      <Empty icon={Box} title={t.noPods}>
        <p>{t.noPodsText}</p>
      </Empty>
    );
  }
  return (
    <div class={s.nodes}>
      {nodes.map(({ name, pods }) => (
        <section key={name} class={card.card}>
          <header class={card.head}>
            <h2 class={s.node}>
              <Icon icon={Server} /> {name === '' ? t.noNode : <Name isMono>{name}</Name>}
            </h2>
            <span class={`${card.quiet} ${card.small}`}>{systemOf(hosts.find((host) => host.name === name))}</span>
          </header>
          <ul role="list" class={s.pods}>
            {pods.map((pod) => (
              <li key={pod.key} class={s.pod}>
                <span class={s.line}>
                  <a href={sheetPath(app, 'resource', queryOfResource(pod))}>
                    <Name isMono>{pod.name}</Name>
                  </a>
                  <Mark of="health" state={pod.health} title={pod.healthMessage} />
                </span>
                <span class={s.facts}>
                  <span>{pod.info['Status Reason']}</span>
                  <span>
                    {pod.info.Containers} {t.ready}
                  </span>
                  {pod.info['Restart Count'] && <span>{t.restarts(pod.info['Restart Count'])}</span>}
                  <Time at={pod.createdAt} />
                  <span class={s.images}>{pod.images.join(', ')}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function systemOf(host: ResourceTree['hosts'][number] | undefined): string {
  const info = host?.systemInfo as { readonly kubeletVersion?: string; readonly architecture?: string } | undefined;
  return [info?.kubeletVersion, info?.architecture].filter(Boolean).join(' · ');
}
