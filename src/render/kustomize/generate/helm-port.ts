// Helm for kustomizations: charts of the tree, rendered by hawser's own Helm (kustomize: types.HelmChart.AsHelmArgs).

import { utf8Encode } from '../../go/strings.ts';
import { createTemplateSet } from '../../gotemplate/gotemplate.ts';
import { DEFAULT_CAPABILITIES, parseKubeVersion } from '../../helm/capabilities.ts';
import { loadChart } from '../../helm/load.ts';
import { renderChart } from '../../helm/render-chart.ts';
import { mergeValueSources } from '../../helm/values.ts';
import type { SprigEnvironment } from '../../sprig/environment.ts';
import { sprigFunctions } from '../../sprig/sprig.ts';
import { failure } from '../node/fail.ts';
import type { HelmPort, HelmRequest } from './helm.ts';

export function createHelmPort(environment: SprigEnvironment): HelmPort {
  return {
    inflate(request) {
      const { values, kubeVersion, apiVersions } = request;
      return renderChart({
        chart: loadChart(request.tree, request.chart),
        release: { name: releaseName(request, environment), namespace: request.namespace || 'default' },
        values: mergeValueSources({ files: values.map((_, index) => String(index)) }, (name) =>
          utf8Encode(values[Number(name)] ?? ''),
        ),
        capabilities: {
          ...(kubeVersion === '' ? {} : { kubeVersion: parseKubeVersion(kubeVersion) }),
          apiVersions: [...DEFAULT_CAPABILITIES.apiVersions, ...apiVersions],
        },
        environment,
        includeCrds: request.includeCrds,
        noHooks: request.skipHooks,
        skipTests: request.skipTests,
      }).text;
    },
  };
}

/** `helm template` has a name to fall back on, even with --generate-name. */
function releaseName(request: HelmRequest, environment: SprigEnvironment): string {
  const { releaseName: name, nameTemplate } = request;
  if (nameTemplate === '') return name === '' ? 'release-name' : name;
  if (name !== '') throw failure('a Helm chart cannot have both releaseName and nameTemplate');
  const set = createTemplateSet({ functions: sprigFunctions(environment), name: 'name-template' });
  set.parse('name-template', nameTemplate);
  return set.execute('name-template', null);
}
