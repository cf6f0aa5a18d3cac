// What clients ask before anything else: the settings that concern them (Argo CD: server/settings), and the version.

import * as z from 'zod';
import { isPasswordLoginOpen } from '../account/settings.ts';
import { parseArgoSettings } from '../application/argo-settings.ts';
import { HawserError, isHawserError } from '../base/errors.ts';
import { isObject } from '../base/json.ts';
import { VERSION } from '../base/version.ts';
import { configData } from '../operation/settings.ts';
import { yamlToJson } from '../render/yaml/decode.ts';
import { type ApiParts, type Call, type Route, route } from './route.ts';

/** The versions of the tools whose output hawser's renderers write. */
const TOOLS = { KustomizeVersion: 'v5.8.1', HelmVersion: 'v3.22' } as const;

const settingsSchema = z.looseObject({
  url: z.string().optional(),
  appLabelKey: z.string(),
  trackingMethod: z.string(),
  statusBadgeEnabled: z.boolean(),
  userLoginsDisabled: z.boolean(),
  oidcConfig: z.looseObject({ name: z.string(), issuer: z.string() }).optional(),
});

export function settingsRoutes({ hawser, accounts, platform }: ApiParts): readonly Route[] {
  const { namespace } = platform.settings;

  async function readConfig(name: string): Promise<Record<string, string>> {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name };
    return configData(await hawser.home.get(ref, { resourceVersion: '0' }));
  }

  return [
    route({
      method: 'GET',
      path: '/api/v1/settings',
      summary: 'The settings that clients need; more of them with a session.',
      need: { kind: 'open' },
      answer: settingsSchema,
      handle: async (call) => {
        const [config, parameters, account] = await Promise.all([
          readConfig('argocd-cm'),
          readConfig('argocd-cmd-params-cm'),
          accounts.settings(),
        ]);
        const { tracking, healthCustomizations } = readArgo(config, parameters);
        const oidc = presentOidc(config['oidc.config']);
        const badge = config['statusbadge.enabled'];
        return {
          ...optional('url', config.url ?? platform.settings.externalURL),
          ...(account.urls.length > 1 && { additionalUrls: account.urls.slice(1) }),
          appLabelKey: tracking.labelKey,
          trackingMethod: tracking.method,
          ...optional('installationID', tracking.installationId),
          statusBadgeEnabled: badge === 'true',
          ...optional('statusBadgeRootUrl', config['statusbadge.url']),
          userLoginsDisabled: !isPasswordLoginOpen(account),
          ...(oidc && { oidcConfig: oidc }),
          kustomizeOptions: { ...optional('buildOptions', config['kustomize.buildOptions']) },
          googleAnalytics: {},
          help: {
            ...optional('chatUrl', config['help.chatUrl']),
            ...optional('chatText', config['help.chatText']),
            ...binaryUrls(config),
          },
          ...optional('uiCssURL', config['ui.cssurl']),
          ...optional('uiLoginButtonText', config['ui.loginButtonText']),
          plugins: [],
          execEnabled: false,
          appsInAnyNamespaceEnabled: (parameters['application.namespaces'] ?? '').trim() !== '',
          impersonationEnabled: false,
          hydratorEnabled: false,
          syncWithReplaceAllowed: true,
          ...(isKnown(call) && {
            controllerNamespace: namespace,
            passwordPattern: account.passwordPattern,
            resourceOverrides: Object.fromEntries(
              Object.entries(healthCustomizations).map(([key, { lua, useOpenLibs }]) => {
                return [key, { healthLua: lua, ...(useOpenLibs && { useOpenLibs }) }];
              }),
            ),
            ...optional('uiBannerContent', config['ui.bannercontent']),
            ...optional('uiBannerURL', config['ui.bannerurl']),
            ...(config['ui.bannerpermanent'] === 'true' && { uiBannerPermanent: true }),
            ...optional('uiBannerPosition', config['ui.bannerposition']),
          }),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/settings/plugins',
      summary: 'Config management plugins: hawser runs none.',
      need: { kind: 'session' },
      answer: z.object({ plugins: z.array(z.looseObject({})) }),
      handle: async () => ({ plugins: [] }),
    }),
    route({
      method: 'GET',
      path: '/api/version',
      summary: 'The version of hawser; with a session those of the tools that it stands for, too.',
      need: { kind: 'open' },
      answer: z.looseObject({ Version: z.string() }),
      handle: async (call) => {
        const Version = `v${VERSION}+hawser`;
        return isKnown(call) ? { Version, ...TOOLS, Compiler: 'none', Platform: 'hawser' } : { Version };
      },
    }),
  ];
}

function isKnown({ principal }: Call): boolean {
  return principal.kind !== 'anonymous';
}

/** Clients ask for the settings even where something in them is wrong. */
function readArgo(config: Record<string, string>, parameters: Record<string, string>) {
  try {
    return parseArgoSettings(config, parameters);
  } catch (error) {
    if (!isHawserError(error)) throw error;
    return parseArgoSettings({});
  }
}

function presentOidc(text: string | undefined): Record<string, unknown> | undefined {
  if (!text?.trim()) return undefined;
  const config = parseYaml(text);
  if (!isObject(config)) return undefined;
  const { name, issuer, clientID, cliClientID, requestedScopes, requestedIDTokenClaims, enablePKCEAuthentication } =
    config;
  return {
    name: String(name ?? ''),
    issuer: String(issuer ?? ''),
    ...(clientID !== undefined && { clientID: String(clientID) }),
    ...(cliClientID !== undefined && { cliClientID: String(cliClientID) }),
    ...(Array.isArray(requestedScopes) && { scopes: requestedScopes.map(String) }),
    ...(isObject(requestedIDTokenClaims) && { idTokenClaims: requestedIDTokenClaims }),
    ...(enablePKCEAuthentication === true && { enablePKCEAuthentication }),
  };
}

function parseYaml(text: string): unknown {
  try {
    return JSON.parse(yamlToJson(text));
  } catch (error) {
    if (!(error instanceof HawserError) && !(error instanceof SyntaxError)) throw error;
    return undefined; // Who logs in by it is told.
  }
}

const BINARY = 'help.download.';

function binaryUrls(config: Record<string, string>) {
  const urls = Object.entries(config).filter(([key]) => key.startsWith(BINARY));
  if (urls.length === 0) return {};
  return { binaryUrls: Object.fromEntries(urls.map(([key, url]) => [key.slice(BINARY.length), url])) };
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  if (value) found[key] = value;
  return found;
}
