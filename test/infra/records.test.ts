import { describe, expect, test } from 'vitest';
import { ofType, only, plain, production, statementsOf, synthesise } from './templates.ts';

const { records } = await synthesise(production);
const { records: rehearsal } = await synthesise({ stage: 'rehearsal' });

const stored = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::SQS::Queue'];

describe('the ledger table', () => {
  const { Properties: table } = only(records, 'AWS::DynamoDB::Table');

  test('has two string keys and no capacity to run out of', () => {
    expect(table['KeySchema']).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(table['AttributeDefinitions']).toEqual([
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ]);
    expect(table['BillingMode']).toBe('PAY_PER_REQUEST');
    expect(table).not.toHaveProperty('GlobalSecondaryIndexes');
  });

  test('tells its stream the keys only', () => {
    expect(table['StreamSpecification']).toEqual({ StreamViewType: 'KEYS_ONLY' });
  });

  test('can be restored to any point in time, and not be deleted', () => {
    expect(table['PointInTimeRecoverySpecification']).toEqual({ PointInTimeRecoveryEnabled: true });
    expect(table['DeletionProtectionEnabled']).toBe(true);
  });

  test('is encrypted with a key of the customer', () => {
    expect(table['SSESpecification']).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
    expect(JSON.stringify(table['SSESpecification'])).toContain('StorageKey');
  });
});

describe('the keys', () => {
  test('are two, so that who reads storage opens no personal data, and both rotate', () => {
    const keys = ofType(records, 'AWS::KMS::Key');
    expect(keys.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).toSorted()).toEqual([
      'PersonalDataKey',
      'StorageKey',
    ]);
    for (const [, { Properties }] of keys) expect(Properties['EnableKeyRotation']).toBe(true);
  });
});

describe('the evidence bucket', () => {
  const { Properties: bucket } = only(records, 'AWS::S3::Bucket', 'EvidenceBucket');

  test('keeps every version, and none of them is ever deleted in production', () => {
    expect(bucket['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
    expect(JSON.stringify(bucket['LifecycleConfiguration'])).not.toMatch(/Expiration/);
    expect(JSON.stringify(bucket['LifecycleConfiguration'])).toMatch(/NoncurrentVersionTransitions/);
  });

  test('is encrypted with a key of the customer', () => {
    expect(JSON.stringify(bucket['BucketEncryption'])).toMatch(/StorageKey.*aws:kms/);
  });

  test('takes uploads from the pages of the console, with their checksum, and from nowhere else', () => {
    expect(bucket['CorsConfiguration']).toMatchObject({
      CorsRules: [
        {
          AllowedMethods: ['PUT'],
          AllowedOrigins: [production.origin],
          AllowedHeaders: expect.arrayContaining(['content-type', 'x-amz-*']),
        },
      ],
    });
  });
});

describe('every bucket', () => {
  test.each(ofType(records, 'AWS::S3::Bucket'))(
    '%s is closed to the public and owned by us',
    (id, { Properties }) => {
      expect(Properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(Properties['OwnershipControls']).toEqual({
        Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }],
      });
      const policies = ofType(records, 'AWS::S3::BucketPolicy').filter(
        ([, policy]) => plain(policy.Properties['Bucket']) === `<${id}>`,
      );
      expect(policies).toHaveLength(1);
      const denied = statementsOf(policies[0]?.[1].Properties['PolicyDocument']).find(
        ({ effect }) => effect === 'Deny',
      );
      expect(denied).toEqual({
        effect: 'Deny',
        actions: ['s3:*'],
        resources: [`<${id}.Arn>`, `<${id}.Arn>/*`],
        condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    },
  );
});

describe('what could not be delivered', () => {
  test.each(ofType(records, 'AWS::SQS::Queue'))(
    '%s waits two weeks for a person, encrypted',
    (id, { Properties }) => {
      expect(Properties).toMatchObject({
        MessageRetentionPeriod: 14 * 24 * 60 * 60,
        SqsManagedSseEnabled: true,
      });
      const policy = ofType(records, 'AWS::SQS::QueuePolicy').find(([, { Properties: given }]) =>
        JSON.stringify(given['Queues']).includes(`"${id}"`),
      );
      expect(statementsOf(policy?.[1].Properties['PolicyDocument'])).toMatchObject([
        { effect: 'Deny', condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ]);
    },
  );
});

describe('when a stack is deleted', () => {
  test.each(stored)('production keeps every %s', (type) => {
    const found = ofType(records, type);
    expect(found.length).toBeGreaterThan(0);
    for (const [, { DeletionPolicy }] of found) expect(DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test('an overwritten version of evidence is forgotten by a rehearsal, after it was moved', () => {
    const { Properties: bucket } = only(rehearsal, 'AWS::S3::Bucket', 'EvidenceBucket');
    expect(bucket['LifecycleConfiguration']).toMatchObject({
      Rules: expect.arrayContaining([
        expect.objectContaining({
          NoncurrentVersionExpiration: { NoncurrentDays: 60 },
          NoncurrentVersionTransitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 30 }],
        }),
      ]),
    });
  });

  test.each(stored)('a rehearsal leaves no %s behind', (type) => {
    for (const [, { DeletionPolicy }] of ofType(rehearsal, type)) expect(DeletionPolicy).toBe('Delete');
    expect(only(rehearsal, 'AWS::DynamoDB::Table').Properties['DeletionProtectionEnabled']).toBe(false);
  });
});

test('whoever deploys is told where the records are', () => {
  expect(Object.keys(records.Outputs)).toEqual(expect.arrayContaining(['RecordsTable', 'EvidenceBucket']));
});
