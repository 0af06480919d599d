import { KMSClient } from '@aws-sdk/client-kms';
import { createKmsKeyVault } from '../../../shared/adapters/aws/kms-key-vault.ts';
import { createPersonalData, type PersonalData } from '../../../shared/ledger/personal-data.ts';
import { clientSettings } from './client-settings.ts';
import { requiredVariable } from './environment.ts';
import { store } from './records.ts';

/** Seals and opens what names people; the keys are wrapped by the customer key. */
export const personalData: PersonalData = createPersonalData(
  store,
  createKmsKeyVault({
    client: new KMSClient(clientSettings),
    keyId: requiredVariable('PERSONAL_DATA_KEY'),
  }),
);
