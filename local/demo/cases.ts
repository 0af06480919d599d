import type { DistrictInput, HouseholdInput } from '../seed/district-input.ts';
import { askFor, type World } from './world.ts';

/** A case as the rehearsal keeps sight of it. */
export type CaseInSight = {
  readonly caseNumber: string;
  readonly household: HouseholdInput;
  readonly round: number;
  readonly stage: string;
};

type Listed = {
  readonly cases: readonly {
    readonly caseNumber: string;
    readonly householdId: string;
    readonly round: number;
    readonly stage: string;
  }[];
  readonly next?: string;
};

/** Where the cases of the district stand. It is read anew every day, so that a rehearsal goes on wherever it was left. */
export type Cases = {
  refresh(): Promise<void>;
  all(): readonly CaseInSight[];
  at(stages: readonly string[]): readonly CaseInSight[];
  numbered(caseNumber: string): CaseInSight | undefined;
  of(householdId: string): CaseInSight | undefined;
  /** What an answer of the API says of a case. */
  moved(seen: { readonly caseNumber: string; readonly round: number; readonly stage: string }): void;
};

export const watchCases = (world: World, { households }: DistrictInput): Cases => {
  const inSight = new Map<string, CaseInSight>();
  const byId = new Map<string, HouseholdInput>(households.map((one) => [one.householdId, one]));
  return {
    async refresh() {
      let after: string | undefined;
      do {
        const query: string = after === undefined ? '' : `&after=${after}`;
        const page = await askFor<Listed>(world, `/v1/release-cases?limit=100${query}`, { as: 'auditor-1' });
        for (const { caseNumber, householdId, round, stage } of page.cases) {
          const household = byId.get(householdId);
          if (household !== undefined) inSight.set(caseNumber, { caseNumber, household, round, stage });
        }
        after = page.next;
      } while (after !== undefined);
    },
    all: () => [...inSight.values()],
    at: (stages) => [...inSight.values()].filter(({ stage }) => stages.includes(stage)),
    numbered: (caseNumber) => inSight.get(caseNumber),
    of: (householdId) => [...inSight.values()].find(({ household }) => household.householdId === householdId),
    moved({ caseNumber, round, stage }) {
      const known = inSight.get(caseNumber);
      if (known !== undefined) inSight.set(caseNumber, { ...known, round, stage });
    },
  };
};
