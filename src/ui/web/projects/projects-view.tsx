// Projects and their sync windows: all of them, or one.

import { useRoute } from 'preact-iso';
import { ProjectPage } from './project-page.tsx';
import { ProjectsPage } from './projects-page.tsx';

export default function ProjectsView() {
  const { name, part } = useRoute().params;
  return name === undefined || name === '' ? (
    <ProjectsPage />
  ) : (
    <ProjectPage key={name} name={name} part={part ?? ''} />
  );
}
