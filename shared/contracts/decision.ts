import * as z from 'zod';
import { civilDate } from './codes.ts';
import { evidenceRef } from './evidence.ts';
import { paragraphs, reference } from './text.ts';

const evidence = z.array(evidenceRef).max(20);
const record = paragraphs(4000).meta({ description: '记录，加密保存 (record; kept sealed)' });
const heads = z.int().min(0).max(100_000);

/** What a person answers to an open step; `step` must be the task's. */
export const decision = z
  .discriminatedUnion('step', [
    z.strictObject({ step: z.literal('home-visit'), evidence, record }).meta({ description: '入户核实' }),
    z.strictObject({ step: z.literal('household-confirmation'), evidence }).meta({ description: '农户确认' }),
    z
      .strictObject({
        step: z.literal('appraisal'),
        heldOn: civilDate,
        attendance: z.strictObject({ eligible: heads, present: heads }),
        votes: z.strictObject({ inFavour: heads, against: heads, abstained: heads }),
        minutes: evidence,
      })
      .meta({ description: '民主评议' }),
    z
      .strictObject({ step: z.literal('notice-posting'), photo: evidenceRef })
      .meta({ description: '张贴公示' }),
    z
      .strictObject({
        step: z.literal('objection-investigation'),
        finding: z.enum(['substantiated', 'partly-substantiated', 'not-substantiated']),
        evidence,
        record,
      })
      .meta({ description: '异议调查' }),
    z
      .strictObject({
        step: z.literal('objection-decision'),
        outcome: z.enum(['dismissed', 'upheld']),
        reasons: paragraphs(4000).meta({ description: '理由，加密保存 (reasons; kept sealed)' }),
      })
      .meta({ description: '异议裁定' }),
    z
      .strictObject({
        step: z.literal('objection-follow-up'),
        outcome: z.enum(['start-next-round', 'close-case']),
        record,
      })
      .meta({ description: '异议成立后的处理' }),
    z.strictObject({ step: z.literal('town-verification'), evidence }).meta({ description: '镇级核查' }),
    z.strictObject({ step: z.literal('filing-confirmation') }).meta({ description: '上报前确认无变化' }),
    z
      .strictObject({ step: z.literal('department-comparison'), record })
      .meta({ description: '行业部门比对' }),
    z.strictObject({ step: z.literal('spot-check'), evidence, record }).meta({ description: '区级抽查评估' }),
    z
      .strictObject({ step: z.literal('announcement'), announcement: paragraphs(2000) })
      .meta({ description: '公告' }),
    z
      .strictObject({ step: z.literal('leadership-filing'), receipt: reference(200) })
      .meta({ description: '领导小组备案' }),
    z
      .strictObject({ step: z.literal('system-marking'), outsideReference: reference(200) })
      .meta({ description: '国家系统标注' }),
    z.strictObject({ step: z.literal('city-report-signature') }).meta({ description: '签发市级备案' }),
  ])
  .meta({ id: 'Decision', description: '对待办的处理，一步一种形式 (the answer to an open step)' });
