import { describe, expect, test } from 'vitest';
import { departmentId } from '../../shared/contracts/codes.ts';
import { decision } from '../../shared/contracts/decision.ts';
import { householdFacts } from '../../shared/contracts/household-facts.ts';
import { officeCodeLength, officeRole } from '../../shared/contracts/person.ts';
import { stageName, stepName } from '../../shared/contracts/task.ts';
import { officeCodeLength as lengthInDomain, officeRoles } from '../../shared/domain/access/actor.ts';
import { policies, stepNames } from '../../shared/domain/calendar/policy.ts';
import { measureKinds } from '../../shared/domain/release/facts.ts';
import type { StageName } from '../../shared/domain/release/state.ts';

/** The contracts restate what the domain says, since a browser loads them alone. */
describe('contracts and domain speak of the same things', () => {
  test('offices, and in which divisions they are held', () => {
    expect(officeRole.options).toEqual(officeRoles);
    expect(officeCodeLength).toEqual(lengthInDomain);
  });

  test('steps, and a decision for each', () => {
    expect(stepName.options).toEqual(stepNames);
    // A step with several outcomes is a union of its own.
    const steps = new Set(
      decision.def.options.flatMap((option) => {
        const first = 'shape' in option ? option : option.def.options[0];
        return first.shape.step.def.values;
      }),
    );
    expect([...steps].toSorted()).toEqual(stepNames.toSorted());
  });

  test('stages', () => {
    const stages: readonly StageName[] = stageName.options;
    // A switch over every stage of the domain: one that the contract lacks does not compile.
    const named: Readonly<Record<StageName, (typeof stageName.options)[number]>> = stageName.def.entries;
    expect(Object.values(named)).toEqual(stages);
  });

  test('kinds of measures', () => {
    const { kind } = householdFacts.shape.measures.def.innerType.def.element.shape;
    expect(kind.options).toEqual(measureKinds);
  });

  test('every department that a policy asks can be registered', () => {
    const asked = policies.flatMap((policy) => policy.comparison.alwaysAsked);
    for (const department of asked) expect(departmentId.safeParse(department).success).toBe(true);
  });
});
