import type { DatabaseSync } from 'node:sqlite';

/**
 * A mark that changes with everything that counts as getting on: a step of a workflow, a fact or another item of the
 * ledger, the clock. What a life only begins anew (a call that was under way, its token) is none of it.
 */
export const progressMark = (db: DatabaseSync): string =>
  JSON.stringify([
    db.prepare('SELECT count(*) AS steps FROM workflow_event').get(),
    db.prepare('SELECT count(*) AS items FROM items').get(),
    db.prepare("SELECT sum(rev) AS states FROM items WHERE sk = 'STATE'").get(),
    db.prepare('SELECT now FROM virtual_clock').get(),
  ]);
