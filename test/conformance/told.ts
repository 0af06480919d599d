import type { HistoryEvent as ServiceEvent } from '@aws-sdk/client-sfn';
import type { HistoryEvent as RunnerEvent } from '../../local/workflow-runner/history.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * One event of an execution, without ids and times. `state` is the state that was entered or left; `value` is its input
 * or output, or what was started, scheduled, answered or ended with.
 */
export type Step = { readonly event: string; readonly state?: string; readonly value?: Json };

/** What an engine tells of one execution. */
export type Told = {
  readonly name: string;
  readonly workflow: string;
  readonly status: string;
  readonly steps: readonly Step[];
};

const step = (event: string, state: string | undefined, value: Json | undefined): Step => ({
  event,
  ...(state === undefined ? {} : { state }),
  ...(value === undefined ? {} : { value }),
});

const parsed = (text: string | undefined): Json | undefined =>
  text === undefined ? undefined : (JSON.parse(text) as Json);

const withoutAbsent = (value: Readonly<Record<string, Json | undefined>>): Json =>
  Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );

/** The embedded runner keeps as JSON what the service writes as text. */
export const toldByRunner = ({ type, details }: RunnerEvent): Step => {
  const { name, input, output, ...rest } = details as { readonly [name: string]: Json };
  if (typeof name === 'string') return step(type, name, input ?? output);
  if (type === 'ExecutionStarted') return step(type, undefined, input);
  if (type === 'ExecutionSucceeded') return step(type, undefined, output);
  return step(type, undefined, withoutAbsent({ ...rest, output }));
};

const asData = (details: object | undefined): Readonly<Record<string, Json | undefined>> =>
  JSON.parse(JSON.stringify(details ?? {})) as Readonly<Record<string, Json | undefined>>;

/** An event as `GetExecutionHistory` gives it. */
export const toldByService = (event: ServiceEvent): Step => {
  const { type = '' } = event;
  const entered = event.stateEnteredEventDetails;
  if (entered !== undefined) return step(type, entered.name, parsed(entered.input));
  const exited = event.stateExitedEventDetails;
  if (exited !== undefined) return step(type, exited.name, parsed(exited.output));
  switch (type) {
    case 'ExecutionStarted':
      return step(type, undefined, parsed(event.executionStartedEventDetails?.input));
    case 'ExecutionSucceeded':
      return step(type, undefined, parsed(event.executionSucceededEventDetails?.output));
    case 'ExecutionAborted':
      return step(type, undefined, withoutAbsent(asData(event.executionAbortedEventDetails)));
    case 'TaskScheduled': {
      const {
        region: _region,
        parameters,
        timeoutInSeconds,
        ...rest
      } = asData(event.taskScheduledEventDetails);
      return step(
        type,
        undefined,
        withoutAbsent({
          ...rest,
          parameters: typeof parameters === 'string' ? parsed(parameters) : parameters,
          timeoutInSeconds,
        }),
      );
    }
    case 'TaskSucceeded': {
      const { output, ...rest } = asData(event.taskSucceededEventDetails);
      return step(
        type,
        undefined,
        withoutAbsent({ ...rest, output: typeof output === 'string' ? parsed(output) : output }),
      );
    }
    default:
      return step(type, undefined, undefined);
  }
};
