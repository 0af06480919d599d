import type { PersonActor } from '../../domain/access/actor.ts';
import { authorise } from '../../domain/access/authorise.ts';
import type { Dependencies } from '../dependencies.ts';
import { accessRefusal } from '../outcome.ts';

/** Executions and dead letters are of the whole district. @returns why this person may not operate them, if so. */
export const operatingRefusal = (
  { house }: Pick<Dependencies, 'house'>,
  actor: PersonActor,
): ReturnType<typeof accessRefusal> =>
  accessRefusal(authorise(actor, 'executions:operate', { place: house.district }));
