import type { PersonalData } from '../../../shared/ledger/personal-data.ts';

/** A function reached for personal data that the manifest gives it no key for: a defect of the manifest. */
class NotBoundToKeys extends Error {
  override readonly name = 'NotBoundToKeys';
}

const refuse = async (): Promise<never> => {
  throw new NotBoundToKeys('the manifest binds this function to no keys');
};

/**
 * For functions that append to a case but never post a notice, the one projection that opens a name: they get no key,
 * and say so if they should ever need one, instead of being trusted with every household's.
 */
export const noPersonalData: PersonalData = {
  prepare: refuse,
  seal: refuse,
  box: refuse,
  unbox: refuse,
  open: refuse,
};
