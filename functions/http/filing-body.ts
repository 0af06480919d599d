import type * as z from 'zod/mini';
import type { getFilingContract } from '../../shared/contracts/filing.ts';
import type { FilingView } from '../../shared/use-cases/monthly/read-filing.ts';

/** @returns a filing as the API shows it. */
export const filingBody = ({
  filing: { tasks: _tasks, filings, ...filing },
  waiting,
}: FilingView): z.input<typeof getFilingContract.success.body> => ({
  ...filing,
  filings: filings.map((one) => ({ ...one, caseNumbers: [...one.caseNumbers] })),
  waiting: [...waiting],
});
