import { draft } from "../../charts/current";
import { faultsAt } from "../fields/faults_at";
import { CheckField, ReadField, readNumber, SelectField, TextField } from "../fields/fields";
import { changeTo, refine } from "./change";
import { optionsOf } from "./options";
import {
  type LegendPlace,
  legendPlace,
  legendTitle,
  withLegendPlace,
  withLegendTitle,
} from "./refinement";
import { words } from "./words";

/** What some kinds can have besides: each is shown where it fits, or where it is in the way. */
export function KindOptions() {
  const { stack, orientation } = draft.value.refinement;
  const can = optionsOf(draft.value);
  return (
    <>
      {(can.stack || can.horizontal || stack || orientation) && (
        <div class="row refine-checks">
          {(can.stack || stack) && (
            <CheckField
              label={words().stack}
              checked={stack ?? false}
              onChange={(on) => refine("stack", on || undefined)}
              faults={faultsAt("stack")}
            />
          )}
          {(can.horizontal || orientation) && (
            <CheckField
              label={words().horizontal}
              checked={orientation === "horizontal"}
              onChange={(on) => refine("orientation", on ? "horizontal" : undefined)}
              faults={faultsAt("orientation")}
            />
          )}
        </div>
      )}
      <Counts />
    </>
  );
}

function Counts() {
  const { hole, bins } = draft.value.refinement;
  const can = optionsOf(draft.value);
  return (
    <>
      {(can.hole || hole !== undefined) && (
        <ReadField<number>
          label={words().hole}
          value={hole === undefined ? undefined : Math.round(hole * 100)}
          read={within(0, 99)}
          onInput={(percent) => refine("hole", percent === undefined ? percent : percent / 100)}
          misread={words().holeMisread}
          faults={faultsAt("hole")}
        />
      )}
      {(can.bins || bins !== undefined) && !Array.isArray(bins) && (
        <ReadField<number>
          label={words().bins}
          value={typeof bins === "number" ? bins : undefined}
          read={wholeWithin(1, 1000)}
          onInput={(count) => refine("bins", count)}
          misread={words().binsMisread}
          placeholder={words().automatic}
          faults={faultsAt("bins")}
        />
      )}
    </>
  );
}

/** Where the legend stands, and what it is called. */
export function LegendFields() {
  const { refinement } = draft.value;
  const place = legendPlace(refinement);
  const options = Object.entries(words().legendPlaces) as [LegendPlace, string][];
  return (
    <div class="fields-2">
      <SelectField
        label={words().legend}
        value={place}
        options={options}
        onChange={(to) => changeTo("legend.position", withLegendPlace(refinement, to))}
        faults={[...faultsAt("legend.position"), ...faultsAt("legend")]}
      />
      {place !== "none" && (
        <TextField
          label={words().legendTitle}
          value={legendTitle(refinement)}
          onInput={(title) => changeTo("legend.title", withLegendTitle(refinement, title))}
          faults={faultsAt("legend.title")}
        />
      )}
    </div>
  );
}

function within(least: number, greatest: number): (text: string) => number | null {
  return (text) => {
    const value = readNumber(text);
    return value !== null && value >= least && value <= greatest ? value : null;
  };
}

function wholeWithin(least: number, greatest: number): (text: string) => number | null {
  const read = within(least, greatest);
  return (text) => {
    const value = read(text);
    return Number.isInteger(value) ? value : null;
  };
}
