// An installation without an Application: the three steps, each with what has to be typed where there is no page.

import { FolderGit2, Plus } from 'lucide';
import { Button } from '../parts/button.tsx';
import { CopyLine } from '../parts/copy.tsx';
import { start } from '../state/start.ts';
import { useWords } from '../words/words.ts';
import s from './first-steps.module.css';
import { stepWords } from './step-words.ts';

export default function FirstSteps() {
  const t = useWords(stepWords);
  const server = location.origin;
  return (
    <section class={s.steps} aria-labelledby="first-steps">
      <h2 id="first-steps" class={s.title}>
        {t.title}
      </h2>
      <p class={s.text}>{t.text}</p>
      <ol role="list" class={s.list}>
        <li class={s.step}>
          <span class={s.number}>1</span>
          <div class={s.body}>
            <h3>{t.connect}</h3>
            <p>{t.connectText}</p>
            <div>
              <Button kind="primary" icon={FolderGit2} href="/repositories?sheet=connect">
                {t.connectDo}
              </Button>
            </div>
            <p class={s.or}>{t.orCommand}</p>
            <CopyLine
              text={`hawser repo add https://git.example.com/devops/ops-deploy.git --username USER --password TOKEN --server ${server}`}
            />
          </div>
        </li>
        <li class={s.step}>
          <span class={s.number}>2</span>
          <div class={s.body}>
            <h3>{t.make}</h3>
            <p>{t.makeText}</p>
            <div>
              <Button kind="primary" icon={Plus} href="/applications?new=1">
                {t.makeDo}
              </Button>
            </div>
            <p class={s.or}>{t.orCommand}</p>
            <CopyLine
              text={`hawser app create web --repo https://git.example.com/devops/ops-deploy.git --path apps/web --dest-server https://kubernetes.default.svc --dest-namespace web --sync-policy automated --sync-option CreateNamespace=true --server ${server}`}
            />
            <p class={s.or}>{t.orKubectl}</p>
            <CopyLine text={`kubectl apply -n ${start.namespace} -f application.yaml`} />
          </div>
        </li>
        <li class={s.step}>
          <span class={s.number}>3</span>
          <div class={s.body}>
            <h3>{t.push}</h3>
            <p>{t.pushText}</p>
            <CopyLine text={`${location.origin}/api/webhook`} label={t.copyHook} />
            <p class={s.or}>{t.orCommand}</p>
            <CopyLine text="git push" />
          </div>
        </li>
      </ol>
    </section>
  );
}
