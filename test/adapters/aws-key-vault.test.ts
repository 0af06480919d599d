import {
  DecryptCommand,
  GenerateDataKeyCommand,
  InvalidCiphertextException,
  KMSClient,
} from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, test } from 'vitest';
import { createKmsKeyVault } from '../../shared/adapters/aws/kms-key-vault.ts';

const mock = mockClient(KMSClient);
afterEach(() => mock.reset());

const keyId = 'arn:aws-cn:kms:cn-north-1:000000000000:key/1';
const vault = createKmsKeyVault({ client: new KMSClient({ region: 'cn-north-1' }), keyId });
const scope = 'HOUSEHOLD#h-0001';

describe('data keys from KMS', () => {
  test('are made for one scope, and come with a wrapped form that is text', async () => {
    const Plaintext = new Uint8Array(32).fill(7);
    mock.on(GenerateDataKeyCommand).resolves({ Plaintext, CiphertextBlob: new Uint8Array([1, 2, 250]) });
    expect(await vault.createDataKey(scope)).toEqual({ plaintext: Plaintext, wrapped: 'AQL6' });
    expect(mock.commandCalls(GenerateDataKeyCommand)[0]?.args[0].input).toEqual({
      KeyId: keyId,
      KeySpec: 'AES_256',
      EncryptionContext: { scope },
    });
  });

  test('are opened for that scope, and by that customer key only', async () => {
    const Plaintext = new Uint8Array(32).fill(7);
    mock.on(DecryptCommand).resolves({ Plaintext });
    expect(await vault.openDataKey(scope, 'AQL6')).toEqual(Plaintext);
    const { CiphertextBlob, ...input } = mock.commandCalls(DecryptCommand)[0]?.args[0].input ?? {};
    expect([...(CiphertextBlob ?? [])]).toEqual([1, 2, 250]);
    expect(input).toEqual({ KeyId: keyId, EncryptionContext: { scope } });
  });

  test('moved to another scope do not open', async () => {
    const refused = new InvalidCiphertextException({ $metadata: {}, message: 'no' });
    mock.on(DecryptCommand).rejects(refused);
    await expect(vault.openDataKey('HOUSEHOLD#h-0002', 'AQL6')).rejects.toBe(refused);
  });

  test('an answer without a key is an error, never an empty key', async () => {
    mock.on(GenerateDataKeyCommand).resolves({}).on(DecryptCommand).resolves({});
    await expect(vault.createDataKey(scope)).rejects.toThrow('KMS');
    await expect(vault.openDataKey(scope, 'AQL6')).rejects.toThrow('KMS');
  });
});
