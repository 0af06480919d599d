import { listDeadLettersContract } from '../../../shared/contracts/dead-letter.ts';
import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listDeadLetters } from '../../../shared/use-cases/operations/list-dead-letters.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(listDeadLettersContract, deps, async ({ actor, query: { after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const outcome = await listDeadLetters(deps, actor, {
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    if ('refusal' in outcome) return outcome;
    const { deadLetters, next } = outcome.value;
    return { value: { deadLetters, ...(next === undefined ? {} : { next: cursorOf(next) }) } };
  });
