import { describeSandboxBehaviours } from '../support/sandbox-behaviours.ts';

await describeSandboxBehaviours({ part: 1, of: 3 });
