import * as z from 'zod';
import { civilDate, departmentId, groupCode, householdId, personId } from '../../shared/contracts/codes.ts';
import { putDivisionContract } from '../../shared/contracts/division.ts';
import { householdFacts } from '../../shared/contracts/household-facts.ts';
import { putPersonContract } from '../../shared/contracts/person.ts';
import { stepName } from '../../shared/contracts/task.ts';

/**
 * What one open step of a household's case is answered with, where it is not the ordinary answer, or not on the day on
 * which it comes. A step without a turn is decided at once, and well.
 */
const turn = z.strictObject({
  round: z.int().min(1),
  step: stepName,
  /** The one of the departments that are asked; every other one answers in the ordinary way. */
  department: z.exactOptional(departmentId),
  /** Left lying until that day. */
  notBefore: z.exactOptional(civilDate),
  outcome: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  /** Measures found not to be in place. */
  measureIds: z.array(z.string()).exactOptional(),
  /** Since when the measures that had failed are in place. */
  implementedOn: z.exactOptional(civilDate),
});

const story = z.strictObject({
  /** What kind of story it is, for whoever reads the input. */
  kind: z.string(),
  /** Who brings the household up for release, and when; without it, nobody does this year. */
  begin: z.strictObject({ by: z.enum(['grid-leader', 'household']), on: civilDate }).exactOptional(),
  turns: z.array(turn),
  /** Somebody from the public objects that many days after the notice was posted. */
  objections: z.array(z.strictObject({ round: z.int().min(1), daysAfterPosting: z.int().min(0) })),
  withdrawal: z.strictObject({ on: civilDate, reason: z.string() }).exactOptional(),
  pause: z.strictObject({ on: civilDate, cause: z.string() }).exactOptional(),
  /** The town files what it has approved as soon as it has approved this one. */
  filedEarly: z.literal(true).exactOptional(),
});

const { members, category, address } = {
  members: z
    .array(
      z.strictObject({
        memberId: z.string(),
        name: z.string(),
        idNumber: z.string(),
        relation: z.string(),
        ableToWork: z.boolean(),
      }),
    )
    .min(1),
  category: z.enum(['unstable-out-of-poverty', 'marginal', 'sudden-hardship']),
  address: z.string(),
};

const household = z.strictObject({
  householdId,
  group: groupCode,
  /** Which of the group's grid members watches over it. */
  gridMember: personId,
  category,
  address,
  members,
  monitoredSince: civilDate,
  helpedSince: civilDate,
  /** The whole year's, as it will be recorded month by month. */
  monthlyIncome: householdFacts.shape.monthlyIncome,
  measures: householdFacts.shape.measures.def.innerType,
  dependsOnSafetyNet: z.boolean(),
  story,
});

const person = z.strictObject({ personId, ...putPersonContract.body.shape });

/** A district as it stands on the last day of the year before, and what the year will bring to each household. */
export const districtInput = z.strictObject({
  division: z.string(),
  divisions: z.array(z.strictObject({ code: z.string(), ...putDivisionContract.body.shape })),
  /** Who holds an office. Households have an account each, which their id names. */
  people: z.array(person),
  /** An office given to somebody else, with whatever lies open in it. */
  handovers: z.array(z.strictObject({ on: civilDate, from: personId, to: personId, name: z.string() })),
  households: z
    .array(household)
    .min(1)
    .refine((all) => new Set(all.map((one) => one.householdId)).size === all.length),
});

export type DistrictInput = z.infer<typeof districtInput>;
export type HouseholdInput = DistrictInput['households'][number];
export type Turn = HouseholdInput['story']['turns'][number];
/** A story as it is written down, before it was read. */
export type Story = z.input<typeof story>;

/** The account of a household. */
export const homeOf = (id: string): string => `home-${id}`;

/** The text is no district. */
export class DistrictInvalid extends Error {
  override readonly name = 'DistrictInvalid';
}

/** @throws DistrictInvalid, saying where it is wrong. */
export const readDistrict = (text: string): DistrictInput => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DistrictInvalid('不是 JSON / no JSON');
  }
  const read = districtInput.safeParse(value);
  if (!read.success) throw new DistrictInvalid(z.prettifyError(read.error));
  return read.data;
};

/** @returns the district without these households; nothing else changes, for each carries its own story. */
export const without = (input: DistrictInput, householdIds: readonly string[]): DistrictInput => ({
  ...input,
  households: input.households.filter((one) => !householdIds.includes(one.householdId)),
});
