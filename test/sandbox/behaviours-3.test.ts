import { describeSandboxBehaviours } from '../support/sandbox-behaviours.ts';

await describeSandboxBehaviours({ part: 3, of: 3 });
