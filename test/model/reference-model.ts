/**
 * The release of a household in the plainest words, for the domain to be held against: which gates were passed in the
 * running round, what is open and whose it is, which round it is, released or not. It shares no code with the domain,
 * and knows no due dates: those it is told, and it asks only that there are some.
 */
export type Hold = { readonly owners: readonly string[]; readonly notBefore?: string };

export type ModelPerson = { readonly id: string; readonly offices: readonly string[]; readonly own?: number };

export type ModelCase = {
  readonly slot: number;
  phase: 'asked' | 'running' | 'between' | 'over';
  released: boolean;
  round: number;
  readonly gates: Set<string>;
  readonly holds: Map<string, Hold>;
  waitsFor?: 'notice' | 'filing' | 'city-report' | undefined;
  noticeEndsAt: string;
  filingMonth: string;
  /** The month that holds the case already: nothing is filed twice in it. */
  filedIn: string;
  announcedIn: string;
  readonly objections: Map<string, 'filed' | 'investigated' | 'decided'>;
  draw: number;
  sampled: boolean;
  saidNo: boolean;
  readonly failing: Set<string>;
  /** Every measure that ever failed: when, and since when it is in place again. */
  readonly failed: Map<string, { on: string; since?: string }>;
  readonly deciders: Map<string, string>;
};

export const measures: Readonly<Record<string, string>> = {
  'm-1': 'agriculture',
  'm-2': 'human-resources',
  'm-3': 'medical-insurance',
};
export const departments = [
  'agriculture',
  'civil-affairs',
  'disabled-persons-federation',
  'health',
  'housing',
  'human-resources',
  'medical-insurance',
  'public-security',
];
export const everyGate: readonly string[] = [
  'visit',
  'confirmation',
  'appraisal',
  'posting',
  'notice',
  'town',
  'filing',
  ...departments.map((department) => `department ${department}`),
  'assessment',
  'announcement',
];

const levels: Readonly<Record<string, string>> = {
  household: 'household',
  group: 'group',
  village: 'village',
  town: 'town',
  checker: 'district',
  bureau: 'district',
};
export const levelOf = (office: string): string => levels[office] ?? 'district';

/** Shanghai keeps no summer time. */
export const dayOf = (now: string): string =>
  new Date(Date.parse(now) + 8 * 3_600_000).toISOString().slice(0, 10);
export const startOf = (day: string): string => new Date(Date.parse(`${day}T00:00:00+08:00`)).toISOString();
export const monthAfter = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
};
/** The same day of the sixth month after, or that month's last. */
export const halfAYearAfter = (day: string): string => {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + 6, 0)).getUTCDate();
  return new Date(Date.UTC(year, month + 5, Math.min(date, lastOfMonth))).toISOString().slice(0, 10);
};

const openCase = (slot: number): ModelCase => ({
  slot,
  phase: 'asked',
  released: false,
  round: 1,
  gates: new Set(),
  holds: new Map(),
  noticeEndsAt: '',
  filingMonth: '',
  filedIn: '',
  announcedIn: '',
  objections: new Map(),
  draw: 0,
  sampled: false,
  saidNo: false,
  failing: new Set(),
  failed: new Map(),
  deciders: new Map(),
});
const only = (c: ModelCase, step: string, ...owners: readonly string[]): void => {
  c.holds.clear();
  c.holds.set(step, { owners });
};

export const startRound = (c: ModelCase, round: number): void => {
  c.phase = 'running';
  c.round = round;
  c.gates.clear();
  c.objections.clear();
  c.failing.clear();
  c.saidNo = false;
  c.waitsFor = undefined;
  only(c, 'home-visit', 'village');
};
export const asked = (slot: number): ModelCase => {
  const c = openCase(slot);
  only(c, 'request-answer', 'group');
  return c;
};
export const reported = (slot: number): ModelCase => {
  const c = openCase(slot);
  startRound(c, 1);
  return c;
};
export const isOver = (c: ModelCase): void => {
  c.phase = 'over';
  c.waitsFor = undefined;
  c.holds.clear();
};
export const stops = (c: ModelCase, followUp: string): void => {
  c.phase = 'between';
  c.waitsFor = undefined;
  only(c, followUp, 'village');
};
const sentBack = (c: ModelCase, failed: Iterable<string>, today: string): void => {
  stops(c, 'adjustment');
  for (const measure of failed) {
    c.failed.set(measure, { on: today });
    const department = measures[measure] ?? '';
    c.holds.set(`measure-adjustment.${department}`, { owners: [department] });
  }
};
const mayReportAgain = (c: ModelCase, now: string): void => {
  c.holds.clear();
  const [latest = ''] = [...c.failed.values()]
    .flatMap(({ since }) => since ?? [])
    .toSorted()
    .toReversed();
  const notBefore = latest === '' ? '' : startOf(halfAYearAfter(latest));
  c.holds.set('re-report', { owners: ['group'], ...(notBefore > now ? { notBefore } : {}) });
};
const filedLater = (c: ModelCase, today: string): void => {
  const month = today.slice(0, 7);
  const open = Number(today.slice(8)) > 25 ? monthAfter(month) : month;
  c.filingMonth = open === c.filedIn ? monthAfter(open) : open;
  c.holds.clear();
  if (c.filingMonth === month) {
    c.waitsFor = 'filing';
    return;
  }
  const notBefore = startOf(`${c.filingMonth}-01`);
  c.holds.set(`filing-confirmation.${c.filingMonth}`, { owners: ['town'], notBefore });
};
const compared = (
  c: ModelCase,
  department: string,
  no: boolean,
  failed: readonly string[],
  now: string,
  rate: number,
) => {
  c.holds.delete(`department-comparison.${department}`);
  if (no) c.saidNo = true;
  else c.gates.add(`department ${department}`);
  for (const measure of failed) c.failing.add(measure);
  if (c.holds.size > 0) return;
  if (c.saidNo) sentBack(c, c.failing, dayOf(now));
  else {
    only(c, 'spot-check', 'checker');
    c.sampled = c.draw < rate;
  }
};

export type Said = { readonly now: string; readonly failed: readonly string[]; readonly rate: number };

/** What an answer leads to that was taken. `id` is the step, and after a dot its department, objection or month. */
export const settle = (c: ModelCase, id: string, outcome: string, { now, failed, rate }: Said): void => {
  const [step = '', part = ''] = id.split('.');
  const passes = (gate: string, next: string, ...owners: readonly string[]): void => {
    c.gates.add(gate);
    only(c, next, ...owners);
  };
  switch (`${step} ${outcome}`) {
    case 'request-answer reported':
      startRound(c, 1);
      return;
    case 'home-visit eligible':
      passes('visit', 'household-confirmation', 'household', 'village');
      return;
    case 'household-confirmation confirmed':
      passes('confirmation', 'appraisal', 'village');
      return;
    case 'appraisal passed':
      passes('appraisal', 'notice-posting', 'village');
      return;
    case 'notice-posting posted':
      c.gates.add('posting');
      c.holds.clear();
      c.waitsFor = 'notice';
      return;
    case 'objection-investigation investigated':
      c.objections.set(part, 'investigated');
      c.holds.delete(id);
      c.holds.set(`objection-decision.${part}`, { owners: ['town'] });
      return;
    case 'objection-decision dismissed':
      c.objections.set(part, 'decided');
      c.holds.delete(id);
      return;
    case 'objection-decision upheld':
      stops(c, 'objection-follow-up');
      return;
    case 'objection-follow-up start-next-round':
    case 'pause-follow-up restart-at-visit':
    case 're-report report-again':
      startRound(c, c.round + 1);
      return;
    case 'town-verification approved':
    case 'filing-confirmation unchanged':
      if (step === 'town-verification') c.gates.add('town');
      filedLater(c, dayOf(now));
      return;
    case 'department-comparison implemented':
    case 'department-comparison not-implemented':
      compared(c, part, outcome === 'not-implemented', failed, now, rate);
      return;
    case 'spot-check confirmed':
      passes('assessment', 'announcement', 'bureau');
      return;
    case 'town-verification returned':
    case 'filing-confirmation returned':
    case 'spot-check failed':
    case 'announcement returned':
      sentBack(c, failed, dayOf(now));
      return;
    case 'announcement announced':
      c.released = true;
      c.announcedIn = dayOf(now).slice(0, 7);
      passes('announcement', 'leadership-filing', 'bureau');
      return;
    case 'leadership-filing filed':
      only(c, 'system-marking', 'bureau');
      return;
    case 'system-marking marked':
      c.holds.clear();
      c.waitsFor = 'city-report';
      return;
    case 'adjustment adjusted':
    case 'measure-adjustment adjusted':
      for (const [measure, failure] of c.failed) if (measures[measure] === part) failure.since ??= dayOf(now);
      c.holds.delete(id);
      if (c.holds.size === 0) mayReportAgain(c, now);
      return;
    default:
      // Declined, not eligible, refused, not passed, closed by a follow-up or instead of another report.
      isOver(c);
  }
};

/** In which office the person may answer; the household's own members answer for it. */
export const officeIn = (
  { slot }: Pick<ModelCase, 'slot'>,
  { owners }: Hold,
  person: ModelPerson,
): string | undefined =>
  owners.find((owner) => (owner === 'household' ? person.own === slot : person.offices.includes(owner)));

export const undecided = ({ objections }: ModelCase): boolean =>
  [...objections.values()].some((status) => status !== 'decided');

/** What must be said to an answer by this person: the code of the refusal, or `taken`. */
export const verdict = (
  c: ModelCase,
  id: string,
  person: ModelPerson,
  {
    outcome,
    now,
    verified,
    evidence,
  }: {
    readonly outcome: string;
    readonly now: string;
    /** Since when each measure stands in the household's facts. */
    readonly verified: ReadonlyMap<string, string>;
    readonly evidence: boolean;
  },
): string => {
  const hold = c.holds.get(id);
  if (hold === undefined) return 'task-not-open';
  const office = officeIn(c, hold, person);
  if (office === undefined) return 'task-not-yours';
  if (hold.notBefore !== undefined && now < hold.notBefore && `${id} ${outcome}` !== 're-report close-case')
    return 'too-early';
  if (office !== 'household' && person.own === c.slot) return 'own-household';
  const decidedAt = c.deciders.get(person.id);
  if (decidedAt !== undefined && decidedAt !== levelOf(office)) return 'two-levels';
  if (id === 'household-confirmation' && office === 'village' && !evidence) return 'evidence-required';
  if (`${id} ${outcome}` === 'spot-check confirmed' && c.sampled && !evidence) return 'evidence-required';
  const standing = [...c.failed].every(([measure, { on }]) => {
    const since = verified.get(measure) ?? '';
    return since >= on && halfAYearAfter(since) <= dayOf(now);
  });
  if (`${id} ${outcome}` === 're-report report-again' && !standing) return 'release-standards-not-met';
  return 'taken';
};
