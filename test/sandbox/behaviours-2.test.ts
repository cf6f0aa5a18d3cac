import { describeSandboxBehaviours } from '../support/sandbox-behaviours.ts';

await describeSandboxBehaviours({ part: 2, of: 3 });
