import type { DistrictCode, PersonId } from '../../../shared/domain/access/identifiers.ts';
import type { House } from '../../../shared/use-cases/dependencies.ts';
import { requiredVariable } from './environment.ts';

const districtCode = (code: string): DistrictCode => {
  if (!/^\d{6}$/.test(code)) throw new Error('the environment variable DISTRICT is not a code of six digits');
  return code as DistrictCode;
};

/** The one district that this installation serves. */
export const house: House = {
  district: districtCode(requiredVariable('DISTRICT')),
  registrar: requiredVariable('REGISTRAR') as PersonId,
};
