import {
  GetExecutionHistoryCommand,
  type HistoryEvent,
  paginateListExecutions,
  SFNClient,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { DeployedHouse } from './deployed-house.ts';
import { region } from './ministack.ts';

/** An execution, found by the API of Step Functions. */
export type Execution = {
  readonly workflow: string;
  readonly name: string;
  readonly status: string;
  readonly arn: string;
};

/** Where a running execution stands: in which state, since which event, and until when if nothing comes before. */
export type Standing = {
  readonly name: string;
  readonly lastEvent: number;
  readonly rests: boolean;
  readonly due?: number;
};

export type StepFunctions = {
  list(): Promise<readonly Execution[]>;
  history(arn: string): Promise<readonly HistoryEvent[]>;
  standing(execution: Execution): Promise<Standing>;
  stop(arn: string): Promise<void>;
  close(): void;
};

type Entered = {
  readonly waitUntil?: string | null;
  readonly tasks?: readonly { readonly wakeAt?: string }[];
};

/** The day that a Wait was given, or the earliest at which a human step escalates: both stand in the state's input. */
const dueOf = (type: string, input: string): number | undefined => {
  const { waitUntil, tasks = [] } = JSON.parse(input) as Entered;
  const days = type === 'WaitStateEntered' ? [waitUntil] : tasks.map(({ wakeAt }) => wakeAt);
  const times = days.filter((day) => typeof day === 'string').map((day) => Date.parse(day));
  return times.length === 0 ? undefined : Math.min(...times);
};

/** The states that were entered and not left, one for each branch of a Map. */
const openStates = (events: readonly HistoryEvent[]): readonly string[] => {
  const open: string[] = [];
  for (const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of events) {
    if (entered?.name !== undefined) open.push(entered.name);
    if (exited?.name !== undefined) open.splice(open.indexOf(exited.name), 1);
  }
  return open;
};

export const stepFunctionsOf = ({
  ministack,
  stateMachines,
}: Pick<DeployedHouse, 'ministack' | 'stateMachines'>): StepFunctions => {
  const client = new SFNClient({
    endpoint: ministack.endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  const history = async (arn: string): Promise<readonly HistoryEvent[]> => {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new GetExecutionHistoryCommand({
          executionArn: arn,
          maxResults: 1000,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return events;
  };

  return {
    history,
    async list() {
      const executions: Execution[] = [];
      for (const [workflow, stateMachineArn] of Object.entries(stateMachines)) {
        for await (const page of paginateListExecutions({ client }, { stateMachineArn })) {
          for (const { name = '', status = '', executionArn: arn = '' } of page.executions ?? [])
            executions.push({ workflow, name, status, arn });
        }
      }
      return executions.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    },
    async standing({ arn, name }) {
      const events = await history(arn);
      const entered = events.findLast(({ type }) => type?.endsWith('StateEntered'));
      const due = dueOf(entered?.type ?? '', entered?.stateEnteredEventDetails?.input ?? '{}');
      // The Maps are those whose tasks people answer.
      const rests = openStates(events).every((state) => /^(Wait|Await|Compare|Adjust)/.test(state));
      return {
        name,
        lastEvent: Number(events.at(-1)?.id ?? 0),
        rests,
        ...(due === undefined ? {} : { due }),
      };
    },
    async stop(executionArn) {
      await client.send(new StopExecutionCommand({ executionArn }));
    },
    close: () => client.destroy(),
  };
};
