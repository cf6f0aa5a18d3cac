// Certificates of Git servers that are trusted, and host keys.

import { Plus, ShieldCheck } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Answer, call } from '../api/call.ts';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import { ConfirmName } from '../parts/confirm-name.tsx';
import { AsCommand } from '../parts/copy.tsx';
import { Empty } from '../parts/empty.tsx';
import { CheckField, Segments, TextArea, TextField } from '../parts/field.tsx';
import { Loading } from '../parts/loading.tsx';
import { Name } from '../parts/name.tsx';
import { Page } from '../parts/page.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { shellCommand } from '../parts/shell-word.ts';
import { tell } from '../parts/toast.tsx';
import { useLoad } from '../state/load.ts';
import { useQuery } from '../state/query.ts';
import { mayAnywhere } from '../state/reach.ts';
import { useWords } from '../words/words.ts';
import { readKnownHosts, tlsCertificate } from './known-hosts.ts';
import s from './repositories.module.css';
import { repositoriesWords } from './repositories-words.ts';

type Certificate = Answer<'GET /api/v1/certificates'>['items'][number];

export function CertificateList({ tabs }: { readonly tabs: ComponentChildren }) {
  const t = useWords(repositoriesWords);
  const query = useQuery();
  const { value, error, isLoading, reload } = useLoad((signal) => call('GET /api/v1/certificates', { signal }), []);
  const items = value?.items ?? [];
  const mayCreate = mayAnywhere('certificates', 'create');
  const mayDelete = mayAnywhere('certificates', 'delete');
  const sheet = query.get('sheet');
  const close = () => query.set({ sheet: undefined, of: undefined });
  const chosen = items.find((one) => sheet === 'delete' && keyOf(one) === query.get('of'));
  const add = (
    <Button
      kind="primary"
      icon={Plus}
      reason={mayCreate ? undefined : t.mayNotCreate}
      onClick={() => query.set({ sheet: 'certificate' }, true)}
    >
      {t.certs.add}
    </Button>
  );
  return (
    <Page title={t.title} actions={items.length > 0 && add}>
      {tabs}
      <div class={card.stack}>
        {items.length > 0 && <p class={s.lead}>{t.certs.text}</p>}
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {value === undefined && isLoading && <Loading />}
        {value !== undefined && items.length === 0 && (
          <Empty icon={ShieldCheck} title={t.certs.none}>
            <p>{t.certs.text}</p>
            {add}
          </Empty>
        )}
        {items.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
          <section class={`${card.card} ${card.scroll}`} tabIndex={0} aria-label={t.tabs.certificates}>
            <table>
              <thead>
                <tr>
                  <th>{t.certs.columns.server}</th>
                  <th>{t.certs.columns.type}</th>
                  <th class={s.wide}>{t.certs.columns.info}</th>
                  <th>
                    <span class="visually-hidden">{t.menu}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((one, index) => (
                  <tr key={`${keyOf(one)} ${index}`}>
                    <td>
                      <Name>{one.serverName}</Name>
                    </td>
                    <td>
                      {one.certType === 'ssh' ? t.certs.ssh : t.certs.https}{' '}
                      <span class={card.quiet}>{one.certSubType}</span>
                    </td>
                    <td class={s.wide}>
                      <Name isMono>{one.certInfo}</Name>
                    </td>
                    <td>
                      <span class={s.rowActions}>
                        <Button
                          kind="quiet"
                          reason={mayDelete ? undefined : t.mayNotDelete}
                          onClick={() => query.set({ sheet: 'delete', of: keyOf(one) }, true)}
                        >
                          {t.remove}
                        </Button>
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        <AsCommand command="hawser cert list" />
        {sheet === 'certificate' && (
          <CertificateSheet
            onClose={close}
            onDone={() => {
              close();
              reload();
            }}
          />
        )}
        {chosen && (
          <ConfirmName
            title={t.certs.removeTitle(chosen.serverName)}
            name={chosen.serverName}
            action={t.remove}
            onClose={close}
            onConfirm={async () => {
              await call('DELETE /api/v1/certificates', { query: filterOf(chosen) });
              tell(t.certs.removed);
              close();
              reload();
            }}
          >
            <p>{t.certs.removeText}</p>
            <AsCommand
              command={shellCommand(
                ...['hawser', 'cert', 'rm', chosen.serverName],
                ['--cert-type', chosen.certType],
                chosen.certType === 'ssh' && ['--cert-sub-type', chosen.certSubType],
              )}
            />
          </ConfirmName>
        )}
      </div>
    </Page>
  );
}

function keyOf({ serverName, certType, certSubType }: Certificate): string {
  return certType === 'ssh' ? `${serverName} ${certSubType}` : serverName;
}

/** All certificates of a server are one entry; host keys have one each. */
function filterOf({ serverName, certType, certSubType }: Certificate) {
  return { hostNamePattern: serverName, certType, ...(certType === 'ssh' && { certSubType }) };
}

function CertificateSheet({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const t = useWords(repositoriesWords);
  const parts = useWords(partWords);
  const [kind, setKind] = useState<'https' | 'ssh'>('https');
  const [server, setServer] = useState('');
  const [text, setText] = useState('');
  const [isReplacing, setReplacing] = useState(false);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const problems = problemsIn();
  const shown: typeof problems = isTried ? problems : {};

  function problemsIn(): { readonly server?: string; readonly text?: string } {
    if (kind === 'ssh') return readKnownHosts(text).length > 0 ? {} : { text: t.certs.hostsNone };
    return {
      ...(server.trim() === '' && { server: t.problems.urlMissing }),
      ...(!text.includes('-----BEGIN CERTIFICATE-----') && { text: t.problems.notPem }),
    };
  }

  const save = async () => {
    setTried(true);
    if (Object.keys(problems).length > 0 || isBusy) return;
    setBusy(true);
    setError(undefined);
    const given = kind === 'ssh' ? readKnownHosts(text) : [tlsCertificate(server, text)];
    const items = given.map((one) => ({ ...one }));
    try {
      await call('POST /api/v1/certificates', { query: isReplacing ? { upsert: 'true' } : {}, body: { items } });
      tell(t.certs.added);
      onDone();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={t.certs.addTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{parts.cancel}</Button>
          <Button kind="primary" isBusy={isBusy} onClick={save}>
            {t.certs.add}
          </Button>
        </>
      }
    >
      <div class={s.form}>
        <form
          class={s.form}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Segments
            label={t.certs.columns.type}
            value={kind}
            choices={[
              { value: 'https', label: t.certs.https },
              { value: 'ssh', label: t.certs.ssh },
            ]}
            onChange={(value) => setKind(value === 'ssh' ? 'ssh' : 'https')}
          />
          {kind === 'https' && (
            <TextField
              label={t.certs.server}
              hint={t.certs.serverHint}
              placeholder="git.example.com"
              autoFocus
              value={server}
              error={shown.server}
              onInput={setServer}
            />
          )}
          <TextArea
            label={kind === 'ssh' ? t.certs.hosts : t.certs.pem}
            hint={kind === 'ssh' ? t.certs.hostsHint : t.certs.pemHint}
            rows={8}
            placeholder={kind === 'ssh' ? 'git.example.com ssh-ed25519 AAAA…' : '-----BEGIN CERTIFICATE-----'}
            value={text}
            error={shown.text}
            onInput={setText}
          />
          <CheckField label={t.certs.replace} isChecked={isReplacing} onChange={setReplacing} />
        </form>
        {error !== undefined && <Problem error={error} />}
        <AsCommand
          command={
            kind === 'ssh'
              ? `hawser cert add-ssh --from known_hosts${isReplacing ? ' --upsert' : ''}`
              : shellCommand(
                  ...['hawser', 'cert', 'add-tls', server.trim() || 'git.example.com'],
                  ['--from', 'cert.pem'],
                  isReplacing && '--upsert',
                )
          }
        />
      </div>
    </Sheet>
  );
}
