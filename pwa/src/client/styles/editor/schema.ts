/** The contract of a style, as the server publishes it. */

import { readStyleSchema } from "../../http/styles";

/** As much of JSON Schema as the contract uses. */
export interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: (string | number)[];
  anyOf?: Schema[];
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
  pattern?: string;
}

let loaded: Schema | null = null;

/** Fetch the schema once; without it the server alone finds faults. */
export async function loadSchema(): Promise<void> {
  try {
    loaded ??= (await readStyleSchema()) as Schema;
  } catch (error) {
    console.warn("no schema of styles", error);
  }
}

/** Return the schema, null while it is not there. */
export function schema(): Schema | null {
  return loaded;
}

/** Return the part of a schema that a path leads to. */
export function schemaAt(root: Schema, path: readonly (string | number)[]): Schema | null {
  return path.reduce<Schema | null>((part, name) => {
    if (typeof name === "number") return part?.items ?? null;
    const open = part?.additionalProperties;
    return part?.properties?.[name] ?? (typeof open === "object" ? open : null);
  }, root);
}

/** Return every value that a schema lists, whichever way. */
export function listedValues(part: Schema): (string | number)[] {
  return [...(part.enum ?? []), ...(part.anyOf ?? []).flatMap(listedValues)];
}

/** Return the types that a schema takes, null apart. */
export function typesOf(part: Schema): string[] {
  const own = typeof part.type === "string" ? [part.type] : (part.type ?? []);
  const all = [...own, ...(part.anyOf ?? []).flatMap(typesOf)];
  return [...new Set(all)].filter((type) => type !== "null");
}
