/** What people call the facts of a case; the code stands behind it. */
const facts: Readonly<Record<string, string>> = {
  'release-case-opened': '上报拟解除',
  'release-round-started': '新一轮开始',
  'home-visit-recorded': '入户核实',
  'household-confirmed': '农户确认',
  'appraisal-passed': '民主评议通过',
  'notice-posted': '张贴公示',
  'objection-filed': '提出异议',
  'objection-investigated': '异议调查',
  'objection-dismissed': '异议不成立',
  'objection-upheld': '异议成立',
  'release-round-ended': '本轮结束',
  'next-round-decided': '决定重新开始',
  'release-case-closed': '结案，继续监测',
  'notice-passed': '公示期满',
  'town-verification-approved': '镇级核查通过',
  'unchanged-confirmed': '确认情况未变',
  'filed-with-district': '报区备案',
  'comparison-answered': '行业部门比对',
  'spot-check-drawn': '抽取抽查对象',
  'assessment-confirmed': '评估审定',
  'release-announced': '公告，风险消除',
  'leadership-filed': '领导小组备案',
  'national-system-marked': '系统标注',
  'reported-to-city': '报市备案',
  'step-escalated': '升级督办',
};

const actors: Readonly<Record<string, string>> = {
  'grid-leader': '网格长',
  'village-officer': '村级',
  'town-officer': '镇级',
  'department-officer': '行业部门',
  'joint-checker': '核查组',
  'bureau-officer': '乡村振兴局',
  household: '农户',
  public: '群众',
  'conclude-notice': '定时器',
  'record-filing': '定时器',
  'record-city-report': '定时器',
  'escalate-step': '定时器',
};

const stages: Readonly<Record<string, string>> = { reported: '已报市备案', closed: '已结案' };

/** Han characters take two columns of a terminal. */
const padded = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - [...text].reduce((sum, one) => sum + (one > '\u2e7f' ? 2 : 1), 0)));

export const factLabel = (type: string): string => `${padded(facts[type] ?? type, 16)}${type.padEnd(28)}`;
export const actorLabel = (by: string): string => `${padded(actors[by] ?? by, 12)}${by}`;
export const stageLabel = (stage: string): string => `${stages[stage] ?? stage} / ${stage}`;
