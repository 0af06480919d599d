import type { OtherWays } from '../support/three-households/other-ways.ts';

const reported = (day: string) => [`${day} reported-to-city record-city-report`];
const villageSteps = (day: string) => [
  `${day} home-visit-recorded village-officer`,
  `${day} household-confirmed household`,
  `${day} appraisal-passed village-officer`,
  `${day} notice-posted village-officer`,
];
const districtSteps = (day: string) => [
  ...Array.from({ length: 8 }, () => `${day} comparison-answered department-officer`),
  `${day} spot-check-drawn department-officer`,
  `${day} assessment-confirmed joint-checker`,
  `${day} release-announced bureau-officer`,
  `${day} leadership-filed bureau-officer`,
  `${day} national-system-marked bureau-officer`,
];
const opened = (day: string) => [
  `${day} release-case-opened grid-leader`,
  `${day} release-round-started grid-leader`,
];

/** What becomes of the three households, day by day: by the source and the calendar, wherever it is played. */
export const expectedStory = [
  {
    part: 'straight',
    stage: 'reported',
    round: 1,
    facts: [
      ...opened('2022-09-05'),
      ...villageSteps('2022-09-05'),
      // The fifth day is a Saturday and Mid-Autumn: until 24:00 of the 13th.
      '2022-09-14 notice-passed conclude-notice',
      '2022-09-14 town-verification-approved town-officer',
      '2022-09-26 filed-with-district record-filing',
      ...districtSteps('2022-09-26'),
      ...reported('2022-10-06'),
    ],
  },
  {
    part: 'contested',
    stage: 'reported',
    round: 2,
    facts: [
      ...opened('2022-09-05'),
      ...villageSteps('2022-09-05'),
      '2022-09-08 objection-filed public',
      '2022-09-09 objection-investigated village-officer',
      '2022-09-09 objection-upheld town-officer',
      '2022-09-09 release-round-ended town-officer',
      '2022-09-13 next-round-decided village-officer',
      '2022-09-13 release-round-started village-officer',
      ...villageSteps('2022-09-14'),
      '2022-09-20 notice-passed conclude-notice',
      '2022-09-21 town-verification-approved town-officer',
      '2022-09-26 filed-with-district record-filing',
      ...districtSteps('2022-09-27'),
      ...reported('2022-10-06'),
    ],
  },
  {
    part: 'late',
    stage: 'reported',
    round: 1,
    facts: [
      ...opened('2022-09-14'),
      ...villageSteps('2022-09-14'),
      '2022-09-20 notice-passed conclude-notice',
      '2022-09-26 step-reminded escalate-step',
      '2022-09-26 town-verification-approved town-officer',
      '2022-10-03 unchanged-confirmed town-officer',
      '2022-10-26 filed-with-district record-filing',
      ...districtSteps('2022-10-26'),
      ...reported('2022-11-06'),
    ],
  },
];

const upToNotice = [
  'home-visit-recorded village-officer',
  'household-confirmed household',
  'appraisal-passed village-officer',
  'notice-posted village-officer',
];

/** What becomes of those who do not get to the end. */
export const expectedOthers: Readonly<Record<keyof OtherWays, readonly string[]>> = {
  asked: [
    'release-case-opened household',
    'release-requested household',
    'request-taken-up grid-leader',
    'release-round-started grid-leader',
    ...upToNotice,
    'notice-passed conclude-notice',
    'case-returned town-officer',
    'release-round-ended town-officer',
    'help-adjusted village-officer',
    're-report-opened village-officer',
    'candidate-reported-again grid-leader',
    'release-round-started grid-leader',
    'case-withdrawn household',
    'release-round-ended household',
    'release-case-closed household',
  ],
  paused: [
    'release-case-opened grid-leader',
    'release-round-started grid-leader',
    ...upToNotice,
    'case-paused village-officer',
    'release-round-ended village-officer',
    'next-round-decided village-officer',
    'release-round-started village-officer',
    'candidate-not-eligible village-officer',
    'release-round-ended village-officer',
    'release-case-closed village-officer',
  ],
};
