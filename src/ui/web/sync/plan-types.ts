// What the server answers to a plan, by name.

import type { Routes } from '../api/types.ts';

export type Plan = Routes['POST /api/v1/applications/{name}/plan']['answer'];
export type PlanStep = Plan['steps'][number];
export type PlanProblem = Plan['problems'][number];
export type PlanCounts = Plan['counts'];
export type SyncBody = Routes['POST /api/v1/applications/{name}/sync']['body'];
export type PlanBody = Routes['POST /api/v1/applications/{name}/plan']['body'];
