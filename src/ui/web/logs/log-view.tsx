// The log of Pods: chosen, followed, searched. Every choice lies in the address.

import { Download, Eraser, RotateCw, Search } from 'lucide';
import { useMemo } from 'preact/hooks';
import type { Application } from '../../../application/types.ts';
import { call } from '../api/call.ts';
import { objectOf } from '../application/application-object.ts';
import { Button } from '../parts/button.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { CheckField, SelectField, TextField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { kubectlLogs } from '../resource/kubectl.ts';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { may } from '../state/rights.ts';
import type { ObjectRef } from '../tree/tree-model.ts';
import { useWords } from '../words/words.ts';
import { containersOf } from './containers.ts';
import { useLog } from './follow-log.ts';
import { LogLines } from './log-lines.tsx';
import { findsIn } from './log-search.ts';
import s from './log-view.module.css';
import { logsWords } from './logs-words.ts';

interface Props {
  readonly app: Application;
  /** Whose Pods these are; undefined for those of the whole Application. */
  readonly subject: ObjectRef | undefined;
  /** undefined while it is not known. */
  readonly pods: readonly ObjectRef[] | undefined;
}

const TAILS = ['100', '500', '2000', '10000'];
const SINCE = ['', '300', '1800', '3600', '21600', '86400'];
/** Pods whose containers are looked up: those of one controller have the same. */
const MOST_ASKED = 4;

export function LogView({ app, subject, pods }: Props) {
  const t = useWords(logsWords);
  if (may('logs', 'get', objectOf(app)) === false) return <Empty icon={Search} title={t.mayNot} />;
  if (!pods) return <Loading />;
  if (pods.length === 0) {
    return (
      <Empty icon={Search} title={t.noPods}>
        <p>{t.noPodsText}</p>
      </Empty>
    );
  }
  return <Log app={app} subject={subject} pods={pods} />;
}

function Log({ app, subject, pods }: Props & { readonly pods: readonly ObjectRef[] }) {
  const t = useWords(logsWords);
  const query = useQuery();
  const { name, namespace: appNamespace } = app.metadata;
  const isOfPod = subject?.kind === 'Pod' && subject.group === '';
  const podName = query.get('pod');
  const pod = isOfPod || pods.length === 1 ? pods[0] : pods.find((one) => one.name === podName);
  const asked = (pod ? [pod] : pods).slice(0, MOST_ASKED);
  const { value: containers } = useLoad(
    async (signal) => {
      const manifests = await Promise.all(
        asked.map(async ({ group, version, kind, namespace, name: resourceName }) => {
          const place = { group, version, kind, namespace, resourceName };
          const params = { params: { name }, query: { ...place, appNamespace }, signal };
          // A Pod that is gone says so in its log.
          return call('GET /api/v1/applications/{name}/resource', params).then(
            ({ manifest }) => [manifest],
            () => [],
          );
        }),
      );
      return containersOf(manifests.flat());
    },
    [name, appNamespace, asked.map((one) => one.name).join()],
  );
  const container = query.get('container') ?? containers?.first ?? '';
  const tail = query.get('tail') ?? '500';
  const since = query.get('since') ?? '';
  const isPrevious = query.get('previous') === '1';
  const place = pod ?? subject;
  const log = useLog(
    name,
    containers && {
      appNamespace,
      ...(place && {
        ...{ group: place.group, version: place.version, kind: place.kind, namespace: place.namespace },
        resourceName: place.name,
      }),
      ...(container && { container }),
      ...(since && { sinceSeconds: since }),
      tailLines: tail,
      ...(isPrevious && { previous: 'true' }),
    },
  );
  const wanted = query.get('find') ?? '';
  const isStrict = query.get('only') === '1';
  const { lines, dropped } = log.buffer;
  const finds = findsIn(wanted);
  const matching = useMemo(() => (wanted === '' ? lines : lines.filter(finds)), [lines, wanted]);
  const shown = (isStrict && wanted !== '') || wanted.startsWith('!') ? matching : lines;

  const download = () => {
    const text = shown.map(({ at, pod: from, plain }) =>
      [at, pods.length > 1 && from, plain].filter(Boolean).join(' '),
    );
    const url = URL.createObjectURL(new Blob([`${text.join('\n')}\n`], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${pod?.name ?? subject?.name ?? name}${container && `-${container}`}.log`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  const sinceLabel = (text: string) => {
    const seconds = Number(text);
    if (text === '') return t.begin;
    if (seconds < 3_600) return t.minutes(seconds / 60);
    return seconds < 86_400 ? t.hours(seconds / 3_600) : t.days(seconds / 86_400);
  };
  const toggle = (key: string) => (isOn: boolean) => query.set({ [key]: isOn ? '1' : '' });

  return (
    <div class={s.view}>
      <div class={s.choices}>
        {!isOfPod && pods.length > 1 && (
          <SelectField
            label={t.pod}
            value={pod?.name ?? ''}
            choices={[
              { value: '', label: t.allPods(pods.length) },
              ...pods.map((one) => ({ value: one.name, label: one.name })),
            ]}
            onChange={(value) => query.set({ pod: value, container: '' })}
          />
        )}
        {containers && containers.names.length > 1 && (
          <SelectField
            label={t.container}
            value={container}
            choices={containers.names.map((value) => ({ value, label: value }))}
            onChange={(value) => query.set({ container: value })}
          />
        )}
        <SelectField
          label={t.since}
          value={since}
          choices={SINCE.map((value) => ({ value, label: sinceLabel(value) }))}
          onChange={(value) => query.set({ since: value })}
        />
        <SelectField
          label={t.tail}
          value={tail}
          choices={(TAILS.includes(tail) ? TAILS : [...TAILS, tail]).map((value) => ({ value, label: value }))}
          onChange={(value) => query.set({ tail: value })}
        />
        <div class={s.find}>
          <TextField
            label={t.find}
            type="search"
            value={wanted}
            isMono
            placeholder={t.findHint}
            onInput={(value) => query.set({ find: value })}
          />
        </div>
      </div>
      <div class={s.switches}>
        <CheckField label={t.times} isChecked={query.get('times') === '1'} onChange={toggle('times')} />
        <CheckField
          label={t.wrap}
          isChecked={query.get('wrap') !== '0'}
          onChange={(isOn) => query.set({ wrap: isOn ? '' : '0' })}
        />
        <CheckField label={t.previous} isChecked={isPrevious} onChange={toggle('previous')} />
        <CheckField label={t.onlyMatching} isChecked={isStrict} onChange={toggle('only')} />
        <span class={s.buttons}>
          <Button kind="quiet" icon={Eraser} onClick={log.clear}>
            {t.clear}
          </Button>
          <Button kind="quiet" icon={Download} onClick={download}>
            {t.download}
          </Button>
        </span>
      </div>
      {log.error !== undefined && <Problem error={log.error} onRetry={log.again} />}
      <LogLines
        lines={shown}
        wanted={wanted}
        hasTimes={query.get('times') === '1'}
        hasPods={!pod && pods.length > 1}
        isWrapped={query.get('wrap') !== '0'}
        empty={lines.length > 0 ? t.nothing : log.state === 'connecting' ? t.connecting : t.empty}
      />
      <div class={s.foot}>
        <span role="status">
          {t[log.state]} · {wanted === '' ? t.lines(lines.length) : t.matching(matching.length, lines.length)}
          {dropped > 0 && ` · ${t.dropped(dropped)}`}
        </span>
        {log.state === 'ended' && (
          <Button kind="quiet" icon={RotateCw} onClick={log.again}>
            {t.again}
          </Button>
        )}
        {place && <AsCommand command={kubectlLogs(place, { container, isPrevious })} />}
      </div>
    </div>
  );
}
