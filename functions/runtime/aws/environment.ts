/**
 * Reads a variable that the stack sets. Called while a function starts, so that one which is not bound to what it
 * needs fails at once and says what is missing.
 * @throws when it is absent or empty; only the name is told.
 */
export const requiredVariable = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is missing`);
  return value;
};
