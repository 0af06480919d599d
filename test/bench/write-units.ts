import { toBodyAttribute } from '../../shared/adapters/aws/attribute-values.ts';
import { recordBytes } from '../../shared/ports/record-size.ts';
import type { RecordStore, RecordWrite } from '../../shared/ports/record-store.ts';
import { openMonth } from '../../shared/use-cases/monthly/open-month.ts';
import { createVillageWorld } from '../support/village-world.ts';
import { transactionalWriteUnits } from './arithmetic.ts';
import { type Measured, rowOf } from './report.ts';

const goal = 1.25;
/** The least that any item costs in a transaction. */
const unitsPerItem = 2;

/** What a decision must change, by the keys of the items, and why. Whatever else it writes counts as not needed. */
const needed: readonly { readonly item: RegExp; readonly why: string }[] = [
  { item: /^STREAM#\S+ EVENT#/, why: 'the fact itself' },
  { item: /^STREAM#\S+ STATE$/, why: 'where the case stands now' },
  { item: /^STREAM#\S+ TASK#/, why: 'a step that is over, or one that opens' },
  { item: /^INBOX#/, why: 'leaves the inbox of one office, or enters that of the next' },
  { item: /^HOUSEHOLD#\S+ SEALED#/, why: 'the text, sealed apart from the chain' },
  { item: /^IDEMPOTENCY#/, why: 'the answer, for whoever sends the same again' },
  { item: /^NOTICES?#/, why: 'what the public reads' },
  { item: /^HOUSEHOLD#\S+ (META|OPEN-CASE)$/, why: 'the status of the household' },
  { item: /^(FILING|ANNOUNCED)#\S+ MEMBER#/, why: 'the case on the list of the month' },
  { item: /^(FILING|ANNOUNCED)#\S+ REGISTER$/, why: 'joining a month and closing it exclude each other' },
  { item: /^OPEN#/, why: 'nothing carries it on any more' },
];

const placeOf = ({ key }: RecordWrite): string => `${key.pk} ${key.sk}`;

export type Units = { readonly units: number; readonly items: number; readonly lines: readonly string[] };

/**
 * @returns the bytes that the item has in the table. A deletion is charged by the item that it deletes: a decision deletes
 * only inbox entries, which are far below a kilobyte.
 */
const itemBytes = (write: RecordWrite): number => {
  const empty = recordBytes({ ...write.key, body: {} });
  if (write.kind !== 'put') return empty;
  const deflated = toBodyAttribute(write.body).B;
  return deflated === undefined ? recordBytes({ ...write.key, body: write.body }) : empty + deflated.length;
};

/** @returns what a transaction costs, and of how many distinct items it had to change each. */
export const unitsOf = (writes: readonly RecordWrite[]): Units => {
  let units = 0;
  let items = 0;
  const lines: string[] = [];
  for (const write of writes) {
    const place = placeOf(write);
    const why = write.kind === 'check' ? undefined : needed.find(({ item }) => item.test(place))?.why;
    const bytes = itemBytes(write);
    const cost = transactionalWriteUnits(bytes);
    units += cost;
    items += why === undefined ? 0 : 1;
    lines.push(`${cost} for ${bytes} bytes: ${write.kind} ${place} (${why ?? 'not needed'})`);
  }
  return { units, items, lines };
};

/** @returns the step of a transaction in which a person decides one: it closes a task and remembers the answer. */
const decidedStep = (writes: readonly RecordWrite[]): string | undefined => {
  if (!writes.some(({ key }) => key.pk.startsWith('IDEMPOTENCY#'))) return undefined;
  for (const write of writes) {
    if (write.kind === 'put' && write.body['status'] === 'decided') return String(write.body['step']);
  }
  return undefined;
};

/** The write units of every human decision of the straight case, from what it really commits; the worst is the row. */
export const measureWriteUnits = async (): Promise<Measured> => {
  const decisions: { readonly step: string; readonly cost: Units }[] = [];
  const watching = (store: RecordStore): RecordStore => ({
    ...store,
    transact: async (writes) => {
      const result = await store.transact(writes);
      const step = decidedStep(writes);
      if (result.committed && step !== undefined) decisions.push({ step, cost: unitsOf(writes) });
      return result;
    },
  });
  const world = await createVillageWorld({ around: watching });
  const caseNumber = await world.open(1);
  await world.playTo(caseNumber, 'town-verification');
  // The month's documents are opened by its timer, so that no decision has to.
  await openMonth(world);
  await world.playTo(caseNumber, 'reported');
  world.close();
  const ratio = ({ units, items }: Units): number => units / (unitsPerItem * items);
  const ranked = decisions.toSorted((a, b) => ratio(b.cost) - ratio(a.cost));
  const [worst] = ranked;
  if (worst === undefined) throw new Error('nobody decided anything');
  const summary = ranked.map(
    ({ step, cost }) => `${step}: ${cost.units} units for ${cost.items} items = ${ratio(cost).toFixed(2)}`,
  );
  const name = 'write-units-vs-needed';
  return {
    row: rowOf({ name, value: ratio(worst.cost), unit: 'x', goal }),
    counted: [
      `all ${decisions.length} human decisions of a straight case, worst first:`,
      ...summary,
      `the items of the worst, ${worst.step}:`,
      ...worst.cost.lines,
    ],
  };
};
