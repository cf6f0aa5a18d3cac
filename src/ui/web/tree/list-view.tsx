// The objects as a table, which needs no cluster: what the status says of each.

import { ArrowDown, ArrowUp } from 'lucide';
import type { Application } from '../../../application/types.ts';
import { sheetPath } from '../application/addresses.ts';
import card from '../parts/card.module.css';
import { Segments } from '../parts/field.tsx';
import { Icon } from '../parts/icon.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { queryOfResource } from '../resource/resource-address.ts';
import { useQuery } from '../state/query.ts';
import { useWords } from '../words/words.ts';
import { iconOfKind } from './kind-icon.ts';
import { COLUMNS, type Column, formatSort, GROUPINGS, groupRows, nextSort, parseSort } from './list-rows.ts';
import s from './list-view.module.css';
import type { TreeNode } from './tree-model.ts';
import { treeWords } from './tree-words.ts';

export function ListView({ app, nodes }: { readonly app: Application; readonly nodes: readonly TreeNode[] }) {
  const t = useWords(treeWords);
  const query = useQuery();
  const sort = parseSort(query.get('sort'));
  const by = GROUPINGS.find((one) => one === query.get('by')) ?? '';
  const names = {
    ...{ kind: t.kind, name: t.name, namespace: t.namespace, sync: t.sync, health: t.health, wave: t.waveColumn },
  };
  const press = (column: Column) => {
    const next = nextSort(sort, column);
    query.set({ sort: next && formatSort(next) });
  };
  const direction = (column: Column) =>
    sort?.column !== column ? undefined : sort.isDescending ? 'descending' : 'ascending';
  return (
    <div class={card.stack}>
      <div class={card.row}>
        <span class={`${card.quiet} ${card.small}`} aria-hidden="true">
          {t.by}
        </span>
        <Segments
          label={t.by}
          isBare
          value={by}
          choices={[
            { value: '', label: t.byNothing },
            { value: 'kind', label: t.byKind },
            { value: 'wave', label: t.byWave },
            { value: 'namespace', label: t.byNamespace },
          ]}
          onChange={(value) => query.set({ by: value })}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <section class={`${card.card} ${card.scroll}`} aria-label={t.objects} tabIndex={0}>
        <table class={s.table}>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" aria-sort={direction(column)}>
                  <button type="button" class={s.sort} title={t.sortBy(names[column])} onClick={() => press(column)}>
                    {names[column]}
                    {direction(column) && (
                      <Icon icon={direction(column) === 'descending' ? ArrowDown : ArrowUp} size={14} />
                    )}
                  </button>
                </th>
              ))}
              <th scope="col">{t.message}</th>
            </tr>
          </thead>
          {groupRows(nodes, sort, by).map(({ key, rows }) => (
            <tbody key={key}>
              {by !== '' && (
                <tr class={s.group}>
                  <th colSpan={COLUMNS.length + 1} scope="rowgroup">
                    {by === 'wave' ? t.wave(Number(key)) : key === '' ? t.clusterScoped : key}{' '}
                    <span class={card.quiet}>{t.counted(rows.length)}</span>
                  </th>
                </tr>
              )}
              {rows.map((node) => (
                <Row key={node.key} app={app} node={node} />
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </div>
  );
}

function Row({ app, node }: { readonly app: Application; readonly node: TreeNode }) {
  const t = useWords(treeWords);
  const { kind, name, namespace, sync, health, healthMessage, wave, hook, requiresPruning } = node;
  return (
    <tr>
      <td>
        <span class={s.kind}>
          <Icon icon={iconOfKind(kind)} /> <span class={s.word}>{kind}</span>
        </span>
      </td>
      <td class={s.name}>
        <a href={sheetPath(app, 'resource', queryOfResource(node))}>
          <Name isMono>{name}</Name>
        </a>
        {hook && <span class={s.badge}>{t.hook}</span>}
        {requiresPruning && <span class={`${s.badge} ${s.prune}`}>{t.prune}</span>}
      </td>
      <td>{namespace === '' ? <span class={card.quiet}>{t.clusterScoped}</span> : <Name isMono>{namespace}</Name>}</td>
      <td>{sync && <Mark of="sync" state={sync} />}</td>
      <td>{health && <Mark of="health" state={health} />}</td>
      <td>{wave}</td>
      <td class={s.message}>{healthMessage}</td>
    </tr>
  );
}
