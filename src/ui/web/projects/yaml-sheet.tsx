// A project as YAML: to read, and to change all of it.

import { useMemo, useState } from 'preact/hooks';
import { parse, stringify } from 'yaml';
import { YamlEditor } from '../editor/yaml-editor.tsx';
import { Button } from '../parts/button.tsx';
import { partWords } from '../parts/part-words.ts';
import { Problem } from '../parts/problem.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useWords } from '../words/words.ts';
import { Foot, useSaving } from './edit-sheet.tsx';
import type { Project, ProjectSpec } from './project-form.ts';
import { projectWords } from './project-words.ts';
import { saveSpec } from './save-project.ts';

interface Props {
  readonly project: Project;
  readonly isReadOnly: boolean;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

export default function YamlSheet({ project, isReadOnly, onSaved, onClose }: Props) {
  const t = useWords(projectWords);
  const parts = useWords(partWords);
  const { name } = project.metadata;
  const first = useMemo(() => stringify({ spec: project.spec }), [project]);
  const [text, setText] = useState(first);
  const [problem, setProblem] = useState<string | undefined>();
  const { save, isBusy, error } = useSaving(async () => {
    const value = parse(text) as { readonly spec?: ProjectSpec } | null;
    await saveSpec(project, value?.spec ?? {});
    onSaved();
  });
  return (
    <Sheet
      title={t.yamlTitle(name)}
      size="wide"
      onClose={onClose}
      footer={
        isReadOnly ? (
          <Button onClick={onClose}>{parts.close}</Button>
        ) : (
          <Foot {...{ onClose, isBusy, save }} action={t.save} reason={problem} />
        )
      }
    >
      {error !== undefined && <Problem error={error} />}
      <YamlEditor
        label={`${name}.yaml`}
        value={text}
        onInput={setText}
        isReadOnly={isReadOnly}
        onProblem={setProblem}
      />
    </Sheet>
  );
}
