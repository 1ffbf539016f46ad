import { draft, table } from "../../charts/current";
import type { Annotation } from "../../charts/draft";
import { faultsAt, faultsExactlyAt } from "../fields/faults_at";
import { SelectField, TextField } from "../fields/fields";
import { axisOfAnnotation, coordinate, ends, onAxis, valuesAlong } from "./annotation";
import { axisType } from "./options";
import { words } from "./words";

/** Values that are offered while a coordinate is typed. */
const OFFERED = 60;

interface PlaceProps {
  annotation: Annotation;
  path: string;
  onChange: (annotation: Annotation) => void;
}

/** Where an annotation stands, in values of the axes. */
export function Place(props: PlaceProps) {
  if (props.annotation.type === "text") return <Point {...props} />;
  return (
    <div class={props.annotation.type === "band" ? "refine-band" : "fields-2"}>
      <Along {...props} />
      {props.annotation.type === "band" ? <Ends {...props} /> : <Single {...props} />}
    </div>
  );
}

function Along({ annotation, onChange }: PlaceProps) {
  return (
    <SelectField
      label={words().along}
      value={axisOfAnnotation(annotation)}
      options={[
        ["x", words().axis.x],
        ["y", words().axis.y],
      ]}
      onChange={(axis) => onChange(onAxis(annotation, axis, draft.value, table.value))}
    />
  );
}

function Single({ annotation, path, onChange }: PlaceProps) {
  const axis = axisOfAnnotation(annotation);
  return (
    <At
      axis={axis}
      label={words().at}
      value={ends(annotation[axis])[0]}
      onInput={(value) => onChange({ ...annotation, [axis]: value })}
      faults={faultsAt(`${path}.${axis}`)}
    />
  );
}

function Ends({ annotation, path, onChange }: PlaceProps) {
  const axis = axisOfAnnotation(annotation);
  const [from, to] = ends(annotation[axis]);
  const at = `${path}.${axis}`;
  return (
    <>
      <At
        axis={axis}
        label={words().from}
        value={from}
        onInput={(value) => onChange({ ...annotation, [axis]: [value, to] })}
        faults={[...faultsExactlyAt(at), ...faultsAt(`${at}[0]`)]}
      />
      <At
        axis={axis}
        label={words().to}
        value={to}
        onInput={(value) => onChange({ ...annotation, [axis]: [from, value] })}
        faults={faultsAt(`${at}[1]`)}
      />
    </>
  );
}

function Point({ annotation, path, onChange }: PlaceProps) {
  return (
    <div class="fields-2">
      {(["x", "y"] as const).map((axis) => (
        <At
          key={axis}
          axis={axis}
          label={axis === "x" ? words().atX : words().atY}
          value={ends(annotation[axis])[0]}
          onInput={(value) => onChange({ ...annotation, [axis]: value })}
          faults={faultsAt(`${path}.${axis}`)}
        />
      ))}
    </div>
  );
}

interface AtProps {
  axis: "x" | "y";
  label: string;
  value: number | string;
  onInput: (value: number | string) => void;
  faults: readonly string[];
}

function At({ axis, label, value, onInput, faults }: AtProps) {
  const type = axisType(axis, draft.value, table.value);
  const known = type === "category" || type === "time" ? along(axis) : [];
  return (
    <TextField
      label={label}
      value={String(value)}
      offered={known}
      onInput={(text) => onInput(coordinate(text, type))}
      faults={faults}
    />
  );
}

function along(axis: "x" | "y"): readonly string[] {
  const values = valuesAlong(axis, draft.value, table.value).map(String);
  return [...new Set(values)].slice(0, OFFERED);
}
