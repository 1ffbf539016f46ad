/** Looks things up in the JSON Schema of a style. */

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
