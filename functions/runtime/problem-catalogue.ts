import type { TokenRefusal } from '../../shared/ports/identity.ts';
import type { RefusalCode } from '../../shared/use-cases/outcome.ts';

/** Refusals of the edge itself, before or after any use case. */
export type EdgeCode =
  | 'content-type-not-supported'
  | 'json-malformed'
  | 'key-not-allowed'
  | 'body-too-large'
  | 'request-invalid'
  | 'idempotency-key-missing'
  | 'idempotency-key-invalid'
  | TokenRefusal
  | 'try-again'
  | 'internal-error';

/** Refusals of the routes that only an embedded machine has: its clock and its evidence folder. */
export type LocalCode =
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

export type ProblemCode = RefusalCode | EdgeCode | LocalCode;

export type ProblemEntry = {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 503;
  /** 中文标题, as the person at the counter reads it. */
  readonly title: string;
  readonly titleEn: string;
};

const entry =
  (status: ProblemEntry['status']) =>
  (title: string, titleEn: string): ProblemEntry => ({ status, title, titleEn });

const badRequest = entry(400);
const unauthorised = entry(401);
const forbidden = entry(403);
/** What was asked is well-formed, but not now: the state of things has to change first. */
const conflict = entry(409);
/** What was asked is well-formed, but its content does not hold. */
const unprocessable = entry(422);

/** Every code that a client can meet, with its HTTP status and title; complete by type. */
export const problemCatalogue: Readonly<Record<ProblemCode, ProblemEntry>> = {
  'content-type-not-supported': entry(415)(
    '请求内容类型须为 application/json',
    'The content type must be application/json',
  ),
  'json-malformed': badRequest('请求内容不是有效的 JSON', 'The body is not valid JSON'),
  'key-not-allowed': badRequest(
    '请求内容含有不允许的、重复的字段名或嵌套过深',
    'The body holds a name that is not allowed or repeated, or nests too deeply',
  ),
  'body-too-large': entry(413)('请求内容过大', 'The body is too large'),
  'request-invalid': unprocessable('请求内容不符合要求', 'The request does not fit what is expected'),
  'idempotency-key-missing': badRequest(
    '缺少 Idempotency-Key 请求头',
    'The Idempotency-Key header is missing',
  ),
  'idempotency-key-invalid': badRequest(
    'Idempotency-Key 请求头须为 1 至 128 个可打印 ASCII 字符',
    'The Idempotency-Key header must be 1 to 128 printable ASCII characters',
  ),
  'idempotency-key-reused': unprocessable(
    '该 Idempotency-Key 已用于另一请求',
    'This Idempotency-Key was used for another request',
  ),
  'token-missing': unauthorised('未登录', 'No bearer token was sent'),
  'token-malformed': unauthorised('登录凭证格式有误', 'The bearer token is malformed'),
  'token-expired': unauthorised('登录已过期，请重新登录', 'The bearer token has expired'),
  'token-rejected': unauthorised('登录凭证无效', 'The bearer token is not accepted'),
  'try-again': entry(503)('系统繁忙，请稍后重试', 'The system is busy; send the same request again shortly'),
  'internal-error': entry(500)('系统内部错误', 'An internal error'),

  'not-found': entry(404)('未找到', 'Not found'),
  'role-not-permitted': forbidden('您的岗位无权办理此事项', 'None of your offices may do this'),
  'person-not-registered': forbidden('该账号尚未登记', 'This account is not in the register'),

  'outside-district': unprocessable('不属于本区县', 'It lies outside this district'),
  'household-unknown': unprocessable('农户未登记', 'The household is not in the register'),
  'person-unknown': unprocessable('人员未登记', 'The person is not in the register'),
  'own-record': forbidden('不得修改本人的登记', 'Nobody may change their own entry in the register'),
  'division-unknown': unprocessable('行政区划未登记', 'The division is not in the register'),
  'household-moved': conflict('农户所属小组已变更', 'The household belongs to another group'),
  'household-has-two-grid-members': unprocessable(
    '同一农户不得由两名网格员负责',
    'A household cannot have two grid members',
  ),
  'household-outside-group': unprocessable('农户不属于该小组', 'The household does not belong to this group'),

  'evidence-type-not-allowed': unprocessable(
    '不接受该类型的佐证材料',
    'Evidence of this type is not accepted',
  ),
  'evidence-too-large': unprocessable('佐证材料过大', 'The evidence is too large'),
  'evidence-unknown': unprocessable('本案无此佐证材料', 'The case has no such evidence'),
  'evidence-not-present': unprocessable('佐证材料尚未上传', 'The evidence has not been uploaded'),
  'evidence-altered': unprocessable('佐证材料与登记的不一致', 'The evidence is not what was registered'),
  'evidence-required': unprocessable('须提供佐证材料', 'Evidence is required'),

  'case-already-open': conflict(
    '该户已有在办的风险消除案件',
    'The household has an open release case already',
  ),
  'case-not-open': conflict('案件已办结', 'The case is closed'),
  'household-not-monitored': conflict('该户不是监测对象', 'The household is not monitored'),
  'release-standards-not-met': unprocessable('未达到风险消除标准', 'The standards for release are not met'),
  'task-not-open': conflict('该事项不在办理中', 'The step is not open'),
  'task-not-yours': forbidden('该事项不由您办理', 'The step is for somebody else'),
  'round-superseded': conflict('该轮次已被新的轮次取代', 'A later round has taken the place of this one'),
  'wrong-decision-for-step': unprocessable('办理意见与环节不符', 'The decision does not belong to this step'),
  'too-early': conflict('尚未到办理时间', 'It is too early for this'),
  'own-household': forbidden('不得办理本户事项', 'Nobody may decide about their own household'),
  'two-levels': forbidden('同一人不得在两级办理同一案件', 'Nobody may decide a case at two levels'),
  'appraisal-date-invalid': unprocessable('民主评议日期有误', 'The date of the appraisal is not valid'),
  'votes-exceed-attendance': unprocessable('票数超过到会人数', 'There are more votes than people present'),
  'attendance-exceeds-eligible': unprocessable(
    '到会人数超过应到人数',
    'More people are present than are entitled',
  ),
  'votes-do-not-carry': unprocessable('赞成票未达到通过要求', 'The votes do not carry the motion'),
  'text-required': unprocessable('须填写说明', 'A text is required'),
  'notice-not-running': conflict('不在公示期内', 'No notice is running'),
  'objection-period-over': conflict('公示期已结束', 'The time for objections is over'),
  'objections-full': conflict(
    '本公示收到的异议已满，请通过其他渠道反映',
    'This notice has as many objections as it takes; please report elsewhere',
  ),
  'case-not-in-filing': conflict('案件不在备案环节', 'The case is not at filing'),
  'already-released': conflict('该户已公告风险消除', 'The household is released already'),
  'round-not-running': conflict('没有正在进行的轮次', 'No round is running'),
  'occurred-date-invalid': unprocessable('发生日期不得晚于今天', 'The date lies in the future'),
  'votes-carry': unprocessable(
    '赞成票已过半，与“未通过”不符',
    'The votes carry the motion, and the outcome says otherwise',
  ),
  'measure-unknown': unprocessable('帮扶计划中无此措施', 'The plan holds no such measure'),
  'measure-of-another-department': unprocessable(
    '该措施由其他部门牵头',
    'Another department leads this measure',
  ),
  'measure-required': unprocessable('须写明未落实的措施', 'The measures that failed must be named'),
  'measure-date-invalid': unprocessable(
    '落实日期须在认定未落实之后、今天之前',
    'The day must lie between the failure and today',
  ),
  'case-not-in-report': conflict('案件不在市级备案环节', 'The case is not at the city report'),

  'filing-not-open': conflict('当月备案尚未开始', "The month's filing is not open"),
  'filing-completed': conflict('当月备案已完成', "The month's filing is completed"),
  'filing-empty': conflict('没有待备案的案件', 'No case waits for filing'),
  'filing-month-not-begun': conflict('该月份尚未开始', 'The month has not begun'),
  'cut-off-not-reached': conflict('尚未到备案截止时间', 'The cut-off has not been reached'),
  'reminder-not-due': conflict('尚未到提醒时间', 'It is too early for the reminder'),
  'cut-off-passed': conflict('已过备案截止时间', 'The cut-off has passed'),

  'city-report-not-prepared': conflict('市级备案报告尚未生成', 'The city report is not prepared'),
  'city-report-window-not-open': conflict('尚未到市级备案时间', 'The time for the city report has not begun'),
  'city-report-not-signed': conflict('市级备案报告尚未签发', 'The city report is not signed'),
  'case-not-reported': unprocessable('报告中无此案件', 'The report does not hold this case'),
  'correction-changes-nothing': unprocessable('更正与现有内容相同', 'The correction changes nothing'),
  'city-report-incomplete': conflict('尚有案件未完成全部环节', 'Some cases have not finished every step'),

  'workflow-not-needed': conflict('该事项已办结，无需流程', 'It is finished and needs no workflow'),
  'change-not-carried': conflict(
    '仍未能送达流程，请先排除故障再重试',
    'It still does not reach its workflow; mend the cause, then try again',
  ),

  'clock-is-real': conflict('本机使用真实时钟', 'This machine runs on the real clock'),
  'clock-runs-forward-only': conflict('时钟只能向前调整', 'The clock runs forward only'),
  'upload-signature-invalid': forbidden('上传链接无效', 'The upload link is not valid'),
  'upload-expired': forbidden('上传链接已过期', 'The upload link has expired'),
  'upload-type-mismatch': unprocessable('上传内容类型与申请不符', 'The upload is not of the promised type'),
  'upload-size-mismatch': unprocessable('上传内容大小与申请不符', 'The upload is not of the promised size'),
  'upload-hash-mismatch': unprocessable(
    '上传内容与申请的校验值不符',
    'The upload does not have the promised hash',
  ),
  'download-signature-invalid': forbidden('下载链接无效', 'The download link is not valid'),
  'download-expired': forbidden('下载链接已过期', 'The download link has expired'),
  'download-not-found': entry(404)('未找到', 'Not found'),
};
