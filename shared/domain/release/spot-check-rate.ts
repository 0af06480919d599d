import type { Policy } from '../calendar/policy.ts';

/**
 * The share of a village's cases of one filing month that are visited 实地抽查: the policy's, doubled for every month in a
 * row before it in which a check of the village failed (policy default), and never above the policy's cap.
 * @returns 0–1.
 */
export const spotCheckRate = ({ spotCheck }: Pick<Policy, 'spotCheck'>, failedMonthsBefore: number): number =>
  Math.min(spotCheck.doubledRateCap, spotCheck.rate * 2 ** failedMonthsBefore);
