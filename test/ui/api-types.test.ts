import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Accounts } from '../../src/account/accounts.ts';
import { routesOf } from '../../src/api/routes.ts';
import { generateTypes } from '../../src/ui/generate-types.ts';
import { type AccountGround, createAccountGround } from '../support/account-ground.ts';
import { appPlatform } from '../support/app-platform.ts';

let here: AccountGround;

beforeAll(async () => {
  here = await createAccountGround();
});
afterAll(() => here.close());

describe("the browser's types of the API", () => {
  it('are those of the schemas now: npm run generate writes them', async () => {
    // Which routes there are depends on none of these.
    const { hawser } = here.ground;
    const routes = routesOf({ hawser, accounts: {} as Accounts, platform: appPlatform() });
    await expect(generateTypes(routes)).toMatchFileSnapshot('../../src/ui/web/api/types.ts');
  });
});
