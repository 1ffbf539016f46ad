/** The words and the axes of the chart in work: what most need at once, the rest folded. */

import { draft } from "../../charts/current";
import { faultsAt } from "../fields/faults_at";
import { TextField } from "../fields/fields";
import { AlternativeText } from "./alternative";
import { Annotations } from "./annotations";
import { AxisDetails, AxisLabel, Faults } from "./axis";
import { refine } from "./change";
import { KindOptions, LegendFields } from "./drawing";
import { optionsOf } from "./options";
import { words } from "./words";
import "./refine.css";

await words.load();

/** The section between the columns and the export. */
export function Refine() {
  return draft.value.template ? <AlternativeText /> : <Drawn />;
}

function Drawn() {
  const can = optionsOf(draft.value);
  const { refinement } = draft.value;
  return (
    <div class="fields refine">
      {(["title", "subtitle"] as const).map((name) => (
        <TextField
          key={name}
          label={words()[name]}
          value={refinement[name] ?? ""}
          onInput={(text) => refine(name, text)}
          faults={faultsAt(name)}
        />
      ))}
      {can.labels && can.axes.length > 0 && (
        <div class="refine-labels">
          {can.axes.map((name) => (
            <AxisLabel key={name} name={name} />
          ))}
        </div>
      )}
      <KindOptions />
      {can.legend && <LegendFields />}
      {(can.annotations || refinement.annotations) && <Annotations />}
      <AlternativeText />
      <div>
        <Faults paths={["axes"]} />
        {can.axes.map((name) => (
          <AxisDetails key={name} name={name} />
        ))}
      </div>
    </div>
  );
}
