import type { PolicyDocument } from '../policy.ts';

/**
 * The first policy. "Seed" is the district's own description of November 2022; "law" is the Civil Code;
 * "default" is ours, where both are silent and the district may decide otherwise in a later version.
 */
export const policy2022v1 = {
  version: '2022-1',
  // Default: the first day that the holiday tables cover, so that rounds of 2021 can be entered too.
  effectiveFrom: '2021-01-01',

  // Seed: 公示5日无异议. Law: arts. 201 and 203. Default: 日 are calendar days, as in art. 200.
  notice: { days: 5, basis: 'calendar', movesOffRestDays: true },
  // Seed: 每月25日前. Default: 24:00 of that day, never moved.
  filing: { cutOffDay: 25 },
  // Seed: 次月5日前. Default: from the 1st on, until 24:00 of the 5th, never moved.
  cityReport: { signFromDay: 1, signByDay: 5 },
  // Default: the morning of the last working day before; of every step and of both monthly deadlines.
  reminder: { workingDaysBefore: 1, localTime: '09:00' },

  // Default, all of them: the seed asks for a quick answer (快速响应机制) and names no days.
  steps: {
    // Seed: the list is monthly (每月). Default: a request stands in the list of the month, unless less time than this is left.
    'request-answer': {
      due: { amount: 3, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    'home-visit': {
      due: { amount: 5, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    'household-confirmation': {
      due: { amount: 3, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    appraisal: {
      due: { amount: 5, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    'notice-posting': {
      due: { amount: 2, unit: 'working-days' },
      escalateEvery: { amount: 1, unit: 'working-days' },
    },
    'objection-investigation': {
      due: { amount: 3, unit: 'working-days' },
      escalateEvery: { amount: 1, unit: 'working-days' },
    },
    'objection-decision': {
      due: { amount: 2, unit: 'working-days' },
      escalateEvery: { amount: 1, unit: 'working-days' },
    },
    'objection-follow-up': {
      due: { amount: 5, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    'town-verification': {
      due: { amount: 5, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    'filing-confirmation': {
      due: { amount: 2, unit: 'working-days' },
      escalateEvery: { amount: 1, unit: 'working-days' },
    },
    'department-comparison': {
      due: { amount: 5, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    'spot-check': {
      due: { amount: 5, unit: 'working-days' },
      escalateEvery: { amount: 2, unit: 'working-days' },
    },
    announcement: {
      due: { amount: 3, unit: 'working-days' },
      escalateEvery: { amount: 1, unit: 'working-days' },
    },
    'leadership-filing': {
      due: { amount: 3, unit: 'working-days' },
      escalateEvery: { amount: 1, unit: 'working-days' },
    },
    'system-marking': {
      due: { amount: 3, unit: 'working-days' },
      escalateEvery: { amount: 1, unit: 'working-days' },
    },
    // Seed: 调整帮扶、继续帮扶, again and again until the risk is truly lifted.
    adjustment: {
      due: { amount: 10, unit: 'working-days' },
      escalateEvery: { amount: 5, unit: 'working-days' },
    },
    'measure-adjustment': {
      due: { amount: 10, unit: 'working-days' },
      escalateEvery: { amount: 5, unit: 'working-days' },
    },
    // A month: the next list of the grid leader.
    're-report': {
      due: { amount: 30, unit: 'calendar-days' },
      escalateEvery: { amount: 10, unit: 'working-days' },
    },
    'pause-follow-up': {
      due: { amount: 10, unit: 'working-days' },
      escalateEvery: { amount: 5, unit: 'working-days' },
    },
    // Opened at 0:00 of the 1st, the fourth day after it is the 5th of the seed.
    'city-report-signature': {
      due: { amount: 4, unit: 'calendar-days' },
      escalateEvery: { amount: 1, unit: 'calendar-days' },
    },
  },

  objection: {
    // Default: the national hotline, which takes reports at any time.
    lateChannel: { name: '全国防返贫监测和乡村振兴咨询服务平台', telephone: '12317' },
  },

  comparison: {
    // Default: the six that the seed names for the monthly comparison (卫健、医保、住建、公安、民政、残联).
    alwaysAsked: [
      'health',
      'medical-insurance',
      'housing',
      'public-security',
      'civil-affairs',
      'disabled-persons-federation',
    ],
  },
  // Seed: 实地抽查. Default: the share, and that a failed sample doubles it for the village up to every case.
  spotCheck: { rate: 0.3, doubledRateCap: 1 },

  // Default: 7,000 yuan; the province sets its own every year, and a year without a number has no line.
  monitoringLine: { '2022': { fenPerHeadPerYear: 700_000, example: true } },
  // Default: what makes 稳定可持续 countable.
  incomeStableMonths: 6,
  // Default: identified and helped for half a year at least.
  helpedMonths: 6,

  // Default: a phone's photo or a scan of a few pages; an upload is signed for five minutes at most.
  evidence: {
    maxBytes: 10 * 1024 * 1024,
    contentTypes: ['image/jpeg', 'image/png', 'application/pdf'],
    uploadSeconds: 300,
  },

  // Default: machines' own pace; no legal boundary hangs on it.
  villageWakeOffsetSeconds: { min: 60, max: 600 },
  retryAfter: { overdueDocument: { amount: 1, unit: 'calendar-days' }, filingNotClosedSeconds: 300 },
} satisfies PolicyDocument;
