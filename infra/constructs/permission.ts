import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

/** One thing that a role may do. */
export type Permission = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why resources are named by a pattern. Without a reason a pattern fails the synthesis. */
  readonly patternReason?: string;
};

/** A resolved ARN as the rule check writes it down: references in angle brackets, imports by name. */
const written = (part: unknown): string => {
  if (typeof part === 'string') return part;
  const [[name, value] = []] = Object.entries(part as Readonly<Record<string, unknown>>);
  switch (name) {
    case 'Fn::Join': {
      const [separator, parts] = value as [string, readonly unknown[]];
      return parts.map(written).join(separator);
    }
    case 'Fn::GetAtt':
      return `<${(value as readonly string[]).join('.')}>`;
    case 'Fn::ImportValue':
      return written(value);
    case 'Ref':
      return `<${written(value)}>`;
    default:
      throw new Error(`an ARN is built with ${name}, which has no written form`);
  }
};

/** Grants one permission to a role, and answers the rule check for the patterns in it. */
export const permit = (role: Role, { actions, resources, conditions, patternReason }: Permission): void => {
  role.addToPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions === undefined ? {} : { conditions }),
    }),
  );
  if (patternReason === undefined) return;
  for (const resource of resources) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${written(Stack.of(role).resolve(resource))}]`,
      reason: patternReason,
    });
  }
};

/**
 * The value of another stack, as it is imported. The library would put the same in its place, but only at the end of
 * the synthesis, when it is too late to write it down.
 */
export const imported = (from: Stack, value: string): string => String(from.exportValue(value));
