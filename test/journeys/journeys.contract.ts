import { createHash } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uploadPhoto } from '../../local/demo/photo.ts';
import { ask, askFor, type World } from '../../local/demo/world.ts';
import { type OtherWays, playOtherWays } from '../support/three-households/other-ways.ts';
import { officesOf, reportCandidate, seeCase } from '../support/three-households/steps.ts';
import { type LedgerCheck, play, type Story, straight, tell } from '../support/three-households/story.ts';
import { expectedOthers, expectedStory } from './expected-story.ts';

/** An installation that begins on 5 September 2022 with the demo district and no case. */
export type Installation = { readonly world: World; stop(): Promise<void> };

const town = '/v1/filings/610302901';
const village = 'village-610302901201';
/** A household that the story leaves alone, in the same village. */
const bystander = { householdId: 'H-0004', group: '610302901201002' };

/** Each fact of a case with its Shanghai day and who stands behind it. */
const factsOf = ({ cases }: Story) =>
  cases.map(({ part, stage, round, timeline }) => ({
    part,
    stage,
    round,
    facts: timeline.map(({ at, type, by }) => `${at.slice(0, 10)} ${type} ${by}`),
  }));

type Problem = { readonly status: number; readonly code?: string };

/**
 * The journeys of the rehearsal and everything bad that a client can send, through HTTP alone: the same wherever the
 * house stands.
 * @param open starts one, with nothing played yet.
 * @param edge who answers a wrong token: the house itself, or the HTTP API before it, which knows no codes.
 */
export const describeJourneys = (
  where: string,
  open: () => Promise<Installation>,
  edge: 'house' | 'http-api',
): void => {
  describe(`three households and a rude client, ${where}`, () => {
    let installation: Installation;
    let world: World;
    let story: Story;
    let others: OtherWays;

    beforeAll(async () => {
      installation = await open();
      world = installation.world;
      story = await tell(world, await play(world));
      others = await playOtherWays(world);
    }, 600_000);
    afterAll(() => installation?.stop());

    const numberOf = (part: Story['cases'][number]['part']): string =>
      story.cases.find((one) => one.part === part)?.caseNumber ?? '';

    const send = async (path: string, init: RequestInit = {}): Promise<Problem> => {
      const response = await world.send(`${world.baseUrl}${path}`, init);
      const text = await response.text();
      const { code } = JSON.parse(text === '' ? '{}' : text) as { code?: string };
      return { status: response.status, ...(code === undefined ? {} : { code }) };
    };
    const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
    const posting = async (as: string, body: string | object, headers: Record<string, string> = {}) => ({
      method: 'POST',
      headers: {
        authorization: `Bearer ${await world.token(as)}`,
        'content-type': 'application/json',
        'idempotency-key': createHash('sha256').update(JSON.stringify(body)).digest('hex'),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const decision = (taskId: string) => `/v1/tasks/${taskId}/decision`;
    const visit = (evidence: readonly object[] = []) => ({
      step: 'home-visit',
      outcome: 'eligible',
      evidence,
      record: '再次入户',
    });

    test('every step is taken by its own people, on its day', () => {
      expect(factsOf(story)).toEqual(expectedStory);
    });

    test.each(Object.keys(expectedOthers) as (keyof OtherWays)[])(
      'a case that was %s does not get to the end',
      async (which) => {
        const seen = await seeCase(world, others[which], 'auditor-1');
        expect(seen).toMatchObject({ stage: 'closed', round: 2, tasks: [] });
        expect(seen.timeline.map(({ type, actor }) => `${type} ${actor.role ?? actor.system}`)).toEqual(
          expectedOthers[which],
        );
        expect(
          await askFor<LedgerCheck>(world, `/v1/audit/${others[which]}`, { as: 'auditor-1' }),
        ).toMatchObject({ verified: true, problems: [] });
      },
    );

    test('the ledger of every case and document verifies', () => {
      expect(story.ledger.verified).toBe(true);
      expect(story.ledger.streams.map(({ problems }) => problems.length)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    });

    test('each month holds the cases that were approved in time', async () => {
      const filed = async (month: string) =>
        (
          await askFor<{ filings: { caseNumbers: string[] }[] }>(world, `${town}/${month}`, {
            as: 'auditor-1',
          })
        ).filings.flatMap(({ caseNumbers }) => caseNumbers);
      expect(await filed('2022-09')).toEqual([numberOf('straight'), numberOf('contested')]);
      expect(await filed('2022-10')).toEqual([numberOf('late')]);
    });

    test('the city reports list what was announced in their month, and the household is released', async () => {
      const report = (month: string) => askFor(world, `/v1/city-reports/${month}`, { as: 'auditor-1' });
      expect(await report('2022-09')).toMatchObject({
        report: {
          signed: {
            households: 2,
            people: 7,
            overdue: false,
            cases: [{ caseNumber: numberOf('straight') }, { caseNumber: numberOf('contested') }],
          },
        },
      });
      expect(await report('2022-10')).toMatchObject({
        report: { signed: { households: 1, people: 5, cases: [{ caseNumber: numberOf('late') }] } },
      });
      const household = await askFor(world, `/v1/households/${straight.householdId}`, { as: 'bureau-1' });
      expect(household).toMatchObject({ status: 'released' });
    });

    test('a repeated request changes nothing and answers the same', async () => {
      const again = await reportCandidate(world, straight);
      expect(again).toBe(numberOf('straight'));
    });

    test('what lies in another village does not exist, exactly like what never was', async () => {
      const as = 'village-610302902201';
      const there = await ask(world, `/v1/release-cases/${numberOf('straight')}`, { as });
      const nowhere = await ask(world, '/v1/release-cases/R-610302-2022-999999', { as });
      const told = (answer: typeof there) => ({ ...(answer.json as object), instance: '' });
      expect(there.status).toBe(404);
      expect(told(there)).toEqual(told(nowhere));
    });

    test('an objection after the end names where else to report', async () => {
      const { timeline } = await seeCase(world, numberOf('straight'), 'auditor-1');
      const { noticeId } = timeline.find(({ type }) => type === 'notice-posted')?.data ?? {};
      const late = await ask(world, `/v1/notices/${noticeId}/objections`, {
        method: 'POST',
        key: 'too late',
        body: { ground: 'other', statement: '公示期后才知道。' },
      });
      expect(late).toMatchObject({
        status: 409,
        json: { code: 'objection-period-over', because: [expect.any(String), '12317'] },
      });
    });

    test('no token, a broken one and a foreign one open nothing', async () => {
      const { privateKey } = await generateKeyPair('RS256');
      const foreign = await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256', kid: 'local-1' })
        .setIssuer(world.baseUrl)
        .setAudience('shouxian')
        .setSubject('bureau-1')
        .setExpirationTime(4_070_908_800)
        .sign(privateKey);
      const unauthorised = (code: string) => (edge === 'house' ? { status: 401, code } : { status: 401 });
      expect(await send('/v1/tasks')).toEqual(unauthorised('token-missing'));
      expect(await send('/v1/tasks', bearing('no-token'))).toEqual(unauthorised('token-malformed'));
      expect(await send('/v1/tasks', bearing(foreign))).toEqual(unauthorised('token-rejected'));
      expect(await send('/v1/tasks', bearing(await world.token('stranger')))).toEqual({
        status: 403,
        code: 'person-not-registered',
      });
    });

    describe('with an open step before it', () => {
      let caseNumber = '';
      let factsBefore = 0;
      const facts = async () => (await seeCase(world, caseNumber, village)).timeline.length;

      beforeAll(async () => {
        caseNumber = await reportCandidate(world, bystander);
        factsBefore = await facts();
      });
      const refused = async (taskId: string, init: RequestInit, status: number, code: string) => {
        expect(await send(decision(taskId), init)).toEqual({ status, code });
        expect(await facts()).toBe(factsBefore);
      };
      const open = () => `${caseNumber}.r1.home-visit`;

      test.each([
        ['half of JSON', '{"step":', 400, 'json-malformed'],
        [
          'a name that reaches the prototype',
          '{"__proto__":{"step":"home-visit","outcome":"eligible"}}',
          400,
          'key-not-allowed',
        ],
        [
          'a repeated name',
          '{"step":"home-visit","outcome":"eligible","step":"appraisal","outcome":"passed"}',
          400,
          'key-not-allowed',
        ],
        ['an unknown field', JSON.stringify({ ...visit(), extra: 1 }), 422, 'request-invalid'],
        [
          'a zero-width character',
          JSON.stringify({ ...visit(), record: '入\u200b户' }),
          422,
          'request-invalid',
        ],
        [
          'text that turns around',
          JSON.stringify({ ...visit(), record: '\u202e户入' }),
          422,
          'request-invalid',
        ],
        ['a body too large', JSON.stringify({ record: 'a'.repeat(65 * 1024) }), 413, 'body-too-large'],
      ])('%s is refused and nothing is written', async (_what, body, status, code) => {
        await refused(open(), await posting(village, body), status, code);
      });

      test('a wrong content type is refused', async () => {
        const init = await posting(village, visit(), { 'content-type': 'text/plain' });
        await refused(open(), init, 415, 'content-type-not-supported');
      });

      test('evidence that was never uploaded, in another version, or with another hash is not taken', async () => {
        const photo = await uploadPhoto(world, village, caseNumber, 'real');
        const naming = async (ref: object) => posting(village, visit([ref]));
        const other = await uploadPhoto(world, village, caseNumber, 'other');
        const unknown = { ...photo, evidenceId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
        await refused(open(), await naming(unknown), 422, 'evidence-unknown');
        await refused(
          open(),
          await naming({ ...photo, versionId: other.versionId }),
          422,
          'evidence-not-present',
        );
        await refused(open(), await naming({ ...photo, sha256: 'f'.repeat(64) }), 422, 'evidence-altered');
      });

      test('a step that is decided, of an earlier round, or of somebody else is refused', async () => {
        const again = await posting(village, visit());
        await refused(`${numberOf('straight')}.r1.home-visit`, again, 409, 'task-not-open');
        await refused(open(), await posting(officesOf(bystander).town, visit()), 403, 'task-not-yours');
        await refused(open(), await posting('village-610302902201', visit()), 404, 'not-found');
        await refused(`${numberOf('contested')}.r1.home-visit`, again, 409, 'round-superseded');
      });
    });
  });
};
