/** What happened in a month, for whoever watches; the figures at the end come from the API alone. */
const counted = {
  requested: ['农户申请', 'requested'],
  reported: ['上报', 'reported'],
  noticed: ['公示', 'notices'],
  objected: ['异议', 'objections'],
  returned: ['退回', 'returned'],
  paused: ['暂停', 'paused'],
  withdrawn: ['撤回', 'withdrawn'],
  announced: ['公告', 'announced'],
  signed: ['签发报市', 'city reports signed'],
} as const;
type Counted = keyof typeof counted;

const outcomes: Readonly<Record<string, Counted>> = {
  'request-answer reported': 'reported',
  're-report report-again': 'reported',
  'notice-posting ': 'noticed',
  'town-verification returned': 'returned',
  'filing-confirmation returned': 'returned',
  'department-comparison not-implemented': 'returned',
  'spot-check failed': 'returned',
  'announcement announced': 'announced',
};

export type Tally = {
  count(what: Counted): void;
  decided(step: string, outcome: string): void;
  /** @returns a line on what was counted since the last one. */
  line(): string;
};

export const createTally = (): Tally => {
  let counts = new Map<Counted, number>();
  const count = (what: Counted): void => {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  return {
    count,
    decided(step, outcome) {
      const what = outcomes[`${step} ${outcome}`];
      if (what !== undefined) count(what);
    },
    line() {
      const named = (Object.keys(counted) as Counted[]).filter((what) => counts.has(what));
      const told = (language: 0 | 1) =>
        named
          .map((what) =>
            language === 0
              ? `${counted[what][0]}${counts.get(what)}`
              : `${counts.get(what)} ${counted[what][1]}`,
          )
          .join(language === 0 ? '，' : ', ');
      const line = named.length === 0 ? '无事 / quiet' : `${told(0)} / ${told(1)}`;
      counts = new Map();
      return line;
    },
  };
};
