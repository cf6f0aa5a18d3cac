// How a Git server is told to send its pushes here: what to fill in at each.

import { ArrowRight } from 'lucide';
import { useMemo, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { CopyLine } from '../parts/copy.tsx';
import { Segments } from '../parts/field.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { GUIDE_HOSTS, type GuideHost, hookGuide, newSecret } from '../repositories/hook-guide.ts';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import s from './deliveries.module.css';
import { deliveryWords } from './delivery-words.ts';

export function SetupSheet({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(deliveryWords);
  return (
    <Sheet title={t.setUpTitle} onClose={onClose}>
      <SetupGuide />
    </Sheet>
  );
}

export function SetupGuide() {
  const t = useWords(deliveryWords);
  const [host, setHost] = useState<GuideHost>('gogs');
  const secret = useMemo(newSecret, []);
  const { way, fields, secretLabel, trial } = hookGuide(host, `${location.origin}/api/webhook`, '');
  const key = `webhook.${host}.secret`;
  return (
    <div class={s.guide}>
      <p>{t.setUpText}</p>
      <Segments
        label={t.host}
        value={host}
        choices={GUIDE_HOSTS.map(({ host: value, title }) => ({ value, label: title }))}
        onChange={(value) => setHost(GUIDE_HOSTS.find((one) => one.host === value)?.host ?? 'gogs')}
      />
      <dl class={card.pairs}>
        <dt>{t.where}</dt>
        <dd>{way}</dd>
        {fields.map(({ label, value, isCopied }) => (
          <div key={label} class={s.pair}>
            <dt>{label}</dt>
            <dd>
              {isCopied ? <CopyLine text={value} /> : value}
              {isCopied && <p class={s.hint}>{t.addressHint}</p>}
            </dd>
          </div>
        ))}
        <dt>{secretLabel}</dt>
        <dd>
          <CopyLine text={secret} />
          <p class={s.hint}>{t.secretHint(key)}</p>
        </dd>
        <dt>{t.secretCommand}</dt>
        <dd>
          <CopyLine
            text={`kubectl -n ${start.namespace} patch secret argocd-secret -p '{"stringData":{"${key}":"${secret}"}}'`}
          />
        </dd>
        <dt>{t.trial}</dt>
        <dd>{trial}</dd>
      </dl>
      <p class={card.row}>
        {t.perRepository}
        <Button kind="quiet" icon={ArrowRight} href="/repositories">
          {t.toRepositories}
        </Button>
      </p>
    </div>
  );
}
