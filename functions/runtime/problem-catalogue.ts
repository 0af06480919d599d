import type { TokenRefusal } from '../../shared/ports/identity.ts';
import type { RefusalCode } from '../../shared/use-cases/outcome.ts';

/** Refusals of the edge itself: the request never reached a use case. */
export type EdgeRefusalCode =
  | 'content-type-not-supported'
  | 'body-too-large'
  | 'json-malformed'
  | 'key-not-allowed'
  | 'request-invalid'
  | 'idempotency-key-missing'
  | 'idempotency-key-invalid'
  | 'not-acceptable';

/** What can go wrong without anybody having asked for something wrong. */
export type FaultCode = 'try-again' | 'records-unreachable' | 'internal-error';

/** Refusals of what only the embedded machine has: its clock, and the evidence folder behind signed links. */
export type EmbeddedRefusalCode =
  | 'clock-is-real'
  | 'clock-runs-forward-only'
  | 'upload-signature-invalid'
  | 'upload-expired'
  | 'upload-type-mismatch'
  | 'upload-size-mismatch'
  | 'upload-hash-mismatch'
  | 'download-signature-invalid'
  | 'download-expired'
  | 'download-not-found';

export type ProblemCode = RefusalCode | TokenRefusal | EdgeRefusalCode | FaultCode | EmbeddedRefusalCode;

export type CatalogueEntry = { readonly status: number; readonly title: string; readonly titleEn: string };

/**
 * Every code that a client can meet, with its HTTP status and what a person reads. Codes never change their meaning.
 * A code of the domain that is missing here does not compile.
 */
export const problemCatalogue: Readonly<Record<ProblemCode, CatalogueEntry>> = {
  // Access
  'token-missing': { status: 401, title: '请先登录', titleEn: 'A bearer token is needed' },
  'token-malformed': { status: 401, title: '登录凭证格式不正确', titleEn: 'The bearer token is malformed' },
  'token-expired': { status: 401, title: '登录已过期，请重新登录', titleEn: 'The bearer token has expired' },
  'token-rejected': { status: 401, title: '登录凭证无效', titleEn: 'The bearer token was rejected' },
  'person-not-registered': { status: 403, title: '该账号未登记', titleEn: 'This account is not registered' },
  'role-not-permitted': {
    status: 403,
    title: '您的职务不能办理此事',
    titleEn: 'Another office must act here',
  },
  'not-found': { status: 404, title: '未找到', titleEn: 'Not found' },

  // Requests
  'not-acceptable': { status: 406, title: '只提供 JSON 格式', titleEn: 'Only JSON is served' },
  'content-type-not-supported': {
    status: 415,
    title: '请求内容须为 application/json',
    titleEn: 'The body must be application/json',
  },
  'body-too-large': { status: 413, title: '请求内容过大', titleEn: 'The body is too large' },
  'json-malformed': { status: 400, title: '请求内容不是有效的 JSON', titleEn: 'The body is not valid JSON' },
  'key-not-allowed': {
    status: 400,
    title: '请求内容含有不允许或重复的键',
    titleEn: 'The body has a key that is not allowed, or has it twice',
  },
  'request-invalid': {
    status: 422,
    title: '请求内容不符合要求',
    titleEn: 'The request does not hold what it must',
  },
  'idempotency-key-missing': {
    status: 400,
    title: '缺少 Idempotency-Key',
    titleEn: 'The Idempotency-Key header is missing',
  },
  'idempotency-key-invalid': {
    status: 400,
    title: 'Idempotency-Key 须为 1–128 个可见 ASCII 字符',
    titleEn: 'The Idempotency-Key must be 1 to 128 printable ASCII characters',
  },
  'idempotency-key-reused': {
    status: 422,
    title: '该 Idempotency-Key 已用于另一请求',
    titleEn: 'The Idempotency-Key was used for another request',
  },

  // Registers
  'outside-district': { status: 422, title: '不在本区范围内', titleEn: 'It lies outside the district' },
  'household-unknown': { status: 422, title: '农户未登记', titleEn: 'The household is not registered' },
  'person-unknown': { status: 422, title: '人员未登记', titleEn: 'The person is not registered' },
  'division-unknown': { status: 422, title: '区划未登记', titleEn: 'The division is not registered' },
  'household-moved': {
    status: 409,
    title: '农户已登记在另一组',
    titleEn: 'The household is registered in another group',
  },
  'household-has-two-grid-members': {
    status: 422,
    title: '一户只能有一名网格员',
    titleEn: 'A household has exactly one grid member',
  },
  'household-outside-group': {
    status: 422,
    title: '农户不在该组内',
    titleEn: 'The household lies outside the group',
  },

  // Evidence
  'evidence-type-not-allowed': {
    status: 422,
    title: '不接受该类型的文件',
    titleEn: 'Files of this type are not taken',
  },
  'evidence-too-large': { status: 422, title: '文件过大', titleEn: 'The file is too large' },
  'evidence-unknown': {
    status: 422,
    title: '该案件没有此佐证材料',
    titleEn: 'The case has no such evidence',
  },
  'evidence-not-present': {
    status: 422,
    title: '佐证材料尚未上传',
    titleEn: 'The evidence has not been uploaded',
  },
  'evidence-altered': {
    status: 422,
    title: '佐证材料与登记不符',
    titleEn: 'The evidence is not what was registered',
  },
  'evidence-required': { status: 422, title: '须附佐证材料', titleEn: 'Evidence is required' },

  // Opening a case
  'case-already-open': {
    status: 409,
    title: '该户已有在办案件',
    titleEn: 'A case is open for this household',
  },
  'case-not-open': { status: 409, title: '案件未立案', titleEn: 'The case is not open' },
  'household-not-monitored': {
    status: 422,
    title: '该户不是监测对象',
    titleEn: 'The household is not monitored',
  },
  'release-standards-not-met': {
    status: 422,
    title: '未达到风险消除标准',
    titleEn: 'The release standards are not met',
  },

  // Tasks
  'task-not-open': { status: 409, title: '该待办已办结或不存在', titleEn: 'The task is not open' },
  'task-not-yours': { status: 403, title: '该待办不由您办理', titleEn: 'The task is not yours to decide' },
  'round-superseded': {
    status: 409,
    title: '该轮已结束，案件已进入后续轮次',
    titleEn: 'A later round goes on instead of this one',
  },
  'wrong-decision-for-step': {
    status: 422,
    title: '提交内容与该环节不符',
    titleEn: 'The decision is not one for this step',
  },
  'too-early': { status: 409, title: '尚未到可办理时间', titleEn: 'It is too early' },
  'own-household': {
    status: 403,
    title: '不得办理本人家庭的事项',
    titleEn: 'Nobody decides about their own household',
  },
  'two-levels': {
    status: 403,
    title: '同一案件不得在两级办理',
    titleEn: 'Nobody decides at two levels of one case',
  },
  'text-required': { status: 422, title: '须填写说明', titleEn: 'A text is required' },

  // Appraisal 民主评议
  'appraisal-date-invalid': {
    status: 422,
    title: '评议日期不在允许范围内',
    titleEn: 'The appraisal was not held on a possible day',
  },
  'votes-exceed-attendance': {
    status: 422,
    title: '票数多于到会人数',
    titleEn: 'There are more votes than people present',
  },
  'attendance-exceeds-eligible': {
    status: 422,
    title: '到会人数多于应到人数',
    titleEn: 'There are more people present than eligible',
  },
  'votes-do-not-carry': {
    status: 422,
    title: '赞成票未过到会人数半数',
    titleEn: 'The votes in favour do not carry',
  },

  // Notice 公示
  'notice-not-running': { status: 409, title: '公示未在进行', titleEn: 'The notice is not running' },
  'objection-period-over': {
    status: 409,
    title: '公示期已过，请通过所列渠道反映',
    titleEn: 'The time for objections is over; please use the channel named',
  },

  // Filing 上报备案
  'case-not-in-filing': {
    status: 409,
    title: '案件不在上报环节',
    titleEn: 'The case does not wait for filing',
  },
  'filing-not-open': {
    status: 409,
    title: '该月上报尚未开始',
    titleEn: 'The filing of this month is not open',
  },
  'filing-completed': {
    status: 409,
    title: '该月上报已完成',
    titleEn: 'The filing of this month is completed',
  },
  'filing-empty': { status: 409, title: '没有待上报的案件', titleEn: 'No case waits to be filed' },
  'filing-month-not-begun': { status: 409, title: '该月尚未开始', titleEn: 'The month has not begun' },
  'cut-off-not-reached': {
    status: 409,
    title: '尚未到截止时间',
    titleEn: 'The cut-off has not been reached',
  },
  'cut-off-passed': { status: 409, title: '已过截止时间', titleEn: 'The cut-off has passed' },

  // City report 市级备案
  'case-not-in-report': {
    status: 409,
    title: '案件不在市级备案环节',
    titleEn: 'The case does not wait for this report',
  },
  'city-report-not-prepared': {
    status: 409,
    title: '该月备案表尚未编制',
    titleEn: 'The report of this month is not prepared',
  },
  'city-report-window-not-open': {
    status: 409,
    title: '尚未到备案时间',
    titleEn: 'The report cannot be prepared yet',
  },
  'city-report-incomplete': {
    status: 409,
    title: '部分案件尚未备案或标注',
    titleEn: 'Some cases are not filed with the leadership group or not marked',
  },

  // Faults
  'try-again': {
    status: 503,
    title: '系统繁忙，请稍后用同一 Idempotency-Key 重试',
    titleEn: 'Nothing was written; please send the same request again',
  },
  'records-unreachable': { status: 503, title: '台账暂不可用', titleEn: 'The records cannot be reached' },
  'internal-error': { status: 500, title: '系统错误', titleEn: 'Internal error' },

  // The embedded machine
  'clock-is-real': { status: 409, title: '时钟为真实时间，不可调整', titleEn: 'The clock is the real one' },
  'clock-runs-forward-only': { status: 422, title: '时钟只能前进', titleEn: 'The clock runs forward only' },
  'upload-signature-invalid': {
    status: 403,
    title: '上传链接无效',
    titleEn: 'The upload was not signed like this',
  },
  'upload-expired': { status: 403, title: '上传链接已过期', titleEn: 'The signed upload has expired' },
  'upload-type-mismatch': {
    status: 422,
    title: '文件类型与申请不符',
    titleEn: 'The type is not the one signed for',
  },
  'upload-size-mismatch': {
    status: 422,
    title: '文件大小与申请不符',
    titleEn: 'The size is not the one signed for',
  },
  'upload-hash-mismatch': {
    status: 422,
    title: '文件内容与申请不符',
    titleEn: 'The content is not the one signed for',
  },
  'download-signature-invalid': {
    status: 403,
    title: '下载链接无效',
    titleEn: 'The download was not signed like this',
  },
  'download-expired': { status: 403, title: '下载链接已过期', titleEn: 'The signed download has expired' },
  'download-not-found': { status: 404, title: '未找到文件', titleEn: 'There is no such file' },
};
