import { Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { QueryLanguage, StateGraph } from 'aws-cdk-lib/aws-stepfunctions';
import type { FunctionNamed } from './fragments/function-task.ts';
import { type StateMachineName, stateMachines } from './state-machines.ts';

const logicalArn = 'arn:aws:lambda:logical:000000000000:function:';

/** Gives every deploy-time part its logical name: the partition is `aws`, a function's ARN its name in the manifest. */
const withLogicalNames = (value: unknown): unknown => {
  if (typeof value === 'string') return value.startsWith(logicalArn) ? value.slice(logicalArn.length) : value;
  if (Array.isArray(value)) return value.map(withLogicalNames);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'Fn::Join' && Array.isArray(only[1])) {
    const [separator, parts] = only[1] as [string, unknown[]];
    return parts.map(withLogicalNames).join(separator);
  }
  if (entries.length === 1 && only?.[0] === 'Ref' && only[1] === 'AWS::Partition') return 'aws';
  return Object.fromEntries(entries.map(([name, part]) => [name, withLogicalNames(part)]));
};

/**
 * One workflow as the document in Amazon States Language that both machines run, with the manifest's function names
 * in place of ARNs.
 */
export const aslDocument = (name: StateMachineName): unknown => {
  const stack = new Stack();
  const functionNamed: FunctionNamed = (functionName) =>
    LambdaFunction.fromFunctionArn(
      stack,
      `${functionName}-${stack.node.children.length}`,
      `${logicalArn}${functionName}`,
    );
  const graph = new StateGraph(stateMachines[name](stack, functionNamed).startState, name);
  // As the service stack's StateMachine adds it.
  const document = { ...graph.toGraphJson(QueryLanguage.JSONATA), QueryLanguage: QueryLanguage.JSONATA };
  return withLogicalNames(stack.resolve(document));
};

/** @returns the file's text: stable, so that a change of it is a change of the workflow. */
export const aslText = (name: StateMachineName): string => `${JSON.stringify(aslDocument(name), null, 2)}\n`;
