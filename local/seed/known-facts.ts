import type { HouseholdInput } from './district-input.ts';

/** Since when a measure that had failed is in place again, by the household's story, as far as that is known on `day`. */
const putInPlaceAgain = ({ story }: HouseholdInput, measureId: string, day: string): string | undefined => {
  const failed = story.turns.find(({ measureIds }) => measureIds?.includes(measureId));
  if (failed === undefined) return undefined;
  return story.turns.find(
    ({ round, implementedOn, notBefore = '' }) =>
      round === failed.round && implementedOn !== undefined && notBefore <= day,
  )?.implementedOn;
};

/** The dated facts of a household as its village can record them on `day`: nothing of what is still to come. */
export const factsKnownOn = (household: HouseholdInput, day: string) => {
  const { monitoredSince, helpedSince, monthlyIncome, measures, members, dependsOnSafetyNet } = household;
  const asOf = '2021-12-20';
  return {
    monitoredSince,
    helpedSince,
    monthlyIncome: monthlyIncome.filter(({ month }) => month < day.slice(0, 7)),
    housing: { assured: true, asOf },
    schooling: { assured: true, asOf },
    medicalCare: { assured: true, asOf },
    drinkingWater: { assured: true, asOf },
    labour: { ableMembers: members.filter(({ ableToWork }) => ableToWork).length, asOf },
    safetyNetDependence: { dependent: dependsOnSafetyNet, asOf },
    measures: measures.map(({ implementedOn, ...measure }) => {
      const since = putInPlaceAgain(household, measure.measureId, day) ?? implementedOn;
      return since === undefined || since > day ? measure : { ...measure, implementedOn: since };
    }),
  };
};
