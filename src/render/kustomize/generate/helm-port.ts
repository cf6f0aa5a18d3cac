// Helm for kustomizations: charts of the tree, rendered by hawser's own Helm (kustomize: types.HelmChart.AsHelmArgs).

import { utf8Encode } from '../../go/strings.ts';
import { createTemplateSet } from '../../gotemplate/gotemplate.ts';
import { DEFAULT_CAPABILITIES, parseKubeVersion } from '../../helm/capabilities.ts';
import type { Chart } from '../../helm/chart.ts';
import type { Lookup } from '../../helm/engine.ts';
import { type GeneratedValues, generatedIn, keepGenerated } from '../../helm/generated.ts';
import { loadChart } from '../../helm/load.ts';
import { renderChart } from '../../helm/render-chart.ts';
import { mergeValueSources } from '../../helm/values.ts';
import type { SprigEnvironment } from '../../sprig/environment.ts';
import { sprigFunctions } from '../../sprig/sprig.ts';
import type { Tree } from '../../tree.ts';
import { failure } from '../node/fail.ts';
import type { ChartSource, HelmPort, HelmRequest } from './helm.ts';

export interface HelmPortOptions {
  /** Keeps what charts generate by chance from build to build. */
  readonly generated?: GeneratedValues;
  /** What charts look up in a cluster; without it they find nothing, as with `helm template`. */
  readonly lookup?: Lookup;
  /** The files of a chart in a repository; without it only charts of the tree can be rendered. */
  readonly pull?: (source: ChartSource) => Tree;
}

/** For one build: releases of one chart with the same name and namespace are told apart by their order. */
export function createHelmPort(
  environment: SprigEnvironment,
  { generated, lookup, pull }: HelmPortOptions = {},
): HelmPort {
  const earlier = new Map<string, number>();
  const generatedOf = (chart: Chart, name: string, namespace: string): GeneratedValues | undefined => {
    const release = JSON.stringify([chart.metadata.name, name, namespace]);
    const count = earlier.get(release) ?? 0;
    earlier.set(release, count + 1);
    // The calls' own keys tell chart and release.
    return generated && generatedIn(generated, [namespace, String(count)]);
  };
  return {
    inflate(request) {
      const { values, kubeVersion, apiVersions } = request;
      const name = releaseName(request, environment, generated);
      const chart = loadChart(request.tree, request.chart);
      const kept = generatedOf(chart, name, request.namespace);
      return renderChart({
        chart,
        release: { name, namespace: request.namespace || 'default' },
        values: mergeValueSources({ files: values.map((_, index) => String(index)) }, (file) =>
          utf8Encode(values[Number(file)] ?? ''),
        ),
        capabilities: {
          ...(kubeVersion === '' ? {} : { kubeVersion: parseKubeVersion(kubeVersion) }),
          apiVersions: [...DEFAULT_CAPABILITIES.apiVersions, ...apiVersions],
        },
        environment,
        includeCrds: request.includeCrds,
        noHooks: request.skipHooks,
        skipTests: request.skipTests,
        ...(kept && { generated: kept }),
        ...(lookup && { lookup }),
      }).text;
    },
    ...(pull && { pull }),
  };
}

/** `helm template` has a name to fall back on, even with --generate-name. */
function releaseName(request: HelmRequest, environment: SprigEnvironment, generated?: GeneratedValues): string {
  const { releaseName: name, nameTemplate } = request;
  if (nameTemplate === '') return name === '' ? 'release-name' : name;
  if (name !== '') throw failure('a Helm chart cannot have both releaseName and nameTemplate');
  const functions = sprigFunctions(environment);
  const kept = generated && keepGenerated(functions, generated, 'name-template', () => [nameTemplate]);
  const set = createTemplateSet({ functions: { ...functions, ...kept }, name: 'name-template' });
  set.parse('name-template', nameTemplate);
  return set.execute('name-template', null);
}
