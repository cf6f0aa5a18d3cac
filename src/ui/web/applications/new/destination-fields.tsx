// Where it goes: a cluster and a namespace.

import { TextField } from '../../parts/field.tsx';
import { applications } from '../../state/applications.ts';
import { useWords } from '../../words/words.ts';
import type { Edit } from './edit.ts';
import s from './new-application.module.css';
import { newWords } from './new-words.ts';

const DESTINATION = ['spec', 'destination'] as const;

export function DestinationFields({ form, offers, set, setAll, errorOf }: Edit) {
  const t = useWords(newWords);
  const known = [...(applications.value.value?.values() ?? [])].map(({ spec }) => spec.destination);
  const namespaces = [...new Set(known.flatMap(({ namespace }) => namespace ?? []))].sort();
  const clusters = offers.clusters.flatMap(({ server, name }) => [server, name]).filter((text) => text !== '');
  const choose = (text: string) => {
    const isServer = text === '' || text.includes('://');
    setAll([
      [[...DESTINATION, 'name'], isServer ? undefined : text],
      [[...DESTINATION, 'server'], isServer ? text : undefined],
    ]);
  };
  return (
    <fieldset class={s.group}>
      <legend>{t.destination}</legend>
      <TextField
        label={t.cluster}
        hint={t.clusterHint}
        value={form.cluster}
        error={errorOf('cluster')}
        isRequired
        isMono
        suggestions={[...new Set(clusters)]}
        onInput={choose}
      />
      <TextField
        label={t.namespace}
        value={form.namespace}
        error={errorOf('namespace')}
        isMono
        suggestions={namespaces}
        onInput={(text) => set([...DESTINATION, 'namespace'], text)}
      />
    </fieldset>
  );
}
