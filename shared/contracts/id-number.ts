import * as z from 'zod/mini';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkDigits = '10X98765432';

/** @returns whether the check digit (GB 11643, ISO 7064 MOD 11-2) fits and the birth date in it exists. */
const isIdNumber = (value: string): boolean => {
  if (!/^\d{17}[\dX]$/.test(value)) return false;
  const sum = weights.reduce((total, weight, index) => total + weight * Number(value[index]), 0);
  const birthDate = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`;
  return value[17] === checkDigits[sum % 11] && z.iso.date().safeParse(birthDate).success;
};

/** 公民身份号码, eighteen characters. */
export const idNumber = z
  .string()
  .check(
    z.maxLength(18),
    z.refine(isIdNumber, { params: { code: 'id-number-invalid' } }),
    z.meta({ description: '公民身份号码，按 GB 11643 校验 (citizen identification number)' }),
  );
