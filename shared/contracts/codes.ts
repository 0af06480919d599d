import * as z from 'zod/mini';

/**
 * The domain's names for kinds of text, restated by their shape: this room imports nothing but zod, and the type
 * checker holds both to be the same.
 */
type Branded<Name extends string> = string & { readonly __brand: Name };

/** Gives a checked text the name of its kind; only the type changes. */
const named = <Value extends string>(schema: z.ZodMiniType<string, string>): z.ZodMiniType<Value, string> =>
  schema as z.ZodMiniType<Value, string>;

/** It becomes a key and part of URLs, so nothing of the shape of a resident ID number or a mobile phone's is taken. */
const opaqueId = /^(?!(\d{15}|\d{17}[\dXx]|1[3-9]\d{9})$)[A-Za-z0-9_-]{1,64}$/;

export const householdId = named<Branded<'HouseholdId'>>(
  z
    .string()
    .check(
      z.regex(opaqueId),
      z.meta({ description: '农户编号，不含个人信息 (opaque household id)', examples: ['h-0001'] }),
    ),
);
export const personId = named<Branded<'PersonId'>>(
  z
    .string()
    .check(
      z.regex(opaqueId),
      z.meta({ description: '人员账号，即令牌的 sub (opaque person id, the subject of the token)' }),
    ),
);
export const noticeId = named<Branded<'NoticeId'>>(
  z.string().check(z.regex(opaqueId), z.meta({ description: '公示编号 (opaque notice id)' })),
);
export const evidenceId = named<Branded<'EvidenceId'>>(
  z.string().check(z.regex(opaqueId), z.meta({ description: '佐证材料编号 (opaque evidence id)' })),
);
export const memberId = z
  .string()
  .check(z.regex(opaqueId), z.meta({ description: '家庭成员编号 (opaque id of a household member)' }));
export const measureId = z
  .string()
  .check(z.regex(opaqueId), z.meta({ description: '帮扶措施编号 (opaque id of a measure)' }));

export const townCode = named<Branded<'TownCode'>>(
  z
    .string()
    .check(z.regex(/^\d{9}$/), z.meta({ description: '镇代码，9 位 (town code)', examples: ['610302101'] })),
);
export const villageCode = named<Branded<'VillageCode'>>(
  z
    .string()
    .check(
      z.regex(/^\d{12}$/),
      z.meta({ description: '村代码，12 位 (village code)', examples: ['610302101201'] }),
    ),
);
export const groupCode = named<Branded<'GroupCode'>>(
  z
    .string()
    .check(
      z.regex(/^\d{15}$/),
      z.meta({ description: '组代码，15 位 (group code)', examples: ['610302101201001'] }),
    ),
);
export const divisionCode = named<
  Branded<'DistrictCode'> | Branded<'TownCode'> | Branded<'VillageCode'> | Branded<'GroupCode'>
>(
  z.string().check(
    z.regex(/^(\d{6}|\d{9}|\d{12}|\d{15})$/),
    z.meta({
      description: '区划代码：区 6 位、镇 9 位、村 12 位、组 15 位 (division code)',
      examples: ['610302101'],
    }),
  ),
);
/** What cases and households are listed by: group codes have no list of their own. */
export const listCode = named<Branded<'DistrictCode'> | Branded<'TownCode'> | Branded<'VillageCode'>>(
  z.string().check(
    z.regex(/^(\d{6}|\d{9}|\d{12})$/),
    z.meta({
      description:
        '区、镇或村代码，默认本人可见的全部 (district, town or village; everywhere you may see unless given)',
    }),
  ),
);
/** Where notices hang out. */
export const boardCode = named<Branded<'DistrictCode'> | Branded<'VillageCode'>>(
  z
    .string()
    .check(
      z.regex(/^(\d{6}|\d{12})$/),
      z.meta({ description: '区或村代码，默认本区 (district or village; the district unless given)' }),
    ),
);
export const departmentId = named<Branded<'DepartmentId'>>(
  z
    .string()
    .check(
      z.regex(/^[a-z]+(-[a-z]+)*$/),
      z.maxLength(64),
      z.meta({ description: '行业部门 (department of the register)', examples: ['medical-insurance'] }),
    ),
);

export const caseNumber = named<Branded<'CaseNumber'>>(
  z
    .string()
    .check(
      z.regex(/^R-\d{6}-\d{4}-\d{6}$/),
      z.meta({ description: '风险消除案件号 (release case number)', examples: ['R-610302-2022-000123'] }),
    ),
);
/** The id of a task of a case, a filing or a city report: its stream, a dot, and which step it is. */
export const taskId = z
  .string()
  .check(
    z.regex(/^(R-\d{6}-\d{4}-\d{6}|F-\d{9}-\d{4}-\d{2}|C-\d{6}-\d{4}-\d{2})(\.[a-z0-9-]{1,64}){1,3}$/),
    z.meta({ description: '待办编号 (task id)', examples: ['R-610302-2022-000123.r1.home-visit'] }),
  );
/** A stream of the ledger: a case, a town's filing of a month, or a month's city report. */
export const streamId = z
  .string()
  .check(
    z.regex(/^(R-\d{6}-\d{4}-\d{6}|F-\d{9}-\d{4}-\d{2}|C-\d{6}-\d{4}-\d{2})$/),
    z.meta({ description: '台账流水号：案件 R、镇级上报 F、市级备案 C (stream of the ledger)' }),
  );

/** A day that exists: `2022-02-30` is refused. */
export const civilDate = named<Branded<'CivilDate'>>(
  z.iso.date().check(z.meta({ description: '北京时间日期 (civil date in Asia/Shanghai)' })),
);
export const yearMonth = named<Branded<'YearMonth'>>(
  z
    .string()
    .check(
      z.regex(/^\d{4}-(0[1-9]|1[0-2])$/),
      z.meta({ description: '北京时间月份 (month in Asia/Shanghai)', examples: ['2022-10'] }),
    ),
);
export const instant = named<Branded<'Instant'>>(
  z.iso.datetime({ precision: 3 }).check(z.meta({ description: '时刻，UTC，毫秒 (instant in UTC)' })),
);
export const sha256 = z
  .string()
  .check(
    z.regex(/^[0-9a-f]{64}$/),
    z.meta({ description: 'SHA-256，64 位小写十六进制 (64 lower-case hex digits)' }),
  );
