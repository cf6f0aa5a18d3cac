// Whether the clusters are reached. They are asked when the page opens, and again when somebody comes back to it.

import { PlugZap, Unplug } from 'lucide';
import { useEffect } from 'preact/hooks';
import { at } from '../../../base/json.ts';
import { call } from '../api/call.ts';
import { Icon } from '../parts/icon.tsx';
import { useLoad } from '../state/load.ts';
import { useWords } from '../words/words.ts';
import s from './cluster-mark.module.css';
import { shellWords } from './shell-words.ts';

export function ClusterMark() {
  const t = useWords(shellWords);
  const { value, reload } = useLoad((signal) => call('GET /api/v1/clusters', { signal }), []);
  useEffect(() => {
    const onVisible = () => {
      if (!document.hidden) reload();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [reload]);
  const clusters = value?.items ?? [];
  if (clusters.length === 0) return null;
  const lost = clusters.filter((cluster) => at(cluster, 'connectionState', 'status') === 'Failed');
  const text =
    lost.length > 0
      ? t.clusterLost(lost.map(({ name }) => String(name)).join(', '))
      : t.clusterReached(clusters.length);
  return (
    <a class={`${s.mark} ${lost.length > 0 ? s.lost : ''}`} href="/clusters" title={text}>
      <Icon icon={lost.length > 0 ? Unplug : PlugZap} label={text} />
    </a>
  );
}
