import type { CaseNumber } from '../../shared/domain/release/identifiers.ts';
import { isOpen, isReleased, type ReleaseCase } from '../../shared/domain/release/state.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import { approvedCases } from '../../shared/use-cases/monthly/filing-stream.ts';
import { householdKey, openCaseKey } from '../../shared/use-cases/registers/records.ts';
import { openStreamKey } from '../../shared/use-cases/release/case-stream.ts';
import { district, town } from '../support/release-people.ts';
import { same } from './invariants.ts';

/**
 * What others read of the cases beside them: the notices on the board, the register of open cases and of released
 * households, the members of a filing that is not made yet. Each must say what the cases say, and nothing is left behind.
 */
export const projectionsAgree = async (store: RecordStore, cases: readonly ReleaseCase[]): Promise<void> => {
  const listed = async (pk: string): Promise<string[]> =>
    (await store.query({ pk, limit: 1000 })).records.map(({ sk }) => sk).toSorted();

  const posted = cases.flatMap(({ stage }) =>
    stage.name === 'notice' ? [`${stage.postedAt}#${stage.noticeId}`] : [],
  );
  same('notices on the board', await listed(`NOTICES#${district}`), posted.toSorted());

  const open = cases.filter(isOpen).map(({ caseNumber }) => caseNumber);
  const streams = await listed(openStreamKey(district, '').pk);
  same(
    'open cases',
    streams.filter((stream) => stream.startsWith('R-')),
    open.toSorted(),
  );

  for (const householdId of new Set(cases.map((one) => one.householdId))) {
    const theirs = cases.filter((one) => one.householdId === householdId);
    const running: CaseNumber | null = theirs.find(isOpen)?.caseNumber ?? null;
    const pointer = await store.get(openCaseKey(householdId));
    same('the open case of the household', pointer?.body['caseNumber'], running);
    const household = await store.get(householdKey(householdId));
    const status = theirs.some(isReleased) ? 'released' : 'monitored';
    same('the status of the household', household?.body['status'], status);
  }

  for (const { stage, caseNumber } of cases) {
    if (stage.name !== 'filing') continue;
    const members = await approvedCases(store, town, stage.filingMonth);
    same('a member of the filing', members.includes(caseNumber), true);
  }
};
