/** A template's parameters as fields of a form: what a JSON Schema (2020-12) says, in plain. */

/** As much of a schema as the server's own templates publish. */
export interface Schema {
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
  type?: string | readonly string[];
  title?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  const?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
}

export type Shape =
  /** One text. */
  | "text"
  | "number"
  | "integer"
  | "boolean"
  /** One of `options`. */
  | "choice"
  /** A list of numbers or texts; `item` says which. */
  | "list"
  /** A list of objects with `fields`. */
  | "rows"
  /** One object with `fields`. */
  | "object"
  /** Columns by name. */
  | "table"
  /** Whatever else: written as JSON. */
  | "json";

export interface Field {
  name: string;
  label: string;
  description: string;
  shape: Shape;
  required: boolean;
  /** Whether null is a value: a gap, or nothing. */
  nullable: boolean;
  default: unknown;
  options: readonly unknown[];
  fields: readonly Field[];
  item: "text" | "number" | "integer" | null;
  /** Bounds of a number. */
  least: number | null;
  greatest: number | null;
  /** Bounds of a list's length. */
  fewest: number;
  most: number | null;
  longest: number | null;
}

/** Return the fields of an object's schema, required ones first. */
export function fieldsOf(schema: Schema, root: Schema = schema): readonly Field[] {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(([name, member]) =>
    fieldOf(name, member, required.has(name), root),
  );
  return fields.sort((one, other) => Number(other.required) - Number(one.required));
}

function fieldOf(name: string, written: Schema, required: boolean, root: Schema): Field {
  const schema = resolved(written, root);
  const types = typesOf(schema);
  const items = schema.items && resolved(schema.items, root);
  const shape = shapeOf(schema, types, items);
  const inner = shape === "rows" ? items : shape === "object" ? schema : undefined;
  return {
    name,
    label: labelOf(name, written),
    description: schema.description ?? "",
    shape,
    required,
    nullable: [schema, items].some((one) => one && isNullable(one)),
    default: schema.default,
    options: (schema.enum ?? []).filter((option) => option !== null),
    fields: inner ? fieldsOf(inner, root) : [],
    item: shape === "list" && items ? (scalarOf(items) ?? null) : null,
    least: schema.minimum ?? schema.exclusiveMinimum ?? null,
    greatest: schema.maximum ?? schema.exclusiveMaximum ?? null,
    fewest: schema.minItems ?? 0,
    most: schema.maxItems ?? null,
    longest: schema.maxLength ?? null,
  };
}

/** Return a schema with what it refers to; what it says itself goes first. */
function resolved(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace("#/$defs/", "");
  const { $ref: _, ...own } = schema;
  const definition = name === undefined ? undefined : root.$defs?.[name];
  return definition ? { ...resolved(definition, root), ...own } : own;
}

function shapeOf(schema: Schema, types: readonly string[], items: Schema | undefined): Shape {
  if (schema.enum) return "choice";
  const columns = types.includes("object") && typeof schema.additionalProperties === "object";
  if (columns && typesOf(schema.additionalProperties as Schema).includes("array")) return "table";
  if (types.length !== 1) return "json";
  switch (types[0]) {
    case "array":
      return listShape(items);
    case "object":
      return schema.properties ? "object" : "json";
    case "boolean":
      return "boolean";
    default:
      return scalarOf(schema) ?? "json";
  }
}

function listShape(items: Schema | undefined): Shape {
  if (items?.properties) return "rows";
  return items && !items.enum && scalarOf(items) ? "list" : "json";
}

function scalarOf(schema: Schema): "text" | "number" | "integer" | undefined {
  const [type, ...others] = typesOf(schema);
  if (others.length > 0) return undefined;
  if (type === "string") return "text";
  return type === "number" || type === "integer" ? type : undefined;
}

function typesOf({ type = [] }: Schema): readonly string[] {
  return [type].flat().filter((name) => name !== "null");
}

function isNullable(schema: Schema): boolean {
  return [schema.type].flat().includes("null") || (schema.enum ?? []).includes(null);
}

/** `max_width` is "Max width", unless the parameter has a title of its own. */
function labelOf(name: string, schema: Schema): string {
  const words = schema.title ?? name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
