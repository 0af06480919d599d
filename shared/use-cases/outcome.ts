import type { AccessAnswer } from '../domain/access/authorise.ts';
import type { CityReportRefusalCode } from '../domain/city-report/city-report.ts';
import type { FilingRefusalCode } from '../domain/filing/filing.ts';
import type { ReleaseRefusalCode } from '../domain/release/refusals.ts';

/** Refusals that do not come from a decision of the domain. */
export type AccessRefusalCode = 'not-found' | 'role-not-permitted' | 'person-not-registered';
export type RegisterRefusalCode =
  | 'outside-district'
  | 'household-unknown'
  | 'person-unknown'
  | 'own-record'
  | 'division-unknown'
  | 'household-moved'
  | 'household-has-two-grid-members'
  | 'household-outside-group';
export type EvidenceRefusalCode =
  | 'evidence-type-not-allowed'
  | 'evidence-too-large'
  | 'evidence-unknown'
  | 'evidence-not-present'
  | 'evidence-altered';
export type OperationRefusalCode = 'workflow-not-needed' | 'change-not-carried';
export type RequestRefusalCode = 'idempotency-key-reused';

export type RefusalCode =
  | AccessRefusalCode
  | RegisterRefusalCode
  | EvidenceRefusalCode
  | RequestRefusalCode
  | OperationRefusalCode
  | ReleaseRefusalCode
  | FilingRefusalCode
  | CityReportRefusalCode;

export type UseCaseRefusal = {
  readonly code: RefusalCode;
  readonly field?: string;
  readonly because?: readonly string[];
};

/** What every use case answers: a value, or a refusal that is a value too. */
export type Outcome<Value> = { readonly value: Value } | { readonly refusal: UseCaseRefusal };

export const refused = (
  code: RefusalCode,
  more: Omit<UseCaseRefusal, 'code'> = {},
): { readonly refusal: UseCaseRefusal } => ({
  refusal: { code, ...more },
});

/**
 * Somebody else's village and a thing that does not exist look the same: `not-found`.
 * @returns the refusal, or `undefined` when the access is allowed.
 */
export const accessRefusal = (answer: AccessAnswer): { readonly refusal: UseCaseRefusal } | undefined => {
  switch (answer) {
    case 'allowed':
      return undefined;
    case 'hidden':
      return refused('not-found');
    case 'role-not-permitted':
      return refused('role-not-permitted');
    default:
      return answer satisfies never;
  }
};
