/** The version of the API and of the house, as `package.json` has it. */
export const apiVersion = '0.1.0';
