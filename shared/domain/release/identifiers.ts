import type { DepartmentId, DistrictCode } from '../access/identifiers.ts';
import type { YearMonth } from '../calendar/instant.ts';
import type { StepName } from '../calendar/policy.ts';

/** `R-610302-2022-000123`: district, year of opening, serial number. */
export type CaseNumber = string & { readonly __brand: 'CaseNumber' };
/** `<case>.r<round>.<step>[.<part>]`: which step of which round; `part` is a department, an objection, or the month of filing. */
export type TaskId = string & { readonly __brand: 'TaskId' };
/** An opaque id: a notice 公示 must not tell more than its text does. */
export type NoticeId = string & { readonly __brand: 'NoticeId' };
/** `o1`, `o2`, … within a round. */
export type ObjectionId = string & { readonly __brand: 'ObjectionId' };
/** An opaque id of an uploaded photo or scan. */
export type EvidenceId = string & { readonly __brand: 'EvidenceId' };

export const caseNumberPattern = /^R-\d{6}-\d{4}-\d{6}$/;

export const caseNumberOf = (district: DistrictCode, year: string, serial: number): CaseNumber =>
  `R-${district}-${year}-${String(serial).padStart(6, '0')}` as CaseNumber;

export const taskIdOf = (
  caseNumber: CaseNumber,
  round: number,
  step: StepName,
  part?: DepartmentId | ObjectionId | YearMonth,
): TaskId => `${caseNumber}.r${round}.${step}${part === undefined ? '' : `.${part}`}` as TaskId;

export const objectionIdOf = (serial: number): ObjectionId => `o${serial}` as ObjectionId;
