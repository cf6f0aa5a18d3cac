import { describeRealBehaviours } from '../support/real-behaviours.ts';

await describeRealBehaviours({ part: 3, of: 4 });
