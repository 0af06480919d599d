import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { concernsWorkflows } from '../../shared/use-cases/workflow/relay-change.ts';
import { only, production, synthesise } from './templates.ts';

const { service } = await synthesise({ ...production, alarmEmail: 'operator@example.gov.cn' });

const prefixes = z.array(z.object({ prefix: z.string() }));
const pattern = z.object({
  dynamodb: z.object({ Keys: z.object({ pk: z.object({ S: prefixes }), sk: z.object({ S: prefixes }) }) }),
});
const filter = z
  .object({ FilterCriteria: z.object({ Filters: z.tuple([z.object({ Pattern: z.string() })]) }) })
  .transform(
    ({ FilterCriteria }) => pattern.parse(JSON.parse(FilterCriteria.Filters[0].Pattern)).dynamodb.Keys,
  )
  .parse(only(service, 'AWS::Lambda::EventSourceMapping').Properties);

const begins = (text: string, { S }: { readonly S: z.infer<typeof prefixes> }): boolean =>
  S.some(({ prefix }) => text.startsWith(prefix));

const partition = fc.constantFrom('STREAM#R-610302-2022-000001', 'INBOX#610302', 'PERSON#p1', 'STREAM');
const sortKey = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('EVENT', 'TASK', 'CALLBACK', 'STATE', 'EXECUTION', 'SECRET'),
      fc.constantFrom('#000001#release-round-started', '#000002#objection-upheld', '#t1', ''),
    )
    .map((parts) => parts.join('')),
  fc.string(),
);

test('the filter of the stream lets through whatever the relay would act on', () => {
  fc.assert(
    fc.property(partition, sortKey, (pk, sk) => {
      if (concernsWorkflows({ pk, sk })) expect(begins(pk, filter.pk) && begins(sk, filter.sk)).toBe(true);
    }),
  );
});

test('and keeps the state of a case, inboxes and registers from waking anybody', () => {
  const kept = [
    { pk: 'STREAM#R-610302-2022-000001', sk: 'STATE' },
    { pk: 'INBOX#610302', sk: 'TASK#t1' },
  ];
  for (const { pk, sk } of kept) expect(begins(pk, filter.pk) && begins(sk, filter.sk)).toBe(false);
});

test('alarms reach the mail address that the stage names', () => {
  expect(only(service, 'AWS::SNS::Subscription').Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'operator@example.gov.cn',
  });
});
