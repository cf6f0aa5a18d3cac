// The file that is edited: which one, and its text with what is wrong in it.

import { ChevronDown, Undo2 } from 'lucide';
import type { ChangeInput } from '../../../operation/application-changes.ts';
import { YamlEditor } from '../editor/yaml-editor.tsx';
import { Button } from '../parts/button.tsx';
import card from '../parts/card.module.css';
import field from '../parts/field.module.css';
import { Icon } from '../parts/icon.tsx';
import { Revision } from '../parts/name.tsx';
import { useWords } from '../words/words.ts';
import { type FileName, keyOf, parseKey, textAtRevision } from './draft.ts';
import { locateProblem } from './locate-problem.ts';
import s from './try-page.module.css';
import { tryWords } from './try-words.ts';
import type { Workbench } from './workbench.ts';

interface Props {
  readonly input: ChangeInput;
  readonly file: FileName;
  readonly choose: (file: FileName) => void;
  readonly bench: Workbench;
}

export function FilePane({ input, file, choose, bench }: Props) {
  const t = useWords(tryWords);
  const key = keyOf(file);
  const { draft, edit, replace, rendered } = bench;
  const text = draft[key]?.text ?? textAtRevision(input, file);
  const source = input.sources[file.source];
  const { problem } = rendered ?? {};
  const place = problem && locateProblem(input, problem.file);
  const isHere = place !== undefined && keyOf(place) === key;
  const problems = isHere && problem ? [{ ...problem, line: problem.line ?? 1 }] : undefined;
  const isYaml = /\.ya?ml$/i.test(file.path) && !file.path.includes('/templates/');
  return (
    <div class={`${card.card} ${s.pane}`}>
      <header class={s.bar}>
        <div class={`${s.pick} ${field.select}`}>
          <select
            class={s.select}
            aria-label={t.file}
            value={key}
            onChange={(event) => {
              const next = parseKey(event.currentTarget.value);
              if (next) choose(next);
            }}
          >
            {groupsOf(input).map(({ label, files }) => {
              const options = files.map((one) => (
                <option key={keyOf(one)} value={keyOf(one)}>
                  {draft[keyOf(one)] ? `● ${one.path}` : one.path}
                </option>
              ));
              return label === undefined ? (
                options
              ) : (
                <optgroup key={label} label={label}>
                  {options}
                </optgroup>
              );
            })}
          </select>
          <Icon icon={ChevronDown} />
        </div>
        <span class={s.at}>
          {source?.branch} <Revision>{source?.revision}</Revision>
        </span>
        {draft[key] && (
          <Button
            kind="quiet"
            icon={Undo2}
            label={t.undoFile}
            onClick={() => {
              const { [key]: _, ...others } = draft;
              replace(others);
            }}
          />
        )}
      </header>
      <div class={s.editor}>
        <YamlEditor
          key={key}
          label={file.path}
          value={text}
          onInput={(next) => edit(file, next)}
          problems={problems}
          language={isYaml ? 'yaml' : 'text'}
          height="fill"
        />
      </div>
    </div>
  );
}

/** Of one source without a heading; of several under the name of each. */
function groupsOf({ sources }: ChangeInput): readonly { label?: string; files: readonly FileName[] }[] {
  const groups = sources.map(({ editable, source: { name, ref, repoURL } }, source) => ({
    label: `${name || ref || source + 1}: ${repoURL.replace(/^https?:\/\/(?:[^@/]*@)?/, '').replace(/\.git$/, '')}`,
    files: editable.map((path) => ({ source, path })),
  }));
  const filled = groups.filter(({ files }) => files.length > 0);
  return filled.length === 1 ? filled.map(({ files }) => ({ files })) : filled;
}
