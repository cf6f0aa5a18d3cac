// What one object is, what it belongs to, and what belongs to it.

import type { ComponentChildren } from 'preact';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { sheetPath } from '../application/addresses.ts';
import { External } from '../application/summary.tsx';
import card from '../parts/card.module.css';
import { CopyButton, CopyLine } from '../parts/copy.tsx';
import { Mark } from '../parts/mark.tsx';
import { Name } from '../parts/name.tsx';
import { Time } from '../parts/time.tsx';
import { pathOf } from '../state/applications.ts';
import { useLoad } from '../state/load.ts';
import { podCount } from '../tree/pod-count.ts';
import { type ObjectRef, type TreeNode, walk } from '../tree/tree-model.ts';
import { treeWords } from '../tree/tree-words.ts';
import { useWords } from '../words/words.ts';
import { kubectlDescribe, kubectlGet } from './kubectl.ts';
import { apiQueryOf, queryOfResource } from './resource-address.ts';
import s from './resource-summary.module.css';
import { resourceWords } from './resource-words.ts';

interface Props {
  readonly app: Application;
  readonly resource: ObjectRef;
  readonly node: TreeNode | undefined;
  readonly forest: readonly TreeNode[];
  readonly isKnown: boolean;
}

export function ResourceSummary({ app, resource, node, forest, isKnown }: Props) {
  const t = useWords(resourceWords);
  const trees = useWords(treeWords);
  const { group, version, kind, namespace, name } = resource;
  const owner = node?.parent === undefined ? undefined : [...walk(forest)].find(({ key }) => key === node.parent);
  const pods = node && podCount(node);
  const { metadata } = app;
  const { value: links } = useLoad(
    async (signal) => {
      if (!node?.uid) return undefined;
      const query = { ...apiQueryOf(resource), appNamespace: metadata.namespace };
      return call('GET /api/v1/applications/{name}/resource/links', { params: { name: metadata.name }, query, signal });
    },
    [metadata.name, node?.uid],
  );
  const facts = Object.entries(node?.info ?? {}).filter(([key, value]) => value !== '' && !HIDDEN.has(key));
  return (
    <div class={card.stack}>
      {isKnown && !node?.uid && (
        <p class={s.notice}>
          <strong>{t.notLive}.</strong> {t.notLiveText}
        </p>
      )}
      {node?.requiresPruning && (
        <p class={s.notice}>
          <strong>{t.prune}.</strong> {t.pruneText}
        </p>
      )}
      {node?.isOrphaned && (
        <p class={s.notice}>
          <strong>{t.orphaned}.</strong> {t.orphanedText}
        </p>
      )}
      <dl class={card.pairs}>
        <Fact name={t.state}>
          <span class={s.marks}>
            {node?.sync && <Mark of="sync" state={node.sync} />}
            {node?.health && <Mark of="health" state={node.health} />}
            {!node?.sync && !node?.health && '–'}
          </span>
        </Fact>
        {node?.healthMessage && (
          <Fact name={t.health}>
            <span class={s.message}>{node.healthMessage}</span>
          </Fact>
        )}
        <Fact name={t.kind}>
          {kind}{' '}
          <span class={card.quiet}>
            {group === '' ? '' : `${group}/`}
            {version}
          </span>
        </Fact>
        <Fact name={t.name}>
          <span class={s.copied}>
            <Name isMono>{name}</Name>
            <CopyButton text={name} label={t.copyName} />
            {group === 'argoproj.io' && kind === 'Application' && (
              <a href={pathOf({ metadata: { namespace, name } })}>{t.open}</a>
            )}
          </span>
        </Fact>
        <Fact name={t.namespace}>{namespace === '' ? t.clusterScoped : <Name isMono>{namespace}</Name>}</Fact>
        {node && node.sync !== undefined && <Fact name={t.wave}>{node.wave}</Fact>}
        {node?.hook && <Fact name={t.hook}>{node.hookPhase ? t.hookOf(node.hookPhase) : t.hook}</Fact>}
        {pods && kind !== 'Pod' && (
          <Fact name={trees.pods}>
            {pods.ready}/{pods.total} {trees.ready}
          </Fact>
        )}
        {node && node.images.length > 0 && (
          <Fact name={t.images}>
            <ul role="list" class={s.plain}>
              {node.images.map((image) => (
                <li key={image}>
                  <Name isMono>{image}</Name>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        {facts.map(([key, value]) => (
          <Fact key={key} name={key}>
            {value}
          </Fact>
        ))}
        <Fact name={t.created}>
          <Time at={node?.createdAt} />
        </Fact>
        {node?.uid && (
          <Fact name={t.uid}>
            <span class="mono">{node.uid}</span>
          </Fact>
        )}
        <Fact name={t.owner}>
          {owner ? <NodeLink app={app} node={owner} /> : <span class={card.quiet}>{t.nothing}</span>}
        </Fact>
        <Fact name={t.owns}>
          {node && node.children.length > 0 ? (
            <ul role="list" class={s.plain}>
              {node.children.map((child) => (
                <li key={child.key}>
                  <NodeLink app={app} node={child} />
                </li>
              ))}
            </ul>
          ) : (
            <span class={card.quiet}>{t.nothing}</span>
          )}
        </Fact>
        {links && links.items.length > 0 && (
          <Fact name={t.links}>
            <ul role="list" class={s.plain}>
              {links.items.map(({ title, url }) => (
                <li key={url}>
                  <External href={url} label={title} />
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </dl>
      <section class={s.commands} aria-label={t.commands}>
        <h3>{t.commands}</h3>
        <CopyLine text={kubectlGet(resource)} label={t.get} />
        <CopyLine text={kubectlDescribe(resource)} label={t.describe} />
      </section>
    </div>
  );
}

/** Told elsewhere, or of no use to people: thousandths of what is asked for. */
const HIDDEN: ReadonlySet<string> = new Set(['cpu', 'memory']);

function NodeLink({ app, node }: { readonly app: Application; readonly node: TreeNode }) {
  return (
    <span class={s.link}>
      <a href={sheetPath(app, 'resource', queryOfResource(node))}>
        {node.kind} <Name isMono>{node.name}</Name>
      </a>
      {node.sync && <Mark of="sync" state={node.sync} isSmall />}
      {node.health && <Mark of="health" state={node.health} isSmall />}
    </span>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
