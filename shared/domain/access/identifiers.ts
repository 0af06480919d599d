/** Six digits: a district 区. */
export type DistrictCode = string & { readonly __brand: 'DistrictCode' };
/** Nine digits: a town 镇; the first six are its district. */
export type TownCode = string & { readonly __brand: 'TownCode' };
/** Twelve digits: a village 村; the first nine are its town. */
export type VillageCode = string & { readonly __brand: 'VillageCode' };
/** Fifteen digits: a natural group 组; the first twelve are its village. */
export type GroupCode = string & { readonly __brand: 'GroupCode' };

/** A division of any level: a shorter code contains every code that begins with it. */
export type DivisionCode = DistrictCode | TownCode | VillageCode | GroupCode;

/** An opaque id of a person's account (the token's subject). Never a name or an ID number. */
export type PersonId = string & { readonly __brand: 'PersonId' };
/** An opaque id of a household 户. Never derived from personal data. */
export type HouseholdId = string & { readonly __brand: 'HouseholdId' };
/** A department of the register, e.g. `medical-insurance` 医保局. */
export type DepartmentId = string & { readonly __brand: 'DepartmentId' };

export const districtOf = (code: DivisionCode): DistrictCode => code.slice(0, 6) as DistrictCode;
/** @returns the town that a town, village or group code lies in. */
export const townOf = (code: TownCode | VillageCode | GroupCode): TownCode => code.slice(0, 9) as TownCode;
/** @returns the village that a village or group code lies in. */
export const villageOf = (code: VillageCode | GroupCode): VillageCode => code.slice(0, 12) as VillageCode;

/** True when `inner` is `outer` or lies inside it. */
export const contains = (outer: DivisionCode, inner: DivisionCode): boolean => inner.startsWith(outer);
