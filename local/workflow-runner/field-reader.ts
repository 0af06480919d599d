import type { Json, JsonObject } from '../../shared/ports/record-store.ts';
import { DefinitionRefused, type Template } from './definition.ts';
import { compileTemplate } from './template.ts';

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** One object of the document: reads its fields by type, and refuses what it was not told of. */
export type FieldReader = {
  readonly path: string;
  /** @throws DefinitionRefused naming the first field outside `known` */
  only(known: readonly string[]): void;
  has(field: string): boolean;
  /** Refuses anything but a literal `true`. */
  requireTrue(field: string): void;
  text(field: string): string;
  optionalText(field: string): string | undefined;
  /** A literal number within the bounds. */
  number(field: string, bounds: Bounds): number | undefined;
  /** @param location the field as Step Functions names it in errors, where it is not the field's own name */
  template(field: string, location?: string): Template | undefined;
  object(field: string): FieldReader;
  objects(field: string): readonly FieldReader[];
  texts(field: string): readonly string[];
  /** The raw entries of an object of named objects, such as `States`. */
  named(field: string): readonly (readonly [string, FieldReader])[];
  refuse(field: string, reason: string): never;
};

type Bounds = { readonly least: number; readonly most: number; readonly whole: boolean };

const child = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

export const readFields = (document: Json, path: string): FieldReader => {
  if (!isObject(document)) throw new DefinitionRefused(path === '' ? '$' : path, 'must be an object');
  const refuse = (field: string, reason: string): never => {
    throw new DefinitionRefused(child(path, field), reason);
  };
  const optionalText = (field: string): string | undefined => {
    const value = document[field];
    if (value === undefined) return undefined;
    return typeof value === 'string' && value !== '' ? value : refuse(field, 'must be a non-empty text');
  };
  const list = (field: string): readonly Json[] => {
    const value = document[field];
    if (!isList(value)) return refuse(field, 'must be a list');
    return value.length > 0 ? value : refuse(field, 'must not be empty');
  };
  const object = (field: string): FieldReader => readFields(document[field] ?? null, child(path, field));
  return {
    path,
    refuse,
    optionalText,
    object,
    only: (known) => {
      for (const field of Object.keys(document))
        if (!known.includes(field)) refuse(field, 'is not supported by the embedded workflow runner');
    },
    has: (field) => document[field] !== undefined,
    requireTrue: (field) => {
      if (document[field] !== true) refuse(field, 'must be true');
    },
    text: (field) => optionalText(field) ?? refuse(field, 'is missing'),
    number: (field, { least, most, whole }) => {
      const value = document[field];
      if (value === undefined) return undefined;
      if (typeof value !== 'number' || (whole && !Number.isInteger(value)) || value < least || value > most)
        return refuse(field, `must be ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`);
      return value;
    },
    template: (field, location = field) => {
      const value = document[field];
      return value === undefined ? undefined : compileTemplate(value, location, child(path, field));
    },
    objects: (field) => list(field).map((item, index) => readFields(item, `${child(path, field)}[${index}]`)),
    texts: (field) =>
      list(field).map((item) =>
        typeof item === 'string' && item !== '' ? item : refuse(field, 'must be a list of non-empty texts'),
      ),
    named: (field) => {
      const value = document[field];
      if (!isObject(value)) return refuse(field, 'must be an object');
      return Object.keys(value).map((name) => [name, object(field).object(name)] as const);
    },
  };
};
