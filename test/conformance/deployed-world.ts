import { setTimeout } from 'node:timers/promises';
import type { World } from '../../local/demo/world.ts';
import type { DeployedHouse } from './deployed-house.ts';
import type { StepFunctions } from './executions.ts';

const pollMillis = 100;
/** Longer than a record of the table's stream takes to the relay, and the relay to a workflow. */
const quietMillis = 1_500;
const settledWithinMillis = 60_000;

const shanghaiOffset = 8 * 3_600_000;

/** The first day of the month after, 00:00 UTC. */
const nextMonthlyTimer = (now: number): number => {
  const day = new Date(now);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1);
};

const monthAt = (millis: number): string => new Date(millis + shanghaiOffset).toISOString().slice(0, 7);

/** A world on a deployed house, whose clock is set forward from due time to due time, as time would pass. */
export const deployedWorld = (
  house: DeployedHouse,
  stepFunctions: StepFunctions,
  progress: (line: string) => void,
): World => {
  const { ministack } = house;

  /** Waits until nothing is overdue and nothing has moved for a while. @returns the next due time, if there is one. */
  const settle = async (): Promise<number | undefined> => {
    let seen = '';
    let quietSince = Date.now();
    for (const began = Date.now(); Date.now() - began < settledWithinMillis; ) {
      const executions = await stepFunctions.list();
      const standings = await Promise.all(
        executions.filter(({ status }) => status === 'RUNNING').map((one) => stepFunctions.standing(one)),
      );
      const dues = standings.map(({ due }) => due).filter((due) => due !== undefined);
      const looks = JSON.stringify([executions.length, standings]);
      if (looks !== seen) {
        seen = looks;
        quietSince = Date.now();
      }
      const now = ministack.now();
      const resting = standings.every(({ rests }) => rests) && dues.every((due) => due > now);
      if (resting && Date.now() - quietSince >= quietMillis) return dues.toSorted((a, b) => a - b)[0];
      await setTimeout(pollMillis);
    }
    throw new Error(`the workflows did not come to rest: ${seen}`);
  };

  /** The engine's own scheduler has to call the timer; it looks at its schedules every few seconds. */
  const untilMonthIsOpen = async (): Promise<void> => {
    const month = monthAt(ministack.now());
    const isOpen = async (): Promise<boolean> =>
      (await stepFunctions.list()).some(
        ({ workflow, name }) => workflow === 'monthly-filing' && name.includes(`-${month}-`),
      );
    for (const began = Date.now(); Date.now() - began < settledWithinMillis; await setTimeout(pollMillis)) {
      if (await isOpen()) return;
    }
    throw new Error(`the timer of ${month} never came`);
  };

  /**
   * A round's execution begins where the ledger stands by then. People who are faster than the stream would make it begin
   * at a later stage: just as right, and another history.
   */
  const untilRoundRests = async (round: string): Promise<void> => {
    const rests = async (): Promise<boolean> => {
      const running = (await stepFunctions.list()).filter(
        ({ name, status }) => status === 'RUNNING' && name.startsWith(`${round}-`),
      );
      const standings = await Promise.all(running.map((one) => stepFunctions.standing(one)));
      return standings.some((standing) => standing.rests);
    };
    for (const began = Date.now(); Date.now() - began < settledWithinMillis; await setTimeout(pollMillis)) {
      if (await rests()) return;
    }
    throw new Error(`nothing waits for anybody in ${round}`);
  };

  return {
    baseUrl: house.apiUrl,
    send: (url, init) => fetch(url, init),
    token: (personId) => house.issuer.token(personId),
    now: async () => new Date(ministack.now()).toISOString(),
    async advanceTo(instant) {
      const target = Date.parse(instant);
      for (;;) {
        const due = await settle();
        const timer = nextMonthlyTimer(ministack.now());
        const next = Math.min(due ?? Number.POSITIVE_INFINITY, timer, target);
        if (next > ministack.now()) ministack.jumpTo(next);
        progress(`  the clock: ${new Date(next).toISOString()}`);
        if (next === timer) await untilMonthIsOpen();
        if (next === target) break;
      }
      await settle();
    },
    async hesitate({ taskId }) {
      const [, caseNumber, round] = /^(R-.+)\.(r\d+)\./.exec(taskId) ?? [];
      if (caseNumber !== undefined) await untilRoundRests(`${caseNumber}-${round}`);
    },
    progress,
  };
};
