import { demoHouseholds } from '../../local/seed/demo-district.ts';
import type { Answer, Evidence, House } from './house.ts';

/** The people around the demo household `H-0001`, and strangers from the other town. */
export const people = {
  leader: 'leader-610302901201001',
  village: 'village-610302901201',
  town: 'town-610302901',
  home: 'home-H-0001',
  bureau: 'bureau-1',
  auditor: 'auditor-1',
  operator: 'operator-1',
  otherVillage: 'village-610302902201',
  otherTown: 'town-610302902',
} as const;

let keys = 0;
/** A key that no request had before. */
export const freshKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};

const expectStatus = (answer: Answer, status: number): Answer => {
  if (answer.status !== status) throw new Error(`${answer.status}: ${answer.text}`);
  return answer;
};

/** @returns the number of the case that the grid leader of the household's group opens. */
export const openCase = async (house: House, householdId = 'H-0001'): Promise<string> => {
  const group = demoHouseholds.find((household) => household.householdId === householdId)?.group;
  const answer = await house.send('POST', '/v1/release-cases', {
    as: `leader-${group}`,
    key: freshKey(),
    body: { householdId },
  });
  return String(expectStatus(answer, 201).body['caseNumber']);
};

export const decide = async (house: House, as: string, taskId: string, body: object): Promise<Answer> =>
  house.send('POST', `/v1/tasks/${taskId}/decision`, { as, key: freshKey(), body });

/** A case in which the notice hangs out: visited, confirmed, appraised, posted. */
export type NoticedCase = {
  readonly caseNumber: string;
  readonly noticeId: string;
  readonly photo: Evidence;
};

export const caseAtNotice = async (house: House, householdId = 'H-0001'): Promise<NoticedCase> => {
  const caseNumber = await openCase(house, householdId);
  const photo = await house.upload(people.village, caseNumber, `照片 ${caseNumber}`);
  const answered = async (as: string, step: string, body: object): Promise<void> => {
    expectStatus(await decide(house, as, `${caseNumber}.r1.${step}`, { step, ...body }), 200);
  };
  await answered(people.village, 'home-visit', {
    outcome: 'eligible',
    evidence: [photo],
    record: '入户核实,收入稳定。',
  });
  await answered(`home-${householdId}`, 'household-confirmation', { outcome: 'confirmed', evidence: [] });
  await answered(people.village, 'appraisal', {
    outcome: 'passed',
    heldOn: '2022-09-05',
    attendance: { eligible: 60, present: 45 },
    votes: { inFavour: 40, against: 3, abstained: 2 },
    minutes: [photo],
  });
  await answered(people.village, 'notice-posting', { photo });
  const shown = await house.send('GET', `/v1/release-cases/${caseNumber}`, { as: people.village });
  const { noticeId } = expectStatus(shown, 200).body['standing'] as { readonly noticeId?: string };
  if (noticeId === undefined) throw new Error('no notice hangs out');
  return { caseNumber, noticeId, photo };
};
