import { sha256 } from './canonical.ts';

/**
 * The draw of one case for the spot check on site 实地抽查: the first 32 bits of SHA-256(`seed|caseNumber`) as a share of
 * 2^32. The seed is on record since the filing, so anyone can draw again.
 * @returns 0 up to 1.
 */
export const spotCheckDraw = (seed: string, caseNumber: string): number =>
  Number.parseInt(sha256(`${seed}|${caseNumber}`).slice(0, 8), 16) / 2 ** 32;
