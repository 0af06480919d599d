import { listFilingsContract } from '../../../shared/contracts/filing.ts';
import { cursorOf, keyOfCursor } from '../../../shared/contracts/paging.ts';
import type { Dependencies } from '../../../shared/use-cases/dependencies.ts';
import { listFilings } from '../../../shared/use-cases/monthly/read-filing.ts';
import { bearerHandler } from '../../runtime/http-edge.ts';
import type { LambdaHttpHandler } from '../../runtime/lambda.ts';
import { filingBody } from '../filing-body.ts';

export const createHandler = (deps: Pick<Dependencies, 'store' | 'house'>): LambdaHttpHandler =>
  bearerHandler(listFilingsContract, deps, async ({ actor, query: { month, town, after, limit } }) => {
    const from = after === undefined ? undefined : keyOfCursor(after);
    const { filings, next } = await listFilings(deps, actor, {
      ...(month === undefined ? {} : { month }),
      ...(town === undefined ? {} : { town }),
      ...(from === undefined ? {} : { after: from }),
      limit,
    });
    return {
      value: { filings: filings.map(filingBody), ...(next === undefined ? {} : { next: cursorOf(next) }) },
    };
  });
