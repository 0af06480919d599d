const surnames = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴'] as const;
const givenNames = ['秀英', '建国', '桂兰', '志强', '玉梅', '永福', '春燕', '德明', '小军', '丽华'] as const;

/** @returns an invented name, the same for the same number. */
export const inventedName = (serial: number): string =>
  `${surnames[serial % surnames.length] ?? ''}${givenNames[(serial * 7 + 3) % givenNames.length] ?? ''}`;

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** @returns an ID number with a right checksum (GB 11643) under the unassigned division code 610399. */
export const inventedIdNumber = (birth: string, serial: number): string => {
  const body = `610399${birth}${String(serial % 1000).padStart(3, '0')}`;
  const sum = [...body].reduce((total, digit, index) => total + Number(digit) * (weights[index] ?? 0), 0);
  return body + ('10X98765432'[sum % 11] ?? '');
};

/** How the members of a household stand to its head, in the order in which they are listed. */
export const inventedRelations = ['户主', '配偶', '子女', '子女', '父母', '父母'] as const;
