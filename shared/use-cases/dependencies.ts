import type { DistrictCode, PersonId } from '../domain/access/identifiers.ts';
import type { PersonalData } from '../ledger/personal-data.ts';
import type { Backoff } from '../ports/backoff.ts';
import type { Clock } from '../ports/clock.ts';
import type { EvidenceVault } from '../ports/evidence-vault.ts';
import type { Ids } from '../ports/ids.ts';
import type { RecordStore } from '../ports/record-store.ts';
import type { WorkflowExecutions } from '../ports/workflow-executions.ts';
import type { WorkflowSignals } from '../ports/workflow-signals.ts';

/** Everything that the use cases need from outside; each names the part that it takes. */
export type Dependencies = {
  readonly store: RecordStore;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly personalData: PersonalData;
  readonly vault: EvidenceVault;
  readonly signals: WorkflowSignals;
  readonly executions: WorkflowExecutions;
  readonly house: House;
};

/** The one district that this installation serves. */
export type House = {
  readonly district: DistrictCode;
  /** The account that fills the registers, as the bureau would, until it has an entry there itself: then that one counts. */
  readonly registrar: PersonId;
};
