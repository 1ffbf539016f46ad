import { useState } from "preact/hooks";
import { language } from "../../language/language";
import { faultsAt } from "../fields/faults_at";
import { SelectField, TextField } from "../fields/fields";
import { refineAxis, shownAxis } from "./change";
import { exampleFor, NUMBER_FORMATS, writtenNumber } from "./number_format";
import type { AxisType } from "./options";
import type { AxisName } from "./refinement";
import { CHINESE_TIME_FORMATS, EXAMPLE_TIME, TIME_FORMATS, writtenTime } from "./time_format";
import { words } from "./words";

const OWN = "own";

/** How an axis writes its values: examples to choose from, or a format of one's own. */
export function FormatField({ name, type }: { name: AxisName; type: AxisType }) {
  const format = shownAxis(name).format ?? "";
  const [isOwn, setOwn] = useState(false);
  const isTime = type === "time";
  const formats = isTime ? timeFormats() : NUMBER_FORMATS;
  const showsOwn = isOwn || (format !== "" && !formats.includes(format));
  const options: [string, string][] = [
    ["", words().automatic],
    ...formats.map((known): [string, string] => [known, example(known, isTime) ?? known]),
    [OWN, words().own],
  ];
  const choose = (to: string) => {
    setOwn(to === OWN);
    if (to !== OWN) refineAxis(name, "format", to);
  };
  return (
    <div class={showsOwn ? "fields-2" : "fields"}>
      <SelectField
        label={isTime ? words().dates : words().numbers}
        value={showsOwn ? OWN : format}
        options={options}
        onChange={choose}
        faults={showsOwn ? [] : faultsAt(`axes.${name}.format`)}
      />
      {showsOwn && <OwnFormat name={name} format={format} isTime={isTime} />}
    </div>
  );
}

interface OwnFormatProps {
  name: AxisName;
  format: string;
  isTime: boolean;
}

function OwnFormat({ name, format, isTime }: OwnFormatProps) {
  const shown = example(format, isTime);
  const explained = isTime ? words().ownDates : words().ownNumbers;
  const own = format !== "" && shown === null ? [words().noFormat] : [];
  const told = faultsAt(`axes.${name}.format`);
  return (
    <TextField
      label={words().ownFormat}
      value={format}
      maxLength={40}
      placeholder={isTime ? "%d %b" : ",.1f"}
      onInput={(text) => refineAxis(name, "format", text)}
      hint={shown === null ? undefined : explained(shown)}
      faults={told.length > 0 ? told : own}
    />
  );
}

function example(format: string, isTime: boolean): string | null {
  return isTime ? writtenTime(EXAMPLE_TIME, format) : writtenNumber(exampleFor(format), format);
}

function timeFormats(): readonly string[] {
  return language.value === "zh" ? [...CHINESE_TIME_FORMATS, ...TIME_FORMATS] : TIME_FORMATS;
}
