import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { KeyVault } from '../../ports/key-vault.ts';

/** AES-256 data keys wrapped by a customer key of KMS; the scope is bound as encryption context, which the trail shows. */
export const createKmsKeyVault = ({
  client,
  keyId,
}: {
  readonly client: KMSClient;
  /** ARN of the customer key. A key wrapped by any other is refused. */
  readonly keyId: string;
}): KeyVault => ({
  async createDataKey(scope) {
    const { Plaintext, CiphertextBlob } = await client.send(
      new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: { scope } }),
    );
    if (Plaintext === undefined || CiphertextBlob === undefined) throw new Error('KMS gave no data key');
    return { plaintext: Plaintext, wrapped: Buffer.from(CiphertextBlob).toString('base64') };
  },
  async openDataKey(scope, wrapped) {
    const { Plaintext } = await client.send(
      new DecryptCommand({
        KeyId: keyId,
        CiphertextBlob: Buffer.from(wrapped, 'base64'),
        EncryptionContext: { scope },
      }),
    );
    if (Plaintext === undefined) throw new Error('KMS opened nothing');
    return Plaintext;
  },
});
