// What is read once for all Applications of a delivery: projects, settings and readers of sources.

import type { Project } from '../application/project.ts';
import type { SourceReader } from '../source/source.ts';
import type { Road } from './road.ts';
import { readArgoSettings } from './settings.ts';
import { readProject, readRepositorySecrets } from './world.ts';

/** What works of one delivery share: projects, settings and readers, each read once. */
export interface Surroundings {
  /** Nothing of it was read before, what refs name least of all. */
  readonly openedAtMs: number;
  /** Argo CD's settings are those of now. */
  settings(): Promise<unknown>;
  project(name: string): Promise<Project | undefined>;
  reader(): Promise<SourceReader>;
  /** With the repository Secrets read anew, and surely as they are now. */
  freshReader(): Promise<SourceReader>;
}

export function createSurroundings(road: Road): Surroundings {
  const projects = new Map<string, Promise<Project | undefined>>();
  let reader: Promise<SourceReader> | undefined;
  let fresh: Promise<SourceReader> | undefined;
  let settings: Promise<unknown> | undefined;
  const settingsNow = () => {
    settings ??= readArgoSettings(road);
    return settings;
  };
  const readerNow = () => {
    reader ??= readRepositorySecrets(road, 'cached').then(road.readSources);
    return reader;
  };
  return {
    openedAtMs: road.platform.clock.now(),
    settings: settingsNow,
    project: (name) => {
      const known = projects.get(name);
      if (known) return known;
      const reading = readProject(road, name, Promise.all([readerNow(), settingsNow()]));
      projects.set(name, reading);
      return reading;
    },
    reader: readerNow,
    freshReader: () => {
      fresh ??= readRepositorySecrets(road, 'consistent').then(road.readSources);
      return fresh;
    },
  };
}

/** Those that `make` gives when the first of them is asked for. */
export function createLateSurroundings({ platform }: Road, make: () => Promise<Surroundings>): Surroundings {
  let made: Promise<Surroundings> | undefined;
  const now = () => {
    made ??= make();
    return made;
  };
  return {
    openedAtMs: platform.clock.now(),
    settings: async () => (await now()).settings(),
    project: async (name) => (await now()).project(name),
    reader: async () => (await now()).reader(),
    freshReader: async () => (await now()).freshReader(),
  };
}
