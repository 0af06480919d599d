import { inboxesOf } from '../../domain/access/actor.ts';
import { inboxesConcerned } from '../../domain/access/escalation.ts';
import type { PersonId } from '../../domain/access/identifiers.ts';
import type { OpenTask } from '../../domain/access/open-task.ts';
import type { RecordKey, RecordStore, RecordWrite } from '../../ports/record-store.ts';
import type { PersonRecord } from './records.ts';

const partition = (inbox: string): string => `OFFICE#${inbox}`;
const holderKey = (inbox: string, personId: PersonId): RecordKey => ({ pk: partition(inbox), sk: personId });

const inboxesHeld = (personId: PersonId, held: PersonRecord | undefined): ReadonlySet<string> =>
  new Set(held === undefined ? [] : inboxesOf({ personId, ...held }));

/** @returns the inboxes that the person does not read any more. */
export const inboxesLeft = (
  personId: PersonId,
  before: PersonRecord | undefined,
  after: PersonRecord,
): readonly string[] => {
  const later = inboxesHeld(personId, after);
  return [...inboxesHeld(personId, before)].filter((inbox) => !later.has(inbox));
};

/** The writes by which an inbox knows who reads it: a handover 交接 shows in the transaction that makes it. */
export const holderWrites = (
  personId: PersonId,
  before: PersonRecord | undefined,
  after: PersonRecord,
): readonly RecordWrite[] => {
  const earlier = inboxesHeld(personId, before);
  const later = inboxesHeld(personId, after);
  return [
    ...[...later]
      .filter((inbox) => !earlier.has(inbox))
      .map(
        (inbox): RecordWrite => ({
          kind: 'put',
          key: holderKey(inbox, personId),
          body: {},
          expect: 'absent',
        }),
      ),
    ...inboxesLeft(personId, before, after).map(
      (inbox): RecordWrite => ({ kind: 'delete', key: holderKey(inbox, personId), expect: { rev: 1 } }),
    ),
  ];
};

/** @returns the inboxes that a step concerns, its own and those above, which nobody reads: vacant offices 岗位空缺. */
export const vacantInboxes = async (
  store: RecordStore,
  task: Pick<OpenTask, 'assignees'>,
): Promise<readonly string[]> => {
  const vacant: string[] = [];
  for (const inbox of inboxesConcerned(task)) {
    const { records } = await store.query({ pk: partition(inbox), limit: 1 });
    if (records.length === 0) vacant.push(inbox);
  }
  return vacant;
};
