import type { Turn } from '../seed/district-input.ts';
import type { Stop } from './agenda.ts';
import { answerTo } from './answers.ts';
import type { CaseInSight, Cases } from './cases.ts';
import { uploadPhoto } from './photo.ts';
import type { Tally } from './tally.ts';
import { ask, askFor, UnexpectedAnswer, type World } from './world.ts';

type Entry = {
  readonly taskId: string;
  readonly step: string;
  readonly openedAt: string;
  readonly notBefore?: string;
  /** An escalated step is shown to the level above, which does not decide it. */
  readonly kind?: 'to-decide' | 'escalated';
};

type TaskName = { readonly caseNumber: string; readonly round: number; readonly part: string };

const nameOf = (taskId: string): TaskName | undefined => {
  const [caseNumber = '', round = '', , ...rest] = taskId.split('.');
  return /^R-/.test(caseNumber)
    ? { caseNumber, round: Number(round.slice(1)), part: rest.join('.') }
    : undefined;
};

/** Measures of a department that failed in the round: what its adjustment is about. */
const failedMeasures = ({ household }: CaseInSight, round: number, department: string): readonly string[] => {
  const failed = household.story.turns
    .filter((turn) => turn.round === round && turn.step !== 'measure-adjustment')
    .flatMap(({ measureIds }) => measureIds ?? []);
  return household.measures
    .filter(({ measureId, leadDepartment }) => failed.includes(measureId) && leadDepartment === department)
    .map(({ measureId }) => measureId);
};

/** What the story has ready for the task, if anything. */
const turnOf = (one: CaseInSight, step: string, { round, part }: TaskName): Partial<Turn> => {
  const turn = one.household.story.turns.find(
    (candidate) =>
      candidate.round === round &&
      candidate.step === step &&
      (candidate.department === undefined || candidate.department === part),
  );
  return step === 'measure-adjustment'
    ? { ...turn, measureIds: [...failedMeasures(one, round, part)] }
    : (turn ?? {});
};

/** From the 3rd on the bureau signs as soon as everything of the month is filed and marked. */
const signFromDay = '03';

/** The people of the rehearsal at their inboxes: they decide whatever their household's story does not leave lying. */
export const createInboxes = (world: World, cases: Cases, tally: Tally) => {
  const signReport = async (as: string, { taskId }: Entry, { day }: Stop): Promise<void> => {
    if (day.slice(8) < signFromDay) return;
    const { status, json } = await ask(world, `/v1/tasks/${taskId}/decision`, {
      method: 'POST',
      as,
      key: `sign ${taskId}`,
      body: { step: 'city-report-signature' },
    });
    if (status < 300) return tally.count('signed');
    // A case is announced, but not filed or marked yet: the report waits for it, and is due on the 5th.
    if ((json as { code?: string }).code !== 'city-report-incomplete')
      throw new UnexpectedAnswer(`signing ${taskId}: ${status} ${JSON.stringify(json)}`);
  };

  const decideStep = async (as: string, entry: Entry, name: TaskName, stop: Stop): Promise<void> => {
    const one = cases.numbered(name.caseNumber);
    if (one === undefined) return;
    const turn = turnOf(one, entry.step, name);
    if ((turn.notBefore ?? '') > stop.day || (entry.notBefore ?? '') > stop.at) return;
    const body = await answerTo(entry.step, {
      caseNumber: name.caseNumber,
      today: stop.day,
      turn,
      photo: (label) => uploadPhoto(world, as, name.caseNumber, `${label} ${entry.taskId}`),
      async sampled() {
        const { standing } = await askFor<{ standing: { sampled?: boolean } }>(
          world,
          `/v1/release-cases/${name.caseNumber}`,
          { as },
        );
        return standing.sampled === true;
      },
    });
    if (body === undefined) throw new UnexpectedAnswer(`nobody knows how to answer ${entry.step}`);
    const seen = await askFor<Parameters<Cases['moved']>[0]>(world, `/v1/tasks/${entry.taskId}/decision`, {
      method: 'POST',
      as,
      key: `decide ${entry.taskId}`,
      body,
    });
    cases.moved(seen);
    tally.decided(entry.step, typeof body['outcome'] === 'string' ? body['outcome'] : '');
  };

  return {
    /** One person reads their inbox once and decides what is theirs to decide today. */
    async read(as: string, stop: Stop): Promise<void> {
      let after: string | undefined;
      const entries: Entry[] = [];
      do {
        const query: string = after === undefined ? '' : `&after=${after}`;
        const page = await askFor<{ tasks: Entry[]; next?: string }>(world, `/v1/tasks?limit=100${query}`, {
          as,
        });
        entries.push(...page.tasks);
        after = page.next;
      } while (after !== undefined);
      for (const entry of entries) {
        // What came in since people of this level began is for another day, also if their day is begun once more.
        if (entry.kind === 'escalated' || entry.openedAt >= stop.at) continue;
        const name = nameOf(entry.taskId);
        if (entry.step === 'city-report-signature') await signReport(as, entry, stop);
        else if (name !== undefined && stop.working) await decideStep(as, entry, name, stop);
      }
    },
  };
};
