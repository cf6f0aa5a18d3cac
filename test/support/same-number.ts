// A reporter of vitest: the contract of the runtimes has as many tests in workerd as on Node, and none is skipped in one of them alone.
// `vitest run --reporter=default --reporter=./test/support/same-number.ts`

import type { Reporter, TestModule } from 'vitest/node';

/** Projects of test/vitest.worker.config.ts that run the same files. */
const PROJECTS = ['Node', 'workerd'] as const;

/** How many differences are named. */
const NAMED = 10;

export default function createSameNumberReporter(): Reporter {
  return {
    onTestRunEnd: (modules) => {
      const [node, workerd] = PROJECTS.map((project) => passedIn(modules, project));
      // One alone is being worked on.
      if (!node || !workerd) return;
      console.log(`contract: ${node.size} in Node, ${workerd.size} in workerd`);
      const missing = [...namesMissing('workerd', node, workerd), ...namesMissing('Node', workerd, node)];
      if (missing.length === 0) return;
      const more = missing.length > NAMED ? [`… and ${missing.length - NAMED} more`] : [];
      console.error(['The runtimes do not pass the same tests:', ...missing.slice(0, NAMED), ...more].join('\n  '));
      process.exitCode = 1;
    },
  };
}

/** undefined where the project was not run. A test that is there twice is so in each. */
function passedIn(modules: readonly TestModule[], project: string): ReadonlySet<string> | undefined {
  const own = modules.filter((module) => module.project.name === project);
  if (own.length === 0) return undefined;
  const passed = new Set<string>();
  for (const module of own) {
    for (const { fullName } of module.children.allTests('passed'))
      passed.add(unused(passed, `${module.relativeModuleId} > ${fullName}`));
  }
  return passed;
}

function unused(taken: ReadonlySet<string>, name: string): string {
  for (let count = 2, own = name; ; own = `${name} (${count++})`) if (!taken.has(own)) return own;
}

function namesMissing(project: string, all: ReadonlySet<string>, some: ReadonlySet<string>): string[] {
  return [...all].filter((name) => !some.has(name)).map((name) => `not in ${project}: ${name}`);
}
