// What every verb of `hawser proj` is given, and the project as the server keeps it.

import type { Command } from 'commander';
import { isObject, stringAt } from '../../base/json.ts';
import { callServer, type ServerAddress } from '../api-client.ts';
import type { CommandIo } from '../io.ts';

export interface ProjectContext {
  readonly io: CommandIo;
  readonly program: Command;
  readonly connect: () => Promise<ServerAddress>;
}

/** As the API has it: fields that hawser does not know go back as they came. */
export type RawProject = Record<string, unknown>;
export type RawSpec = Readonly<Record<string, unknown>>;

export const PROJECTS = '/api/v1/projects';

export function pathOfProject(name: string): string {
  return `${PROJECTS}/${encodeURIComponent(name)}`;
}

export function getProject(server: ServerAddress, name: string): Promise<RawProject> {
  return callServer(server, 'GET', pathOfProject(name));
}

/** The server refuses where somebody else was faster: the project goes back with the version that was read. */
export async function putSpec(server: ServerAddress, project: RawProject, spec: RawSpec): Promise<void> {
  await callServer(server, 'PUT', pathOfProject(nameOf(project)), { project: { ...project, spec } });
}

export function nameOf(project: unknown): string {
  return stringAt(project, 'metadata', 'name') ?? '';
}

export function specOf(project: RawProject): RawSpec {
  return isObject(project.spec) ? project.spec : {};
}

/** The objects of a list, none where it is absent. */
export function listOf(spec: unknown, key: string): readonly Record<string, unknown>[] {
  const list = isObject(spec) ? spec[key] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The texts of a list. */
export function textsOf(spec: unknown, key: string): readonly string[] {
  const list = isObject(spec) ? spec[key] : undefined;
  return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];
}
