import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import { contains, type DivisionCode } from '../../domain/access/identifiers.ts';
import { asJson } from '../../ledger/as-json.ts';
import { commit } from '../../ledger/commit.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal, type Outcome, refused } from '../outcome.ts';
import { type DivisionRecord, divisionKey, divisionListKey } from './records.ts';

/** Registers or renames a division of the district. Sending the same again changes nothing. */
export const putDivision = async (
  { store, backoff, clock, house }: Pick<Dependencies, 'store' | 'backoff' | 'clock' | 'house'>,
  actor: PersonActor,
  { code, name }: { readonly code: DivisionCode; readonly name: string },
): Promise<Outcome<{ readonly code: DivisionCode; readonly name: string }>> => {
  const hidden = accessRefusal(authorise(actor, 'register:write', { place: house.district }));
  if (hidden !== undefined) return hidden;
  if (!contains(house.district, code)) return refused('outside-district', { field: 'divisionCode' });
  return commit({ store, backoff }, async () => {
    const before = await store.get(divisionKey(code));
    const answer = { value: { code, name } };
    if (before?.body['name'] === name) return { writes: [], answer };
    const registeredAt = before === undefined ? clock.now() : String(before.body['registeredAt']);
    const body = asJson({ code, name, registeredAt } satisfies Record<keyof DivisionRecord, string>);
    const expect = before === undefined ? 'absent' : { rev: before.rev };
    return {
      writes: [
        { kind: 'put', key: divisionKey(code), body, expect },
        { kind: 'put', key: divisionListKey(house.district, code), body: { name }, expect },
      ],
      answer,
    };
  });
};
