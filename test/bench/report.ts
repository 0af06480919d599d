/** One measured row. A goal that is `null` is none: the row is for the record. */
export type Row = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
  readonly better: 'lower' | 'higher';
  readonly holds: boolean;
};

/** A row with what it was counted from, for whoever reads the table. */
export type Measured = { readonly row: Row; readonly counted: readonly string[] };

const digits = 4;

/** @returns the row; it holds when there is no goal or the value is on the better side of it. */
export const rowOf = ({
  name,
  value,
  unit,
  goal,
  better = 'lower',
}: Pick<Row, 'name' | 'value' | 'unit' | 'goal'> & Partial<Pick<Row, 'better'>>): Row => ({
  name,
  // Rounded once, before it is judged: what is printed is what was judged.
  value: Number(value.toPrecision(digits)),
  unit,
  goal,
  better,
  holds: goal === null || (better === 'lower' ? Number(value.toPrecision(digits)) <= goal : value >= goal),
});

const columns = (cells: readonly string[]): string =>
  [24, 10, 22, 8].map((width, index) => (cells[index] ?? '').padEnd(width)).join('') + (cells[4] ?? '');

/** @returns the table, and below it what each row was counted from. */
export const tableOf = (measured: readonly Measured[]): string => {
  const lines = measured.map(({ row }) =>
    columns([
      row.name,
      String(row.value),
      row.unit,
      row.goal === null ? '-' : `${row.better === 'lower' ? '<=' : '>='} ${row.goal}`,
      row.holds ? 'holds' : 'does not hold',
    ]),
  );
  const lists = measured.flatMap(({ row, counted }) =>
    counted.length === 0 ? [] : ['', `${row.name}:`, ...counted.map((line) => `  ${line}`)],
  );
  return [columns(['row', 'value', 'unit', 'goal', '']), ...lines, ...lists].join('\n');
};
