import type { Turn } from '../seed/district-input.ts';
import type { EvidenceRef } from './photo.ts';

/** What an answer is made of: the turn that the story has ready for the step, if any, and how to take a photo. */
export type AnswerTerms = {
  readonly caseNumber: string;
  readonly today: string;
  readonly turn: Partial<Turn>;
  readonly photo: (label: string) => Promise<EvidenceRef>;
  /** Whether the case was drawn for a visit of the joint-check group. */
  readonly sampled: () => Promise<boolean>;
};

type Answer = { readonly step: string; readonly [field: string]: unknown };

const returned = ({ reason, measureIds = [] }: Partial<Turn>) => ({
  outcome: 'returned',
  reason: reason ?? 'other',
  measureIds,
});

const serial = (caseNumber: string): string => caseNumber.slice(-6);

const answers: Readonly<Record<string, (terms: AnswerTerms) => Promise<Omit<Answer, 'step'>>>> = {
  'request-answer': async ({ turn }) =>
    turn.outcome === 'declined'
      ? { outcome: 'declined', reason: turn.reason, reasons: '收入尚未稳定，继续帮扶。' }
      : { outcome: 'reported' },

  'home-visit': async ({ turn, photo }) => {
    const evidence = [await photo('visit')];
    return turn.outcome === 'not-eligible'
      ? { outcome: 'not-eligible', reason: turn.reason, evidence, record: '入户发现风险尚未消除。' }
      : { outcome: 'eligible', evidence, record: '入户核实：住房、饮水、收入均已查看。' };
  },

  'household-confirmation': async ({ turn }) =>
    turn.outcome === 'refused'
      ? { outcome: 'refused', reason: turn.reason, reasons: '家里还需要继续帮扶。', evidence: [] }
      : { outcome: 'confirmed', evidence: [] },

  appraisal: async ({ turn, today, photo }) => {
    const passed = turn.outcome !== 'not-passed';
    return {
      outcome: passed ? 'passed' : 'not-passed',
      heldOn: today,
      attendance: { eligible: 31, present: 27 },
      votes: passed ? { inFavour: 25, against: 1, abstained: 1 } : { inFavour: 9, against: 15, abstained: 3 },
      minutes: [await photo('minutes')],
    };
  },

  'notice-posting': async ({ photo }) => ({ photo: await photo('notice') }),

  'objection-investigation': async ({ turn, photo }) => ({
    finding: turn.outcome ?? 'not-substantiated',
    evidence: [await photo('investigation')],
    record: turn.outcome === 'substantiated' ? '经核实，岗位尚未落实。' : '经核实，所反映情况不属实。',
  }),

  'objection-decision': async ({ turn }) => ({
    outcome: turn.outcome ?? 'dismissed',
    reasons: turn.outcome === 'upheld' ? '措施未落实，异议成立。' : '走访三户邻居，异议不成立。',
  }),

  'objection-follow-up': async ({ turn }) =>
    turn.outcome === 'close-case'
      ? { outcome: 'close-case', record: '不再继续办理，继续监测。' }
      : { outcome: 'start-next-round', record: '岗位已落实，重新入户。' },

  'town-verification': async ({ turn, photo }) => {
    const evidence = [await photo('town visit')];
    return turn.outcome === 'returned'
      ? { ...returned(turn), reasons: '帮扶尚未到位，退回村上调整帮扶。', evidence }
      : { outcome: 'approved', evidence };
  },

  'filing-confirmation': async ({ turn, photo }) =>
    turn.outcome === 'returned'
      ? { ...returned(turn), reasons: '情况有变化，退回重新核实。', evidence: [await photo('confirmation')] }
      : { outcome: 'unchanged' },

  'department-comparison': async ({ turn }) =>
    turn.outcome === 'not-implemented'
      ? {
          outcome: 'not-implemented',
          reason: turn.reason,
          measureIds: turn.measureIds ?? [],
          record: '本部门牵头的措施尚未落实。',
        }
      : { outcome: 'implemented', record: '数据比对一致。' },

  'spot-check': async ({ turn, photo, sampled }) => {
    if (turn.outcome === 'failed') {
      return {
        outcome: 'failed',
        reason: turn.reason,
        measureIds: turn.measureIds ?? [],
        evidence: [await photo('spot check')],
        record: '现场核查，风险尚未真正消除。',
      };
    }
    return (await sampled())
      ? { outcome: 'confirmed', evidence: [await photo('spot check')], record: '现场核查，情况属实。' }
      : { outcome: 'confirmed', evidence: [], record: '未抽中现场核查，材料审核属实。' };
  },

  announcement: async ({ turn, caseNumber }) =>
    turn.outcome === 'returned'
      ? { ...returned(turn), reasons: '尚有疑点，退回。' }
      : { outcome: 'announced', announcement: `公告〔2022〕${serial(caseNumber)}号` },

  'leadership-filing': async ({ caseNumber }) => ({ receipt: `备案回执 ${serial(caseNumber)}` }),

  'system-marking': async ({ caseNumber }) => ({ outsideReference: `GJ-${serial(caseNumber)}` }),

  adjustment: async () => ({ record: '已调整帮扶，逐项落实。' }),

  'measure-adjustment': async ({ turn, today, photo }) => ({
    measures: (turn.measureIds ?? []).map((measureId) => ({
      measureId,
      implementedOn: turn.implementedOn ?? today,
    })),
    evidence: [await photo('measure in place')],
    record: '措施已重新落实。',
  }),

  're-report': async ({ turn }) =>
    turn.outcome === 'close-case'
      ? { outcome: 'close-case', record: '暂不再上报，继续监测。' }
      : { outcome: 'report-again' },

  'pause-follow-up': async ({ turn }) =>
    turn.outcome === 'close-case'
      ? { outcome: 'close-case', record: '该户已并入他户，本案终结。' }
      : { outcome: 'restart-at-visit', record: '家庭情况已核实，重新入户。' },
};

/** @returns what a person answers to the step; `undefined` for a step that the rehearsal does not know. */
export const answerTo = async (step: string, terms: AnswerTerms): Promise<Answer | undefined> => {
  const answer = answers[step];
  return answer === undefined ? undefined : { step, ...(await answer(terms)) };
};
