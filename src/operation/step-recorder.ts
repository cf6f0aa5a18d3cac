// The records of an operation's steps, one after another: a step waits for the record before its own, so that a crash loses one at most.

import type { Application, ApplicationStatus } from '../application/types.ts';
import { messageOf } from '../base/errors.ts';
import { type RecordOptions, recordStatus } from './record.ts';
import { keyOfApplication, type Road } from './road.ts';

export interface StepRecorder {
  /** The Application as last stored. */
  latest(): Application;
  /** Part of the next record that is stored, whichever it is. */
  owe(options: RecordOptions): void;
  /** Begins to store, after the record before; what cannot be stored now is part of the next record. */
  begin(status: ApplicationStatus): Promise<void>;
  /** Stores, and gives the Application as it then is. Throws what the API server answers. */
  store(status: ApplicationStatus, options?: RecordOptions): Promise<Application>;
}

/** `seen` hears of every stored state: somebody else may have asked for the end of the operation. */
export function createStepRecorder(road: Road, app: Application, seen: (app: Application) => void): StepRecorder {
  let latest = app;
  let owed: RecordOptions = {};
  let inFlight: Promise<unknown> = Promise.resolve();

  async function send(status: ApplicationStatus, options = owed): Promise<Application> {
    latest = await recordStatus(road, latest, keepTerminating(latest, status), options);
    owed = {};
    seen(latest);
    return latest;
  }

  return {
    latest: () => latest,
    owe: (options) => {
      owed = options;
    },
    begin: async (status) => {
      await inFlight;
      inFlight = send(status).catch((error: unknown) =>
        road.platform.log.warn('a step could not be recorded; the next record has it, too', {
          application: keyOfApplication(app),
          reason: messageOf(error),
        }),
      );
    },
    store: async (status, options) => {
      await inFlight;
      return send(status, options);
    },
  };
}

/** Who asked for the end of the operation meanwhile is not overwritten by a step. */
function keepTerminating({ status: before }: Application, status: ApplicationStatus): ApplicationStatus {
  const { operationState } = status;
  if (before.operationState?.phase !== 'Terminating' || operationState?.phase !== 'Running') return status;
  if (before.operationState.startedAt !== operationState.startedAt) return status;
  return { ...status, operationState: { ...operationState, phase: 'Terminating' } };
}
