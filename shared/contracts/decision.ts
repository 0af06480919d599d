import * as z from 'zod/mini';
import { civilDate, measureId } from './codes.ts';
import { evidenceRef } from './evidence.ts';
import { paragraphs, reference } from './text.ts';

/** Files that a decision or a request rests on, by the version that was seen. */
export const evidence = z.array(evidenceRef).check(z.maxLength(20));
export const record = paragraphs(4000).check(z.meta({ description: '记录，加密保存 (record; kept sealed)' }));
export const reasons = paragraphs(4000).check(
  z.meta({ description: '理由，加密保存 (reasons; kept sealed)' }),
);
const heads = z.int().check(z.minimum(0), z.maximum(100_000));
const measureIds = z.array(measureId).check(
  z.maxLength(100),
  z.refine((ids) => new Set(ids).size === ids.length, { params: { code: 'measure-twice' } }),
  z.meta({ description: '未落实的措施 (the measures that failed)' }),
);

const returnReason = z
  .enum(['help-not-in-place', 'risk-not-lifted', 'procedure', 'other'])
  .check(z.meta({ description: '帮扶不到位、风险未消除、程序不合规、其他 (why it is sent back)' }));
/** 退回 */
const returned = { outcome: z.literal('returned'), reason: returnReason, measureIds, reasons };

const requestAnswer = { step: z.literal('request-answer') };
const homeVisit = { step: z.literal('home-visit'), evidence, record };
const confirmation = { step: z.literal('household-confirmation'), evidence };
const townVerification = { step: z.literal('town-verification'), evidence };
const filingConfirmation = { step: z.literal('filing-confirmation') };
const comparison = { step: z.literal('department-comparison'), record };
const spotCheck = { step: z.literal('spot-check'), evidence, record };
const announcement = { step: z.literal('announcement') };
const reReport = { step: z.literal('re-report') };

/** What a person answers to an open step; `step` must be the task's. */
export const decision = z
  .discriminatedUnion('step', [
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...requestAnswer, outcome: z.literal('reported') }),
        z.strictObject({
          ...requestAnswer,
          outcome: z.literal('declined'),
          reason: z.enum(['standards-not-met', 'help-still-needed', 'other']),
          reasons,
        }),
      ])
      .check(z.meta({ description: '答复农户申请' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...homeVisit, outcome: z.literal('eligible') }),
        z.strictObject({
          ...homeVisit,
          outcome: z.literal('not-eligible'),
          reason: z.enum(['income-not-stable', 'measure-not-in-place', 'risk-not-lifted', 'other']),
        }),
      ])
      .check(z.meta({ description: '入户核实' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...confirmation, outcome: z.literal('confirmed') }),
        z.strictObject({
          ...confirmation,
          outcome: z.literal('refused'),
          reason: z.enum(['help-still-needed', 'facts-disputed', 'other']),
          reasons,
        }),
      ])
      .check(z.meta({ description: '农户确认' })),
    z
      .strictObject({
        step: z.literal('appraisal'),
        outcome: z
          .enum(['passed', 'not-passed'])
          .check(z.meta({ description: '须与票数一致 (must agree with the votes)' })),
        heldOn: civilDate,
        attendance: z.strictObject({ eligible: heads, present: heads }),
        votes: z.strictObject({ inFavour: heads, against: heads, abstained: heads }),
        minutes: evidence,
      })
      .check(z.meta({ description: '民主评议' })),
    z
      .strictObject({ step: z.literal('notice-posting'), photo: evidenceRef })
      .check(z.meta({ description: '张贴公示' })),
    z
      .strictObject({
        step: z.literal('objection-investigation'),
        finding: z.enum(['substantiated', 'partly-substantiated', 'not-substantiated']),
        evidence,
        record,
      })
      .check(z.meta({ description: '异议调查' })),
    z
      .strictObject({
        step: z.literal('objection-decision'),
        outcome: z.enum(['dismissed', 'upheld']),
        reasons,
      })
      .check(z.meta({ description: '异议裁定' })),
    z
      .strictObject({
        step: z.literal('objection-follow-up'),
        outcome: z.enum(['start-next-round', 'close-case']),
        record,
      })
      .check(z.meta({ description: '异议成立后的处理' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...townVerification, outcome: z.literal('approved') }),
        z.strictObject({ ...townVerification, ...returned }),
      ])
      .check(z.meta({ description: '镇级核查' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...filingConfirmation, outcome: z.literal('unchanged') }),
        z.strictObject({ ...filingConfirmation, ...returned, evidence }),
      ])
      .check(z.meta({ description: '上报前确认无变化' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...comparison, outcome: z.literal('implemented') }),
        z.strictObject({
          ...comparison,
          outcome: z.literal('not-implemented'),
          reason: z.enum(['measure-not-implemented', 'data-contradicts']),
          measureIds,
        }),
      ])
      .check(z.meta({ description: '行业部门比对' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...spotCheck, outcome: z.literal('confirmed') }),
        z.strictObject({ ...spotCheck, outcome: z.literal('failed'), reason: returnReason, measureIds }),
      ])
      .check(z.meta({ description: '区级抽查评估' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...announcement, outcome: z.literal('announced'), announcement: paragraphs(2000) }),
        z.strictObject({ ...announcement, ...returned }),
      ])
      .check(z.meta({ description: '公告' })),
    z
      .strictObject({ step: z.literal('leadership-filing'), receipt: reference(200) })
      .check(z.meta({ description: '领导小组备案' })),
    z
      .strictObject({ step: z.literal('system-marking'), outsideReference: reference(200) })
      .check(z.meta({ description: '国家系统标注' })),
    z
      .strictObject({ step: z.literal('adjustment'), record })
      .check(z.meta({ description: '退回后调整帮扶' })),
    z
      .strictObject({
        step: z.literal('measure-adjustment'),
        measures: z.array(z.strictObject({ measureId, implementedOn: civilDate })).check(
          z.maxLength(100),
          z.refine((all) => new Set(all.map((one) => one.measureId)).size === all.length, {
            params: { code: 'measure-twice' },
          }),
        ),
        evidence,
        record,
      })
      .check(z.meta({ description: '部门补齐未落实措施' })),
    z
      .discriminatedUnion('outcome', [
        z.strictObject({ ...reReport, outcome: z.literal('report-again') }),
        z.strictObject({ ...reReport, outcome: z.literal('close-case'), record }),
      ])
      .check(z.meta({ description: '退回后再次上报' })),
    z
      .strictObject({
        step: z.literal('pause-follow-up'),
        outcome: z.enum(['restart-at-visit', 'close-case']),
        record,
      })
      .check(z.meta({ description: '农户变化后的处理' })),
    z
      .strictObject({ step: z.literal('city-report-signature') })
      .check(z.meta({ description: '签发市级备案' })),
  ])
  .check(
    z.meta({ id: 'Decision', description: '对待办的处理，一种结果一种形式 (the answer to an open step)' }),
  );
