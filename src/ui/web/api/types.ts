// Made of the API's schemas by `npm run generate`: not to be edited.

import type { Application } from '../../../application/types.ts';

export interface Routes {
  'DELETE /api/v1/account/{name}/token/{id}': {
    params: { name: string; id: string };
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/applications/{name}': {
    params: { name: string };
    query: {
      cascade?: string;
      propagationPolicy?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: Record<string, unknown>;
  };
  'DELETE /api/v1/applications/{name}/operation': {
    params: { name: string };
    query: {
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: Record<string, unknown>;
  };
  'DELETE /api/v1/applications/{name}/resource': {
    params: { name: string };
    query: {
      namespace?: string;
      resourceName?: string;
      version?: string;
      group?: string;
      kind?: string;
      appNamespace?: string;
      project?: string;
      force?: "" | string;
      orphan?: "" | string;
    };
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/applicationsets/{name}': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/certificates': {
    params: object;
    query: {
      hostNamePattern?: string;
      certType?: string;
      certSubType?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        serverName: string;
        certType: string;
        certSubType: string;
        certData?: unknown;
        certInfo: string;
        [key: string]: unknown;
      })[];
    };
  };
  'DELETE /api/v1/clusters/{id}': {
    params: { id: string };
    query: {
      "id.type"?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/gpgkeys': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/projects/{name}': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/projects/{name}/roles/{role}/token/{iat}': {
    params: { name: string; role: string; iat: string };
    query: {
      id?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/repocreds/{url}': {
    params: { url: string };
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/repositories/{repo}': {
    params: { repo: string };
    query: {
      forceRefresh?: string;
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/session': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      token: "";
    };
  };
  'DELETE /api/v1/write-repocreds/{url}': {
    params: { url: string };
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'DELETE /api/v1/write-repositories/{repo}': {
    params: { repo: string };
    query: {
      forceRefresh?: string;
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: unknown;
  };
  'GET /api/badge': {
    params: object;
    query: {
      name?: string;
      project?: string | readonly (string)[];
      namespace?: string;
      revision?: string;
      showAppName?: string;
      keepFullRevision?: string;
      width?: string;
    };
    body: undefined;
    answer: unknown;
  };
  'GET /api/deliveries': {
    params: object;
    query: {
      limit?: string;
      application?: string;
      repository?: string;
      ref?: string;
      verdict?: "sync" | "manual" | "unaffected" | "branch mismatch" | "already deployed" | "window-closed" | "suspended" | "superseded" | "stale" | "host mismatch" | "error" | "pending";
      state?: "open" | "done";
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      items: readonly ({
        deliveryId: string;
        key: string;
        provider: string;
        proof?: "server" | "repository" | "none";
        repository: string;
        ref: string;
        before?: string;
        after?: string;
        isForced?: boolean;
        commits?: readonly ({
          id: string;
          message: string;
          author?: string;
        })[];
        moreCommits?: number;
        pusher?: string;
        receivedAt: string;
        state: "open" | "done";
        holder: string;
        left?: readonly (string)[];
        reason?: string;
        notes: readonly (string)[];
        counts: Record<string, number>;
        omitted?: number;
        applications: readonly ({
          name: string;
          verdict: "sync" | "manual" | "unaffected" | "branch mismatch" | "already deployed" | "window-closed" | "suspended" | "superseded" | "stale" | "host mismatch" | "error" | "pending";
          reason: string;
          paths: readonly (string)[];
          operationUrl: string;
        })[];
        otherRefs?: readonly ({
          ref: string;
          key: string;
        })[];
      })[];
    };
  };
  'GET /api/deliveries/{id}': {
    params: { id: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      deliveryId: string;
      key: string;
      provider: string;
      proof?: "server" | "repository" | "none";
      repository: string;
      ref: string;
      before?: string;
      after?: string;
      isForced?: boolean;
      commits?: readonly ({
        id: string;
        message: string;
        author?: string;
      })[];
      moreCommits?: number;
      pusher?: string;
      receivedAt: string;
      state: "open" | "done";
      holder: string;
      left?: readonly (string)[];
      reason?: string;
      notes: readonly (string)[];
      counts: Record<string, number>;
      omitted?: number;
      applications: readonly ({
        name: string;
        verdict: "sync" | "manual" | "unaffected" | "branch mismatch" | "already deployed" | "window-closed" | "suspended" | "superseded" | "stale" | "host mismatch" | "error" | "pending";
        reason: string;
        paths: readonly (string)[];
        operationUrl: string;
      })[];
      otherRefs?: readonly ({
        ref: string;
        key: string;
      })[];
    };
  };
  'GET /api/v1/account': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      items: readonly ({
        name: string;
        enabled: boolean;
        capabilities: readonly (string)[];
        tokens?: readonly ({
          id: string;
          issuedAt: number;
          expiresAt?: number;
        })[];
      })[];
    };
  };
  'GET /api/v1/account/can-i/{resource}/{action}/{subresource}': {
    params: { resource: string; action: string; subresource: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      value: "yes" | "no";
    };
  };
  'GET /api/v1/account/{name}': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      name: string;
      enabled: boolean;
      capabilities: readonly (string)[];
      tokens?: readonly ({
        id: string;
        issuedAt: number;
        expiresAt?: number;
      })[];
    };
  };
  'GET /api/v1/applications': {
    params: object;
    query: {
      name?: string;
      project?: string | readonly (string)[];
      projects?: string | readonly (string)[];
      selector?: string;
      repo?: string;
      appNamespace?: string;
      resourceVersion?: string;
      fields?: string;
      search?: string;
    };
    body: undefined;
    answer: {
      metadata: {
        resourceVersion: string;
      };
      items: readonly (Application)[];
    };
  };
  'GET /api/v1/applications/{name}': {
    params: { name: string };
    query: {
      refresh?: string;
      fields?: string;
      resourceVersion?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: Application;
  };
  'GET /api/v1/applications/{name}/drift': {
    params: { name: string };
    query: {
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      items: readonly ({
        at: string;
        by: string;
        manager?: string;
        operation: "UPDATE" | "DELETE";
        group: string;
        kind: string;
        namespace: string;
        name: string;
        fields: readonly ({
          path: string;
          before?: unknown;
          after?: unknown;
        })[];
        moreFields?: number;
        times?: number;
      })[];
    };
  };
  'GET /api/v1/applications/{name}/events': {
    params: { name: string };
    query: {
      resourceNamespace?: string;
      resourceName?: string;
      resourceUID?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      metadata: {
        resourceVersion: string;
        [key: string]: unknown;
      };
      items: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/applications/{name}/links': {
    params: { name: string };
    query: {
      namespace?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      items: readonly ({
        title: string;
        url: string;
        description?: string;
        iconClass?: string;
      })[];
    };
  };
  'GET /api/v1/applications/{name}/logs': {
    params: { name: string };
    query: {
      namespace?: "" | string;
      container?: "" | string;
      sinceSeconds?: "" | number | string;
      sinceTime?: "" | string;
      "sinceTime.seconds"?: "" | number | string;
      "sinceTime.nanos"?: "" | number | string;
      tailLines?: "" | number | string;
      follow?: "" | string;
      untilTime?: "" | string;
      filter?: "" | string;
      matchCase?: "" | string;
      previous?: "" | string;
      kind?: "" | string;
      group?: "" | string;
      resourceName?: "" | string;
      podName?: "" | string;
      version?: "" | string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      result: {
        content: string;
        timeStamp: unknown;
        timeStampStr: string;
        last: boolean;
        podName: string;
      };
    };
  };
  'GET /api/v1/applications/{name}/managed-resources': {
    params: { name: string };
    query: {
      namespace?: string;
      name?: string;
      version?: string;
      group?: string;
      kind?: string;
      revision?: string;
      refresh?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      items: readonly ({
        group: string;
        kind: string;
        namespace: string;
        name: string;
        targetState: string;
        liveState: string;
        normalizedLiveState: string;
        predictedLiveState: string;
        modified: boolean;
        message?: string;
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/applications/{name}/manifests': {
    params: { name: string };
    query: {
      revision?: string;
      revisions?: string | readonly (string)[];
      sourcePositions?: number | string | readonly (number | string)[];
      noCache?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      manifests: readonly (string)[];
      [key: string]: unknown;
    };
  };
  'GET /api/v1/applications/{name}/pods/{podName}/logs': {
    params: { name: string; podName: string };
    query: {
      namespace?: "" | string;
      container?: "" | string;
      sinceSeconds?: "" | number | string;
      sinceTime?: "" | string;
      "sinceTime.seconds"?: "" | number | string;
      "sinceTime.nanos"?: "" | number | string;
      tailLines?: "" | number | string;
      follow?: "" | string;
      untilTime?: "" | string;
      filter?: "" | string;
      matchCase?: "" | string;
      previous?: "" | string;
      kind?: "" | string;
      group?: "" | string;
      resourceName?: "" | string;
      podName?: "" | string;
      version?: "" | string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      result: {
        content: string;
        timeStamp: unknown;
        timeStampStr: string;
        last: boolean;
        podName: string;
      };
    };
  };
  'GET /api/v1/applications/{name}/render-input': {
    params: { name: string };
    query: {
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      context: {
        appName: string;
        appNamespace: string;
        project: string;
        namespace: string;
        kubeVersion: string;
        apiVersions: readonly (string)[];
        [key: string]: unknown;
      };
      nowMs: number;
      sources: readonly ({
        source: {
          repoURL?: string;
          path?: string;
          targetRevision?: string;
          chart?: string;
          ref?: string;
          name?: string;
          [key: string]: unknown;
        };
        revision: string;
        path: string;
        field: string;
        type: "Helm" | "Kustomize" | "Directory" | "Plugin" | "";
        tree: {
          texts: Record<string, string>;
          binaries: Record<string, string>;
          noFiles: readonly (string)[];
          folders: Record<string, readonly ({
            name: string;
            kind: "file" | "directory" | "symlink" | "submodule";
          })[] | null>;
          links: Record<string, unknown>;
          hasLinks: boolean;
        };
        charts: readonly ({
          repository: string;
          name: string;
          version: string;
          archive: string;
        })[];
        urls: readonly ({
          url: string;
          content: string;
        })[];
        remoteFiles: readonly ({
          url: string;
          content?: string;
          status?: number;
        })[];
        remoteTrees: readonly ({
          key: string;
          tree: {
            texts: Record<string, string>;
            binaries: Record<string, string>;
            noFiles: readonly (string)[];
            folders: Record<string, readonly ({
              name: string;
              kind: "file" | "directory" | "symlink" | "submodule";
            })[] | null>;
            links: Record<string, unknown>;
            hasLinks: boolean;
          };
        })[];
        editable: readonly (string)[];
        folder?: string;
        branch?: string;
        isWritable: boolean;
      })[];
      lookups: readonly ({
        apiVersion: string;
        kind: string;
        namespace: string;
        name: string;
      })[];
      generates: boolean;
    };
  };
  'GET /api/v1/applications/{name}/resource': {
    params: { name: string };
    query: {
      namespace?: string;
      resourceName?: string;
      version?: string;
      group?: string;
      kind?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      manifest: string;
    };
  };
  'GET /api/v1/applications/{name}/resource-tree': {
    params: { name: string };
    query: {
      namespace?: string;
      resourceName?: string;
      version?: string;
      group?: string;
      kind?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      nodes: readonly ({
        group?: string;
        version: string;
        kind: string;
        namespace?: string;
        name: string;
        uid?: string;
        parentRefs?: readonly ({
          group?: string;
          version: string;
          kind: string;
          namespace?: string;
          name: string;
          uid?: string;
          [key: string]: unknown;
        })[];
        info?: readonly ({
          name: string;
          value: string;
        })[];
        networkingInfo?: Record<string, unknown>;
        resourceVersion?: string;
        images?: readonly (string)[];
        health?: {
          status: string;
          message?: string;
        };
        createdAt?: string;
        [key: string]: unknown;
      })[];
      orphanedNodes: readonly ({
        group?: string;
        version: string;
        kind: string;
        namespace?: string;
        name: string;
        uid?: string;
        parentRefs?: readonly ({
          group?: string;
          version: string;
          kind: string;
          namespace?: string;
          name: string;
          uid?: string;
          [key: string]: unknown;
        })[];
        info?: readonly ({
          name: string;
          value: string;
        })[];
        networkingInfo?: Record<string, unknown>;
        resourceVersion?: string;
        images?: readonly (string)[];
        health?: {
          status: string;
          message?: string;
        };
        createdAt?: string;
        [key: string]: unknown;
      })[];
      hosts: readonly ({
        name: string;
        [key: string]: unknown;
      })[];
      shardsCount: number;
    };
  };
  'GET /api/v1/applications/{name}/resource/actions': {
    params: { name: string };
    query: {
      namespace?: string;
      resourceName?: string;
      version?: string;
      group?: string;
      kind?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      actions: readonly ({
        name: string;
        disabled?: boolean;
        displayName?: string;
        iconClass?: string;
        params?: readonly ({
          name: string;
          [key: string]: unknown;
        })[];
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/applications/{name}/resource/links': {
    params: { name: string };
    query: {
      namespace?: string;
      resourceName?: string;
      version?: string;
      group?: string;
      kind?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      items: readonly ({
        title: string;
        url: string;
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/applications/{name}/revisions/{revision}/chartdetails': {
    params: { name: string; revision: string };
    query: {
      sourceIndex?: number | string;
      versionId?: number | string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      description?: string;
      home?: string;
      maintainers?: readonly (string)[];
    };
  };
  'GET /api/v1/applications/{name}/revisions/{revision}/metadata': {
    params: { name: string; revision: string };
    query: {
      sourceIndex?: number | string;
      versionId?: number | string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      author: string;
      date: string;
      message: string;
      tags?: readonly (string)[];
    };
  };
  'GET /api/v1/applications/{name}/revisions/{revision}/ocimetadata': {
    params: { name: string; revision: string };
    query: {
      sourceIndex?: number | string;
      versionId?: number | string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: Record<string, string>;
  };
  'GET /api/v1/applications/{name}/server-side-diff': {
    params: { name: string };
    query: {
      targetManifests?: string | readonly (string)[];
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      items: readonly ({
        group: string;
        kind: string;
        namespace: string;
        name: string;
        targetState: string;
        liveState: string;
        normalizedLiveState: string;
        predictedLiveState: string;
        modified: boolean;
        message?: string;
        [key: string]: unknown;
      })[];
      modified: boolean;
    };
  };
  'GET /api/v1/applications/{name}/state': {
    params: { name: string };
    query: {
      lang?: "en" | "ko";
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      sentence: string;
      command?: string;
      revision?: string;
      revisions?: readonly (string)[];
      commit?: {
        author: string;
        date: string;
        message: string;
        tags?: readonly (string)[];
      };
      held?: {
        opensAt?: string;
        timeZone?: string;
        window?: string;
        windowKind?: "allow" | "deny";
      };
    };
  };
  'GET /api/v1/applications/{name}/syncwindows': {
    params: { name: string };
    query: {
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      activeWindows?: readonly ({
        kind: string;
        schedule: string;
        duration: string;
        manualSync: boolean;
      })[];
      assignedWindows?: readonly ({
        kind: string;
        schedule: string;
        duration: string;
        manualSync: boolean;
      })[];
      canSync: boolean;
    };
  };
  'GET /api/v1/applicationsets': {
    params: object;
    query: {
      projects?: string | readonly (string)[];
      selector?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      metadata?: Record<string, unknown>;
      items: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/applicationsets/{name}': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'GET /api/v1/certificates': {
    params: object;
    query: {
      hostNamePattern?: string;
      certType?: string;
      certSubType?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        serverName: string;
        certType: string;
        certSubType: string;
        certData?: unknown;
        certInfo: string;
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/clusters': {
    params: object;
    query: {
      server?: string;
      name?: string;
      "id.type"?: string;
      "id.value"?: string;
      connection?: "tried" | "known";
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        server: string;
        name?: string;
        config?: Record<string, unknown> | null;
        namespaces?: readonly (string)[] | null;
        clusterResources?: unknown;
        project?: unknown;
        shard?: number | unknown | null;
        labels?: Record<string, string> | null;
        annotations?: Record<string, string> | null;
        serverVersion?: string;
        connectionState?: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        info?: {
          connectionState: {
            status: "Successful" | "Failed" | "Unknown";
            message: string;
            attemptedAt: unknown;
          };
          serverVersion?: string;
          cacheInfo: {
            apisCount?: number;
          };
          applicationsCount: number;
          [key: string]: unknown;
        };
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/clusters/{id}': {
    params: { id: string };
    query: {
      "id.type"?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      server: string;
      name?: string;
      config?: Record<string, unknown> | null;
      namespaces?: readonly (string)[] | null;
      clusterResources?: unknown;
      project?: unknown;
      shard?: number | unknown | null;
      labels?: Record<string, string> | null;
      annotations?: Record<string, string> | null;
      serverVersion?: string;
      connectionState?: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      info?: {
        connectionState: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        serverVersion?: string;
        cacheInfo: {
          apisCount?: number;
        };
        applicationsCount: number;
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
  };
  'GET /api/v1/drift': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      items: readonly ({
        at: string;
        by: string;
        manager?: string;
        operation: "UPDATE" | "DELETE";
        group: string;
        kind: string;
        namespace: string;
        name: string;
        fields: readonly ({
          path: string;
          before?: unknown;
          after?: unknown;
        })[];
        moreFields?: number;
        times?: number;
        application: {
          name: string;
          namespace: string;
          project: string;
        };
      })[];
    };
  };
  'GET /api/v1/gpgkeys': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata?: Record<string, unknown>;
      items: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/gpgkeys/{keyID}': {
    params: { keyID: string };
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'GET /api/v1/notifications/services': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata?: Record<string, unknown>;
      items: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/notifications/templates': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata?: Record<string, unknown>;
      items: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/notifications/triggers': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata?: Record<string, unknown>;
      items: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/projects': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        metadata: {
          name: string;
          namespace?: string;
          resourceVersion?: string;
          labels?: Record<string, string> | null;
          annotations?: Record<string, string> | null;
          finalizers?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        spec: {
          description?: string;
          sourceRepos?: readonly (string)[] | null;
          destinations?: readonly ({
            server?: string;
            name?: string;
            namespace?: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          roles?: readonly ({
            name: string;
            description?: unknown;
            policies?: readonly (string)[] | null;
            groups?: readonly (string)[] | null;
            jwtTokens?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          })[] | null;
          signatureKeys?: readonly ({
            keyID: string;
            [key: string]: unknown;
          })[] | null;
          orphanedResources?: {
            warn?: unknown;
            ignore?: readonly ({
              group?: unknown;
              kind?: unknown;
              name?: unknown;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          } | null;
          permitOnlyProjectScopedClusters?: boolean;
          syncWindows?: readonly ({
            kind?: string;
            schedule?: string;
            duration?: string;
            applications?: readonly (string)[] | null;
            namespaces?: readonly (string)[] | null;
            clusters?: readonly (string)[] | null;
            manualSync?: boolean;
            timeZone?: string;
            andOperator?: boolean;
            description?: string;
            syncOverrun?: boolean;
            [key: string]: unknown;
          })[] | null;
          sourceNamespaces?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        status?: {
          jwtTokensByRole?: Record<string, {
            items?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          }> | null;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/projects/{name}': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata: {
        name: string;
        namespace?: string;
        resourceVersion?: string;
        labels?: Record<string, string> | null;
        annotations?: Record<string, string> | null;
        finalizers?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      spec: {
        description?: string;
        sourceRepos?: readonly (string)[] | null;
        destinations?: readonly ({
          server?: string;
          name?: string;
          namespace?: string;
          [key: string]: unknown;
        })[] | null;
        clusterResourceWhitelist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        clusterResourceBlacklist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        namespaceResourceWhitelist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        namespaceResourceBlacklist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        roles?: readonly ({
          name: string;
          description?: unknown;
          policies?: readonly (string)[] | null;
          groups?: readonly (string)[] | null;
          jwtTokens?: readonly ({
            iat: number;
            exp?: number;
            id?: string;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        })[] | null;
        signatureKeys?: readonly ({
          keyID: string;
          [key: string]: unknown;
        })[] | null;
        orphanedResources?: {
          warn?: unknown;
          ignore?: readonly ({
            group?: unknown;
            kind?: unknown;
            name?: unknown;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        } | null;
        permitOnlyProjectScopedClusters?: boolean;
        syncWindows?: readonly ({
          kind?: string;
          schedule?: string;
          duration?: string;
          applications?: readonly (string)[] | null;
          namespaces?: readonly (string)[] | null;
          clusters?: readonly (string)[] | null;
          manualSync?: boolean;
          timeZone?: string;
          andOperator?: boolean;
          description?: string;
          syncOverrun?: boolean;
          [key: string]: unknown;
        })[] | null;
        sourceNamespaces?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      status?: {
        jwtTokensByRole?: Record<string, {
          items?: readonly ({
            iat: number;
            exp?: number;
            id?: string;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        }> | null;
        [key: string]: unknown;
      } | null;
      [key: string]: unknown;
    };
  };
  'GET /api/v1/projects/{name}/detailed': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      globalProjects: readonly ({
        metadata: {
          name: string;
          namespace?: string;
          resourceVersion?: string;
          labels?: Record<string, string> | null;
          annotations?: Record<string, string> | null;
          finalizers?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        spec: {
          description?: string;
          sourceRepos?: readonly (string)[] | null;
          destinations?: readonly ({
            server?: string;
            name?: string;
            namespace?: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          roles?: readonly ({
            name: string;
            description?: unknown;
            policies?: readonly (string)[] | null;
            groups?: readonly (string)[] | null;
            jwtTokens?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          })[] | null;
          signatureKeys?: readonly ({
            keyID: string;
            [key: string]: unknown;
          })[] | null;
          orphanedResources?: {
            warn?: unknown;
            ignore?: readonly ({
              group?: unknown;
              kind?: unknown;
              name?: unknown;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          } | null;
          permitOnlyProjectScopedClusters?: boolean;
          syncWindows?: readonly ({
            kind?: string;
            schedule?: string;
            duration?: string;
            applications?: readonly (string)[] | null;
            namespaces?: readonly (string)[] | null;
            clusters?: readonly (string)[] | null;
            manualSync?: boolean;
            timeZone?: string;
            andOperator?: boolean;
            description?: string;
            syncOverrun?: boolean;
            [key: string]: unknown;
          })[] | null;
          sourceNamespaces?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        status?: {
          jwtTokensByRole?: Record<string, {
            items?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          }> | null;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      })[];
      project: {
        metadata: {
          name: string;
          namespace?: string;
          resourceVersion?: string;
          labels?: Record<string, string> | null;
          annotations?: Record<string, string> | null;
          finalizers?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        spec: {
          description?: string;
          sourceRepos?: readonly (string)[] | null;
          destinations?: readonly ({
            server?: string;
            name?: string;
            namespace?: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          roles?: readonly ({
            name: string;
            description?: unknown;
            policies?: readonly (string)[] | null;
            groups?: readonly (string)[] | null;
            jwtTokens?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          })[] | null;
          signatureKeys?: readonly ({
            keyID: string;
            [key: string]: unknown;
          })[] | null;
          orphanedResources?: {
            warn?: unknown;
            ignore?: readonly ({
              group?: unknown;
              kind?: unknown;
              name?: unknown;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          } | null;
          permitOnlyProjectScopedClusters?: boolean;
          syncWindows?: readonly ({
            kind?: string;
            schedule?: string;
            duration?: string;
            applications?: readonly (string)[] | null;
            namespaces?: readonly (string)[] | null;
            clusters?: readonly (string)[] | null;
            manualSync?: boolean;
            timeZone?: string;
            andOperator?: boolean;
            description?: string;
            syncOverrun?: boolean;
            [key: string]: unknown;
          })[] | null;
          sourceNamespaces?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        status?: {
          jwtTokensByRole?: Record<string, {
            items?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          }> | null;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      };
      repositories: readonly ({
        repo: string;
        type?: string;
        name?: string;
        username?: string;
        project?: string;
        insecure?: boolean;
        enableLfs?: boolean;
        enableOCI?: boolean;
        forceHttpBasicAuth?: boolean;
        proxy?: string;
        noProxy?: string;
        inheritedCreds?: boolean;
        credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
        [key: string]: unknown;
      })[];
      clusters: readonly ({
        server: string;
        name?: string;
        config?: Record<string, unknown> | null;
        namespaces?: readonly (string)[] | null;
        clusterResources?: unknown;
        project?: unknown;
        shard?: number | unknown | null;
        labels?: Record<string, string> | null;
        annotations?: Record<string, string> | null;
        serverVersion?: string;
        connectionState?: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        info?: {
          connectionState: {
            status: "Successful" | "Failed" | "Unknown";
            message: string;
            attemptedAt: unknown;
          };
          serverVersion?: string;
          cacheInfo: {
            apisCount?: number;
          };
          applicationsCount: number;
          [key: string]: unknown;
        };
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/projects/{name}/globalprojects': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      items: readonly ({
        metadata: {
          name: string;
          namespace?: string;
          resourceVersion?: string;
          labels?: Record<string, string> | null;
          annotations?: Record<string, string> | null;
          finalizers?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        spec: {
          description?: string;
          sourceRepos?: readonly (string)[] | null;
          destinations?: readonly ({
            server?: string;
            name?: string;
            namespace?: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          roles?: readonly ({
            name: string;
            description?: unknown;
            policies?: readonly (string)[] | null;
            groups?: readonly (string)[] | null;
            jwtTokens?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          })[] | null;
          signatureKeys?: readonly ({
            keyID: string;
            [key: string]: unknown;
          })[] | null;
          orphanedResources?: {
            warn?: unknown;
            ignore?: readonly ({
              group?: unknown;
              kind?: unknown;
              name?: unknown;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          } | null;
          permitOnlyProjectScopedClusters?: boolean;
          syncWindows?: readonly ({
            kind?: string;
            schedule?: string;
            duration?: string;
            applications?: readonly (string)[] | null;
            namespaces?: readonly (string)[] | null;
            clusters?: readonly (string)[] | null;
            manualSync?: boolean;
            timeZone?: string;
            andOperator?: boolean;
            description?: string;
            syncOverrun?: boolean;
            [key: string]: unknown;
          })[] | null;
          sourceNamespaces?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        status?: {
          jwtTokensByRole?: Record<string, {
            items?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          }> | null;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/projects/{name}/links': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      items: readonly ({
        title: string;
        url: string;
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/projects/{name}/syncwindows': {
    params: { name: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      windows: readonly ({
        kind?: string;
        schedule?: string;
        duration?: string;
        applications?: readonly (string)[] | null;
        namespaces?: readonly (string)[] | null;
        clusters?: readonly (string)[] | null;
        manualSync?: boolean;
        timeZone?: string;
        andOperator?: boolean;
        description?: string;
        syncOverrun?: boolean;
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/projects/{project}/events': {
    params: { project: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata: {
        resourceVersion: string;
        [key: string]: unknown;
      };
      items: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/refused-deliveries': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      items: readonly ({
        provider: string;
        code: string;
        reason: string;
        hint?: string;
        times: number;
        firstAt: string;
        lastAt: string;
      })[];
    };
  };
  'GET /api/v1/repocreds': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        url: string;
        username?: string;
        type?: string;
        enableOCI?: boolean;
        credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/repositories': {
    params: object;
    query: {
      forceRefresh?: string;
      appProject?: string;
      connection?: "tried" | "known";
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        repo: string;
        type?: string;
        name?: string;
        username?: string;
        project?: string;
        insecure?: boolean;
        enableLfs?: boolean;
        enableOCI?: boolean;
        forceHttpBasicAuth?: boolean;
        proxy?: string;
        noProxy?: string;
        inheritedCreds?: boolean;
        credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
        connectionState: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/repositories/{repo}': {
    params: { repo: string };
    query: {
      forceRefresh?: string;
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      repo: string;
      type?: string;
      name?: string;
      username?: string;
      project?: string;
      insecure?: boolean;
      enableLfs?: boolean;
      enableOCI?: boolean;
      forceHttpBasicAuth?: boolean;
      proxy?: string;
      noProxy?: string;
      inheritedCreds?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      connectionState: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      [key: string]: unknown;
    };
  };
  'GET /api/v1/repositories/{repo}/apps': {
    params: { repo: string };
    query: {
      appProject?: string;
      revision?: string;
      appName?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      items: readonly ({
        path: string;
        type: string;
      })[];
    };
  };
  'GET /api/v1/repositories/{repo}/helmcharts': {
    params: { repo: string };
    query: {
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      items: readonly ({
        name: string;
        versions: readonly (string)[];
      })[];
    };
  };
  'GET /api/v1/repositories/{repo}/oci-tags': {
    params: { repo: string };
    query: {
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      tags: readonly (string)[];
    };
  };
  'GET /api/v1/repositories/{repo}/refs': {
    params: { repo: string };
    query: {
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      branches: readonly (string)[];
      tags: readonly (string)[];
    };
  };
  'GET /api/v1/repositories/{repo}/webhook': {
    params: { repo: string };
    query: {
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      addresses: readonly (string)[];
      contentType: string;
      secret: {
        namespace: string;
        name: string;
        key: string;
        isSet: boolean;
      };
      sharedKeys: readonly (string)[];
      host?: string;
      lastPingAt?: string;
      lastDelivery?: {
        receivedAt: string;
        provider: string;
        deliveryId?: string;
        ref?: string;
        state?: "open" | "done";
        reason?: string;
        applications: readonly ({
          name: string;
          verdict: "sync" | "manual" | "unaffected" | "branch mismatch" | "already deployed" | "window-closed" | "suspended" | "superseded" | "stale" | "host mismatch" | "error" | "pending";
          reason: string;
        })[];
      };
    };
  };
  'GET /api/v1/session/rights': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      items: readonly ({
        resource: string;
        action: string;
        everywhere: boolean;
        projects: readonly (string)[];
      })[];
    };
  };
  'GET /api/v1/session/userinfo': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      loggedIn: boolean;
      username?: string;
      iss?: string;
      groups?: readonly (string)[];
    };
  };
  'GET /api/v1/settings': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      url?: string;
      appLabelKey: string;
      trackingMethod: string;
      statusBadgeEnabled: boolean;
      userLoginsDisabled: boolean;
      oidcConfig?: {
        name: string;
        issuer: string;
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
  };
  'GET /api/v1/settings/plugins': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      plugins: readonly (Record<string, unknown>)[];
    };
  };
  'GET /api/v1/stream/applications': {
    params: object;
    query: {
      name?: string;
      project?: string | readonly (string)[];
      projects?: string | readonly (string)[];
      selector?: string;
      repo?: string;
      appNamespace?: string;
      resourceVersion?: string;
      fields?: string;
      refresh?: string;
    };
    body: undefined;
    answer: {
      result: {
        type: "ADDED" | "MODIFIED" | "DELETED";
        application: Application;
      };
    };
  };
  'GET /api/v1/stream/applications/{name}/resource-tree': {
    params: { name: string };
    query: {
      fields?: string;
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: {
      result: {
        nodes: readonly ({
          group?: string;
          version: string;
          kind: string;
          namespace?: string;
          name: string;
          uid?: string;
          parentRefs?: readonly ({
            group?: string;
            version: string;
            kind: string;
            namespace?: string;
            name: string;
            uid?: string;
            [key: string]: unknown;
          })[];
          info?: readonly ({
            name: string;
            value: string;
          })[];
          networkingInfo?: Record<string, unknown>;
          resourceVersion?: string;
          images?: readonly (string)[];
          health?: {
            status: string;
            message?: string;
          };
          createdAt?: string;
          [key: string]: unknown;
        })[];
        orphanedNodes: readonly ({
          group?: string;
          version: string;
          kind: string;
          namespace?: string;
          name: string;
          uid?: string;
          parentRefs?: readonly ({
            group?: string;
            version: string;
            kind: string;
            namespace?: string;
            name: string;
            uid?: string;
            [key: string]: unknown;
          })[];
          info?: readonly ({
            name: string;
            value: string;
          })[];
          networkingInfo?: Record<string, unknown>;
          resourceVersion?: string;
          images?: readonly (string)[];
          health?: {
            status: string;
            message?: string;
          };
          createdAt?: string;
          [key: string]: unknown;
        })[];
        hosts: readonly ({
          name: string;
          [key: string]: unknown;
        })[];
        shardsCount: number;
      };
    };
  };
  'GET /api/v1/stream/deliveries': {
    params: object;
    query: {
      limit?: string;
      application?: string;
      repository?: string;
      ref?: string;
      verdict?: "sync" | "manual" | "unaffected" | "branch mismatch" | "already deployed" | "window-closed" | "suspended" | "superseded" | "stale" | "host mismatch" | "error" | "pending";
      state?: "open" | "done";
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      result: {
        deliveryId: string;
        key: string;
        provider: string;
        proof?: "server" | "repository" | "none";
        repository: string;
        ref: string;
        before?: string;
        after?: string;
        isForced?: boolean;
        commits?: readonly ({
          id: string;
          message: string;
          author?: string;
        })[];
        moreCommits?: number;
        pusher?: string;
        receivedAt: string;
        state: "open" | "done";
        holder: string;
        left?: readonly (string)[];
        reason?: string;
        notes: readonly (string)[];
        counts: Record<string, number>;
        omitted?: number;
        applications: readonly ({
          name: string;
          verdict: "sync" | "manual" | "unaffected" | "branch mismatch" | "already deployed" | "window-closed" | "suspended" | "superseded" | "stale" | "host mismatch" | "error" | "pending";
          reason: string;
          paths: readonly (string)[];
          operationUrl: string;
        })[];
        otherRefs?: readonly ({
          ref: string;
          key: string;
        })[];
      };
    };
  };
  'GET /api/v1/write-repocreds': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        url: string;
        username?: string;
        type?: string;
        enableOCI?: boolean;
        credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/write-repositories': {
    params: object;
    query: {
      forceRefresh?: string;
      appProject?: string;
      connection?: "tried" | "known";
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        repo: string;
        type?: string;
        name?: string;
        username?: string;
        project?: string;
        insecure?: boolean;
        enableLfs?: boolean;
        enableOCI?: boolean;
        forceHttpBasicAuth?: boolean;
        proxy?: string;
        noProxy?: string;
        inheritedCreds?: boolean;
        credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
        connectionState: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        [key: string]: unknown;
      })[];
    };
  };
  'GET /api/v1/write-repositories/{repo}': {
    params: { repo: string };
    query: {
      forceRefresh?: string;
      appProject?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      repo: string;
      type?: string;
      name?: string;
      username?: string;
      project?: string;
      insecure?: boolean;
      enableLfs?: boolean;
      enableOCI?: boolean;
      forceHttpBasicAuth?: boolean;
      proxy?: string;
      noProxy?: string;
      inheritedCreds?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      connectionState: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      [key: string]: unknown;
    };
  };
  'GET /api/version': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      Version: string;
      [key: string]: unknown;
    };
  };
  'GET /auth/callback': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'GET /auth/login': {
    params: object;
    query: {
      return_url?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: unknown;
  };
  'GET /auth/logout': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'GET /metrics': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'GET /openapi.json': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      openapi: string;
      [key: string]: unknown;
    };
  };
  'GET /swagger.json': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      openapi: string;
      [key: string]: unknown;
    };
  };
  'PATCH /api/v1/applications/{name}': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      patch: string;
      patchType?: unknown;
      appNamespace?: unknown;
      project?: unknown;
      [key: string]: unknown;
    };
    answer: Application;
  };
  'POST /api/deliveries/{id}/replay': {
    params: { id: string };
    query: Record<string, string>;
    body: undefined;
    answer: {
      deliveryId: string;
      applications: readonly (Record<string, unknown>)[];
      [key: string]: unknown;
    };
  };
  'POST /api/peer': {
    params: object;
    query: Record<string, string>;
    body: {
      kind: "leaving";
      identity: string;
    } | {
      kind: "application";
      identity: string;
      application: string;
      after?: string;
    } | {
      kind: "busy";
      identity: string;
      version: string;
      forMs?: number | string;
    };
    answer: {
      identity: string;
    };
  };
  'POST /api/refresh': {
    params: object;
    query: Record<string, string>;
    body: {
      application?: unknown;
      appNamespace?: unknown;
      repoURL?: unknown;
      all?: unknown;
      revision?: unknown;
      hard?: unknown;
      wait?: unknown;
      [key: string]: unknown;
    };
    answer: {
      applications: readonly (Record<string, unknown>)[];
      [key: string]: unknown;
    };
  };
  'POST /api/v1/account/{name}/token': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      id?: unknown;
      expiresIn?: number | string | null;
      name?: unknown;
      description?: unknown;
      [key: string]: unknown;
    };
    answer: {
      token: string;
    };
  };
  'POST /api/v1/applications': {
    params: object;
    query: {
      upsert?: string;
      validate?: string;
    };
    body: {
      metadata: {
        name?: string;
        namespace?: string;
        labels?: Record<string, string> | null;
        annotations?: Record<string, string> | null;
        finalizers?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      spec: {
        project?: string;
        source?: {
          repoURL?: string;
          path?: string;
          targetRevision?: string;
          chart?: string;
          ref?: string;
          name?: string;
          [key: string]: unknown;
        } | null;
        sources?: readonly ({
          repoURL?: string;
          path?: string;
          targetRevision?: string;
          chart?: string;
          ref?: string;
          name?: string;
          [key: string]: unknown;
        })[] | null;
        destination?: {
          server?: string;
          name?: string;
          namespace?: string;
          [key: string]: unknown;
        };
        syncPolicy?: Record<string, unknown> | null;
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
    answer: Application;
  };
  'POST /api/v1/applications/{name}/approve-sync': {
    params: { name: string };
    query: {
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: Application;
  };
  'POST /api/v1/applications/{name}/commits': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      appNamespace?: unknown;
      project?: unknown;
      source?: number;
      branch: string;
      createBranch?: boolean;
      message: string;
      files: Record<string, string>;
      baseRevision: string;
      [key: string]: unknown;
    };
    answer: {
      commit: string;
      branch: string;
      url?: string;
    };
  };
  'POST /api/v1/applications/{name}/confirm-deletion': {
    params: { name: string };
    query: {
      appNamespace?: string;
      project?: string;
    };
    body: undefined;
    answer: Record<string, unknown>;
  };
  'POST /api/v1/applications/{name}/plan': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      appNamespace?: unknown;
      project?: unknown;
      revision?: unknown;
      revisions?: readonly (string)[] | null;
      sourcePositions?: readonly (number | string)[] | null;
      prune?: unknown;
      dryRun?: unknown;
      strategy?: {
        apply?: {
          force?: boolean;
          [key: string]: unknown;
        } | null;
        hook?: {
          force?: boolean;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      } | null;
      resources?: readonly ({
        group?: string;
        kind: string;
        name: string;
        namespace?: string;
        [key: string]: unknown;
      })[] | null;
      manifests?: readonly (string)[] | null;
      infos?: readonly ({
        name: string;
        value: string;
        [key: string]: unknown;
      })[] | null;
      retryStrategy?: {
        limit?: number | string | null;
        refresh?: unknown;
        backoff?: {
          duration?: unknown;
          factor?: number | string | null;
          maxDuration?: unknown;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      } | null;
      syncOptions?: readonly (string)[] | {
        items?: readonly (string)[] | null;
        [key: string]: unknown;
      } | null;
      rollback?: {
        id?: number | string | null;
        prune?: unknown;
        [key: string]: unknown;
      } | null;
      [key: string]: unknown;
    };
    answer: {
      sentence: string;
      revision?: string;
      revisions?: readonly (string)[];
      counts: {
        create: number;
        update: number;
        delete: number;
        recreate: number;
        hooks: number;
        unchanged: number;
        left: number;
      };
      steps: readonly ({
        phase: "PreSync" | "Sync" | "PostSync" | "SyncFail" | "PreDelete" | "PostDelete";
        wave: number;
        action: "create" | "update" | "delete" | "recreate" | "hook" | "unchanged" | "left";
        group: string;
        version: string;
        kind: string;
        namespace: string;
        name: string;
        isGenerated?: boolean;
        isForFailure?: boolean;
        changes: readonly ({
          path: string;
          before?: unknown;
          after?: unknown;
        })[];
        liveState?: string;
        targetState?: string;
        normalizedLiveState?: string;
        predictedLiveState?: string;
        needsConfirmation: boolean;
        message?: string;
      })[];
      problems: readonly ({
        code: "suspended" | "operationRunning" | "beingDeleted" | "automated" | "windowClosed" | "condition" | "refused" | "invalid" | "wouldFail" | "pruningOff" | "needsConfirmation";
        message: string;
        blocks: boolean;
        count?: number;
        opensAt?: string;
        timeZone?: string;
        window?: string;
        windowKind?: "allow" | "deny";
        canApprove?: boolean;
      })[];
    };
  };
  'POST /api/v1/applications/{name}/resource': {
    params: { name: string };
    query: {
      namespace?: string;
      resourceName?: string;
      version?: string;
      group?: string;
      kind?: string;
      appNamespace?: string;
      project?: string;
      patchType?: string;
    };
    body: string;
    answer: {
      manifest: string;
    };
  };
  'POST /api/v1/applications/{name}/resource/actions': {
    params: { name: string };
    query: {
      namespace?: string;
      resourceName?: string;
      version?: string;
      group?: string;
      kind?: string;
      appNamespace?: string;
      project?: string;
    };
    body: string;
    answer: unknown;
  };
  'POST /api/v1/applications/{name}/resource/actions/v2': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      namespace?: unknown;
      resourceName?: unknown;
      version?: unknown;
      group?: unknown;
      kind?: unknown;
      action: string;
      resourceActionParameters?: readonly ({
        name: string;
        value?: string;
        [key: string]: unknown;
      })[] | null;
      appNamespace?: unknown;
      project?: unknown;
      [key: string]: unknown;
    };
    answer: unknown;
  };
  'POST /api/v1/applications/{name}/rollback': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      appNamespace?: unknown;
      project?: unknown;
      id?: number | string | null;
      prune?: unknown;
      dryRun?: unknown;
      disableAutoSync?: unknown;
      [key: string]: unknown;
    };
    answer: Application;
  };
  'POST /api/v1/applications/{name}/server-side-diff': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      appNamespace?: unknown;
      project?: unknown;
      revision?: unknown;
      targetManifests?: readonly (string)[] | null;
      files?: Record<string, string> | null;
      edits?: Record<string, Record<string, string>> | null;
      spec?: {
        project?: string;
        source?: {
          repoURL?: string;
          path?: string;
          targetRevision?: string;
          chart?: string;
          ref?: string;
          name?: string;
          [key: string]: unknown;
        } | null;
        sources?: readonly ({
          repoURL?: string;
          path?: string;
          targetRevision?: string;
          chart?: string;
          ref?: string;
          name?: string;
          [key: string]: unknown;
        })[] | null;
        destination?: {
          server?: string;
          name?: string;
          namespace?: string;
          [key: string]: unknown;
        };
        syncPolicy?: Record<string, unknown> | null;
        [key: string]: unknown;
      } | null;
      [key: string]: unknown;
    };
    answer: {
      items: readonly ({
        group: string;
        kind: string;
        namespace: string;
        name: string;
        targetState: string;
        liveState: string;
        normalizedLiveState: string;
        predictedLiveState: string;
        modified: boolean;
        message?: string;
        [key: string]: unknown;
      })[];
      modified: boolean;
    };
  };
  'POST /api/v1/applications/{name}/sync': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      appNamespace?: unknown;
      project?: unknown;
      revision?: unknown;
      revisions?: readonly (string)[] | null;
      sourcePositions?: readonly (number | string)[] | null;
      prune?: unknown;
      dryRun?: unknown;
      strategy?: {
        apply?: {
          force?: boolean;
          [key: string]: unknown;
        } | null;
        hook?: {
          force?: boolean;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      } | null;
      resources?: readonly ({
        group?: string;
        kind: string;
        name: string;
        namespace?: string;
        [key: string]: unknown;
      })[] | null;
      manifests?: readonly (string)[] | null;
      infos?: readonly ({
        name: string;
        value: string;
        [key: string]: unknown;
      })[] | null;
      retryStrategy?: {
        limit?: number | string | null;
        refresh?: unknown;
        backoff?: {
          duration?: unknown;
          factor?: number | string | null;
          maxDuration?: unknown;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      } | null;
      syncOptions?: readonly (string)[] | {
        items?: readonly (string)[] | null;
        [key: string]: unknown;
      } | null;
      [key: string]: unknown;
    };
    answer: Application;
  };
  'POST /api/v1/applicationsets': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'POST /api/v1/applicationsets/generate': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'POST /api/v1/certificates': {
    params: object;
    query: {
      upsert?: string;
      [key: string]: unknown;
    };
    body: {
      items?: readonly ({
        serverName: string;
        certType: string;
        certSubType?: string;
        certData?: unknown;
        [key: string]: unknown;
      })[] | null;
      [key: string]: unknown;
    };
    answer: {
      metadata: Record<string, unknown>;
      items: readonly ({
        serverName: string;
        certType: string;
        certSubType: string;
        certData?: unknown;
        certInfo: string;
        [key: string]: unknown;
      })[];
    };
  };
  'POST /api/v1/clusters': {
    params: object;
    query: {
      upsert?: string;
      [key: string]: unknown;
    };
    body: {
      server?: string;
      name?: string;
      config?: Record<string, unknown> | null;
      namespaces?: readonly (string)[] | null;
      clusterResources?: unknown;
      project?: unknown;
      shard?: number | string | null;
      labels?: Record<string, string> | null;
      annotations?: Record<string, string> | null;
      [key: string]: unknown;
    };
    answer: {
      server: string;
      name?: string;
      config?: Record<string, unknown> | null;
      namespaces?: readonly (string)[] | null;
      clusterResources?: unknown;
      project?: unknown;
      shard?: number | unknown | null;
      labels?: Record<string, string> | null;
      annotations?: Record<string, string> | null;
      serverVersion?: string;
      connectionState?: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      info?: {
        connectionState: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        serverVersion?: string;
        cacheInfo: {
          apisCount?: number;
        };
        applicationsCount: number;
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
  };
  'POST /api/v1/clusters/{id}/invalidate-cache': {
    params: { id: string };
    query: {
      "id.type"?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: {
      server: string;
      name?: string;
      config?: Record<string, unknown> | null;
      namespaces?: readonly (string)[] | null;
      clusterResources?: unknown;
      project?: unknown;
      shard?: number | unknown | null;
      labels?: Record<string, string> | null;
      annotations?: Record<string, string> | null;
      serverVersion?: string;
      connectionState?: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      info?: {
        connectionState: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        serverVersion?: string;
        cacheInfo: {
          apisCount?: number;
        };
        applicationsCount: number;
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
  };
  'POST /api/v1/clusters/{id}/rotate-auth': {
    params: { id: string };
    query: {
      "id.type"?: string;
      [key: string]: unknown;
    };
    body: undefined;
    answer: unknown;
  };
  'POST /api/v1/gpgkeys': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: unknown;
  };
  'POST /api/v1/projects': {
    params: object;
    query: {
      upsert?: string;
      [key: string]: unknown;
    };
    body: {
      project?: {
        metadata: {
          name: string;
          namespace?: string;
          resourceVersion?: string;
          labels?: Record<string, string> | null;
          annotations?: Record<string, string> | null;
          finalizers?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        spec?: {
          description?: string;
          sourceRepos?: readonly (string)[] | null;
          destinations?: readonly ({
            server?: string;
            name?: string;
            namespace?: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          roles?: readonly ({
            name: string;
            description?: unknown;
            policies?: readonly (string)[] | null;
            groups?: readonly (string)[] | null;
            jwtTokens?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          })[] | null;
          signatureKeys?: readonly ({
            keyID: string;
            [key: string]: unknown;
          })[] | null;
          orphanedResources?: {
            warn?: unknown;
            ignore?: readonly ({
              group?: unknown;
              kind?: unknown;
              name?: unknown;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          } | null;
          permitOnlyProjectScopedClusters?: boolean;
          syncWindows?: readonly ({
            kind?: string;
            schedule?: string;
            duration?: string;
            applications?: readonly (string)[] | null;
            namespaces?: readonly (string)[] | null;
            clusters?: readonly (string)[] | null;
            manualSync?: boolean;
            timeZone?: string;
            andOperator?: boolean;
            description?: string;
            syncOverrun?: boolean;
            [key: string]: unknown;
          })[] | null;
          sourceNamespaces?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        status?: {
          jwtTokensByRole?: Record<string, {
            items?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          }> | null;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      } | null;
      upsert?: unknown;
      [key: string]: unknown;
    };
    answer: {
      metadata: {
        name: string;
        namespace?: string;
        resourceVersion?: string;
        labels?: Record<string, string> | null;
        annotations?: Record<string, string> | null;
        finalizers?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      spec: {
        description?: string;
        sourceRepos?: readonly (string)[] | null;
        destinations?: readonly ({
          server?: string;
          name?: string;
          namespace?: string;
          [key: string]: unknown;
        })[] | null;
        clusterResourceWhitelist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        clusterResourceBlacklist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        namespaceResourceWhitelist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        namespaceResourceBlacklist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        roles?: readonly ({
          name: string;
          description?: unknown;
          policies?: readonly (string)[] | null;
          groups?: readonly (string)[] | null;
          jwtTokens?: readonly ({
            iat: number;
            exp?: number;
            id?: string;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        })[] | null;
        signatureKeys?: readonly ({
          keyID: string;
          [key: string]: unknown;
        })[] | null;
        orphanedResources?: {
          warn?: unknown;
          ignore?: readonly ({
            group?: unknown;
            kind?: unknown;
            name?: unknown;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        } | null;
        permitOnlyProjectScopedClusters?: boolean;
        syncWindows?: readonly ({
          kind?: string;
          schedule?: string;
          duration?: string;
          applications?: readonly (string)[] | null;
          namespaces?: readonly (string)[] | null;
          clusters?: readonly (string)[] | null;
          manualSync?: boolean;
          timeZone?: string;
          andOperator?: boolean;
          description?: string;
          syncOverrun?: boolean;
          [key: string]: unknown;
        })[] | null;
        sourceNamespaces?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      status?: {
        jwtTokensByRole?: Record<string, {
          items?: readonly ({
            iat: number;
            exp?: number;
            id?: string;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        }> | null;
        [key: string]: unknown;
      } | null;
      [key: string]: unknown;
    };
  };
  'POST /api/v1/projects/{name}/roles/{role}/token': {
    params: { name: string; role: string };
    query: Record<string, string>;
    body: {
      id?: unknown;
      expiresIn?: number | string | null;
      name?: unknown;
      description?: unknown;
      [key: string]: unknown;
    };
    answer: {
      token: string;
    };
  };
  'POST /api/v1/repocreds': {
    params: object;
    query: {
      upsert?: string;
      [key: string]: unknown;
    };
    body: Record<string, unknown>;
    answer: {
      url: string;
      username?: string;
      type?: string;
      enableOCI?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      [key: string]: unknown;
    };
  };
  'POST /api/v1/repositories': {
    params: object;
    query: {
      upsert?: string;
      [key: string]: unknown;
    };
    body: Record<string, unknown>;
    answer: {
      repo: string;
      type?: string;
      name?: string;
      username?: string;
      project?: string;
      insecure?: boolean;
      enableLfs?: boolean;
      enableOCI?: boolean;
      forceHttpBasicAuth?: boolean;
      proxy?: string;
      noProxy?: string;
      inheritedCreds?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      connectionState: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      [key: string]: unknown;
    };
  };
  'POST /api/v1/repositories/{repo}/appdetails': {
    params: { repo: string };
    query: Record<string, string>;
    body: {
      source?: {
        repoURL?: string;
        [key: string]: unknown;
      } | null;
      appName?: unknown;
      appProject?: unknown;
      sourceIndex?: number | string | null;
      versionId?: number | string | null;
      [key: string]: unknown;
    };
    answer: {
      type: string;
      helm?: {
        valueFiles: readonly (string)[];
        values: string;
        parameters: readonly ({
          name: string;
          value: string;
        })[];
        [key: string]: unknown;
      };
      kustomize?: {
        images: readonly (string)[];
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
  };
  'POST /api/v1/repositories/{repo}/validate': {
    params: { repo: string };
    query: Record<string, unknown>;
    body: unknown;
    answer: unknown;
  };
  'POST /api/v1/repositories/{repo}/webhook': {
    params: { repo: string };
    query: {
      appProject?: string;
      [key: string]: unknown;
    };
    body: {
      host?: "auto" | "gitea" | "forgejo" | "gogs" | "github" | "gitlab";
      token?: string;
      username?: string;
      password?: string;
      address?: string;
      waitSeconds?: number;
      [key: string]: unknown;
    };
    answer: {
      host: string;
      title: string;
      repository: string;
      webhookUrl: string;
      action: "created" | "updated";
      mended: readonly (string)[];
      others: number;
      trial: "none" | "asked" | "unable" | "refused";
      refusal?: string;
      heard?: string;
      advice?: string;
    };
  };
  'POST /api/v1/session': {
    params: object;
    query: Record<string, string>;
    body: {
      username?: unknown;
      password?: unknown;
      token?: unknown;
      [key: string]: unknown;
    };
    answer: {
      token: string;
    };
  };
  'POST /api/v1/write-repocreds': {
    params: object;
    query: {
      upsert?: string;
      [key: string]: unknown;
    };
    body: Record<string, unknown>;
    answer: {
      url: string;
      username?: string;
      type?: string;
      enableOCI?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      [key: string]: unknown;
    };
  };
  'POST /api/v1/write-repositories': {
    params: object;
    query: {
      upsert?: string;
      [key: string]: unknown;
    };
    body: Record<string, unknown>;
    answer: {
      repo: string;
      type?: string;
      name?: string;
      username?: string;
      project?: string;
      insecure?: boolean;
      enableLfs?: boolean;
      enableOCI?: boolean;
      forceHttpBasicAuth?: boolean;
      proxy?: string;
      noProxy?: string;
      inheritedCreds?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      connectionState: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      [key: string]: unknown;
    };
  };
  'POST /api/v1/write-repositories/{repo}/validate': {
    params: { repo: string };
    query: Record<string, unknown>;
    body: unknown;
    answer: unknown;
  };
  'POST /api/wake': {
    params: object;
    query: Record<string, string>;
    body: undefined;
    answer: {
      isIdle: boolean;
    };
  };
  'PUT /api/v1/account/password': {
    params: object;
    query: Record<string, string>;
    body: {
      name?: unknown;
      currentPassword?: unknown;
      newPassword?: unknown;
      [key: string]: unknown;
    };
    answer: unknown;
  };
  'PUT /api/v1/applications/{name}': {
    params: { name: string };
    query: {
      validate?: string;
      appNamespace?: string;
      project?: string;
    };
    body: {
      metadata: {
        name?: string;
        namespace?: string;
        labels?: Record<string, string> | null;
        annotations?: Record<string, string> | null;
        finalizers?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      spec: {
        project?: string;
        source?: {
          repoURL?: string;
          path?: string;
          targetRevision?: string;
          chart?: string;
          ref?: string;
          name?: string;
          [key: string]: unknown;
        } | null;
        sources?: readonly ({
          repoURL?: string;
          path?: string;
          targetRevision?: string;
          chart?: string;
          ref?: string;
          name?: string;
          [key: string]: unknown;
        })[] | null;
        destination?: {
          server?: string;
          name?: string;
          namespace?: string;
          [key: string]: unknown;
        };
        syncPolicy?: Record<string, unknown> | null;
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
    answer: Application;
  };
  'PUT /api/v1/applications/{name}/spec': {
    params: { name: string };
    query: {
      validate?: string;
      appNamespace?: string;
      project?: string;
    };
    body: {
      project?: string;
      source?: {
        repoURL?: string;
        path?: string;
        targetRevision?: string;
        chart?: string;
        ref?: string;
        name?: string;
        [key: string]: unknown;
      } | null;
      sources?: readonly ({
        repoURL?: string;
        path?: string;
        targetRevision?: string;
        chart?: string;
        ref?: string;
        name?: string;
        [key: string]: unknown;
      })[] | null;
      destination?: {
        server?: string;
        name?: string;
        namespace?: string;
        [key: string]: unknown;
      };
      syncPolicy?: Record<string, unknown> | null;
      [key: string]: unknown;
    };
    answer: {
      project?: string;
      source?: {
        repoURL?: string;
        path?: string;
        targetRevision?: string;
        chart?: string;
        ref?: string;
        name?: string;
        [key: string]: unknown;
      } | null;
      sources?: readonly ({
        repoURL?: string;
        path?: string;
        targetRevision?: string;
        chart?: string;
        ref?: string;
        name?: string;
        [key: string]: unknown;
      })[] | null;
      destination?: {
        server?: string;
        name?: string;
        namespace?: string;
        [key: string]: unknown;
      };
      syncPolicy?: Record<string, unknown> | null;
      [key: string]: unknown;
    };
  };
  'PUT /api/v1/clusters/{id}': {
    params: { id: string };
    query: {
      "id.type"?: string;
      updatedFields?: string | readonly (string)[];
      [key: string]: unknown;
    };
    body: {
      server?: string;
      name?: string;
      config?: Record<string, unknown> | null;
      namespaces?: readonly (string)[] | null;
      clusterResources?: unknown;
      project?: unknown;
      shard?: number | string | null;
      labels?: Record<string, string> | null;
      annotations?: Record<string, string> | null;
      [key: string]: unknown;
    };
    answer: {
      server: string;
      name?: string;
      config?: Record<string, unknown> | null;
      namespaces?: readonly (string)[] | null;
      clusterResources?: unknown;
      project?: unknown;
      shard?: number | unknown | null;
      labels?: Record<string, string> | null;
      annotations?: Record<string, string> | null;
      serverVersion?: string;
      connectionState?: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      info?: {
        connectionState: {
          status: "Successful" | "Failed" | "Unknown";
          message: string;
          attemptedAt: unknown;
        };
        serverVersion?: string;
        cacheInfo: {
          apisCount?: number;
        };
        applicationsCount: number;
        [key: string]: unknown;
      };
      [key: string]: unknown;
    };
  };
  'PUT /api/v1/projects/{name}': {
    params: { name: string };
    query: Record<string, string>;
    body: {
      project?: {
        metadata: {
          name: string;
          namespace?: string;
          resourceVersion?: string;
          labels?: Record<string, string> | null;
          annotations?: Record<string, string> | null;
          finalizers?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        spec?: {
          description?: string;
          sourceRepos?: readonly (string)[] | null;
          destinations?: readonly ({
            server?: string;
            name?: string;
            namespace?: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          clusterResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceWhitelist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          namespaceResourceBlacklist?: readonly ({
            group: string;
            kind: string;
            [key: string]: unknown;
          })[] | null;
          roles?: readonly ({
            name: string;
            description?: unknown;
            policies?: readonly (string)[] | null;
            groups?: readonly (string)[] | null;
            jwtTokens?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          })[] | null;
          signatureKeys?: readonly ({
            keyID: string;
            [key: string]: unknown;
          })[] | null;
          orphanedResources?: {
            warn?: unknown;
            ignore?: readonly ({
              group?: unknown;
              kind?: unknown;
              name?: unknown;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          } | null;
          permitOnlyProjectScopedClusters?: boolean;
          syncWindows?: readonly ({
            kind?: string;
            schedule?: string;
            duration?: string;
            applications?: readonly (string)[] | null;
            namespaces?: readonly (string)[] | null;
            clusters?: readonly (string)[] | null;
            manualSync?: boolean;
            timeZone?: string;
            andOperator?: boolean;
            description?: string;
            syncOverrun?: boolean;
            [key: string]: unknown;
          })[] | null;
          sourceNamespaces?: readonly (string)[] | null;
          [key: string]: unknown;
        };
        status?: {
          jwtTokensByRole?: Record<string, {
            items?: readonly ({
              iat: number;
              exp?: number;
              id?: string;
              [key: string]: unknown;
            })[] | null;
            [key: string]: unknown;
          }> | null;
          [key: string]: unknown;
        } | null;
        [key: string]: unknown;
      } | null;
      [key: string]: unknown;
    };
    answer: {
      metadata: {
        name: string;
        namespace?: string;
        resourceVersion?: string;
        labels?: Record<string, string> | null;
        annotations?: Record<string, string> | null;
        finalizers?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      spec: {
        description?: string;
        sourceRepos?: readonly (string)[] | null;
        destinations?: readonly ({
          server?: string;
          name?: string;
          namespace?: string;
          [key: string]: unknown;
        })[] | null;
        clusterResourceWhitelist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        clusterResourceBlacklist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        namespaceResourceWhitelist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        namespaceResourceBlacklist?: readonly ({
          group: string;
          kind: string;
          [key: string]: unknown;
        })[] | null;
        roles?: readonly ({
          name: string;
          description?: unknown;
          policies?: readonly (string)[] | null;
          groups?: readonly (string)[] | null;
          jwtTokens?: readonly ({
            iat: number;
            exp?: number;
            id?: string;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        })[] | null;
        signatureKeys?: readonly ({
          keyID: string;
          [key: string]: unknown;
        })[] | null;
        orphanedResources?: {
          warn?: unknown;
          ignore?: readonly ({
            group?: unknown;
            kind?: unknown;
            name?: unknown;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        } | null;
        permitOnlyProjectScopedClusters?: boolean;
        syncWindows?: readonly ({
          kind?: string;
          schedule?: string;
          duration?: string;
          applications?: readonly (string)[] | null;
          namespaces?: readonly (string)[] | null;
          clusters?: readonly (string)[] | null;
          manualSync?: boolean;
          timeZone?: string;
          andOperator?: boolean;
          description?: string;
          syncOverrun?: boolean;
          [key: string]: unknown;
        })[] | null;
        sourceNamespaces?: readonly (string)[] | null;
        [key: string]: unknown;
      };
      status?: {
        jwtTokensByRole?: Record<string, {
          items?: readonly ({
            iat: number;
            exp?: number;
            id?: string;
            [key: string]: unknown;
          })[] | null;
          [key: string]: unknown;
        }> | null;
        [key: string]: unknown;
      } | null;
      [key: string]: unknown;
    };
  };
  'PUT /api/v1/repocreds/{url}': {
    params: { url: string };
    query: Record<string, string>;
    body: Record<string, unknown>;
    answer: {
      url: string;
      username?: string;
      type?: string;
      enableOCI?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      [key: string]: unknown;
    };
  };
  'PUT /api/v1/repositories/{repo}': {
    params: { repo: string };
    query: {
      keepCredentials?: string;
      [key: string]: unknown;
    };
    body: Record<string, unknown>;
    answer: {
      repo: string;
      type?: string;
      name?: string;
      username?: string;
      project?: string;
      insecure?: boolean;
      enableLfs?: boolean;
      enableOCI?: boolean;
      forceHttpBasicAuth?: boolean;
      proxy?: string;
      noProxy?: string;
      inheritedCreds?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      connectionState: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      [key: string]: unknown;
    };
  };
  'PUT /api/v1/repositories/{repo}/webhook': {
    params: { repo: string };
    query: {
      appProject?: string;
      [key: string]: unknown;
    };
    body: {
      secret: string;
      [key: string]: unknown;
    };
    answer: {
      addresses: readonly (string)[];
      contentType: string;
      secret: {
        namespace: string;
        name: string;
        key: string;
        isSet: boolean;
      };
      sharedKeys: readonly (string)[];
      host?: string;
      lastPingAt?: string;
      lastDelivery?: {
        receivedAt: string;
        provider: string;
        deliveryId?: string;
        ref?: string;
        state?: "open" | "done";
        reason?: string;
        applications: readonly ({
          name: string;
          verdict: "sync" | "manual" | "unaffected" | "branch mismatch" | "already deployed" | "window-closed" | "suspended" | "superseded" | "stale" | "host mismatch" | "error" | "pending";
          reason: string;
        })[];
      };
    };
  };
  'PUT /api/v1/write-repocreds/{url}': {
    params: { url: string };
    query: Record<string, string>;
    body: Record<string, unknown>;
    answer: {
      url: string;
      username?: string;
      type?: string;
      enableOCI?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      [key: string]: unknown;
    };
  };
  'PUT /api/v1/write-repositories/{repo}': {
    params: { repo: string };
    query: {
      keepCredentials?: string;
      [key: string]: unknown;
    };
    body: Record<string, unknown>;
    answer: {
      repo: string;
      type?: string;
      name?: string;
      username?: string;
      project?: string;
      insecure?: boolean;
      enableLfs?: boolean;
      enableOCI?: boolean;
      forceHttpBasicAuth?: boolean;
      proxy?: string;
      noProxy?: string;
      inheritedCreds?: boolean;
      credentials?: readonly ("basic" | "bearer" | "ssh" | "tls" | "github-app" | "google" | "azure")[];
      connectionState: {
        status: "Successful" | "Failed" | "Unknown";
        message: string;
        attemptedAt: unknown;
      };
      [key: string]: unknown;
    };
  };
}
