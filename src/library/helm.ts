// `import … from 'hawser/helm'`: charts rendered as `helm template` renders them.

export * from '../render/helm/helm.ts';
