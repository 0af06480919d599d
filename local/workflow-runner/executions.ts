import { failureOf, type WorkflowExecutions } from '../../shared/ports/workflow-executions.ts';
import type { WorkflowRunner } from './runner.ts';

const namesPerPage = 1000;

/** Looks at the workflows of this machine, and tells no more of them than could be told of those on Step Functions. */
export const createRunnerExecutions = ({
  describe,
  list,
}: Pick<WorkflowRunner, 'describe' | 'list'>): WorkflowExecutions => ({
  async describe(execution) {
    const described = describe(execution);
    if (described === undefined) return undefined;
    const { status, startedAt, stoppedAt, error, cause } = described;
    return {
      status,
      startedAt,
      ...(stoppedAt === undefined ? {} : { stoppedAt }),
      ...failureOf(error, cause),
    };
  },
  async namesRunning(workflow) {
    const names = new Set<string>();
    let after: string | undefined;
    do {
      const page = list({
        status: 'running',
        workflow,
        limit: namesPerPage,
        ...(after === undefined ? {} : { after }),
      });
      for (const { name } of page.executions) names.add(name);
      after = page.next;
    } while (after !== undefined);
    return names;
  },
});
