import type { DepartmentId } from '../access/identifiers.ts';
import type { CivilDate, YearMonth } from '../calendar/instant.ts';

/** The five kinds of measures 帮扶措施 (seed: 多措并举). */
export const measureKinds = ['industry', 'employment', 'safety-net', 'motivation', 'social-help'] as const;
export type MeasureKind = (typeof measureKinds)[number];

/** A planned measure as the release rules need it. */
export type MeasureFact = {
  readonly measureId: string;
  readonly kind: MeasureKind;
  readonly leadDepartment: DepartmentId;
  /** The day on which the town verified on site that it is in place 落实; absent while it is not. */
  readonly implementedOn?: CivilDate;
};

/**
 * What is known of a household, as dated facts that came in by import. A fact that never came in is absent:
 * rules then answer `unknown` and name it. Money in fen.
 */
export type HouseholdFacts = {
  readonly monitoredSince?: CivilDate;
  readonly helpedSince?: CivilDate;
  /** Net income per head over the twelve months up to and including `month`, from the monthly records. */
  readonly monthlyIncome: readonly { readonly month: YearMonth; readonly netPerHeadFen: number }[];
  readonly housing?: { readonly assured: boolean; readonly asOf: CivilDate };
  readonly schooling?: { readonly assured: boolean; readonly asOf: CivilDate };
  readonly medicalCare?: { readonly assured: boolean; readonly asOf: CivilDate };
  readonly drinkingWater?: { readonly assured: boolean; readonly asOf: CivilDate };
  readonly labour?: { readonly ableMembers: number; readonly asOf: CivilDate };
  readonly safetyNetDependence?: { readonly dependent: boolean; readonly asOf: CivilDate };
  /** `undefined` until a plan was imported; a plan without measures is an empty list. */
  readonly measures?: readonly MeasureFact[];
};
