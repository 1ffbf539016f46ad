import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { change, draft } from "../../charts/current";
import { number } from "../../language/formats";
import { faultsAt, faultsExactlyAt } from "../fields/faults_at";
import { ReadField, readNumber, SelectField } from "../fields/fields";
import { refined } from "../refine/refinement";
import {
  inPixels,
  inUnit,
  LEAST_DPI,
  LEAST_PIXELS,
  MOST_DPI,
  PRESETS,
  type Preset,
  presetOf,
  type Size,
  type Unit,
} from "./sizes";
import { words } from "./words";

/** A picture's resolution where neither spec nor form says one: the built-in style's. */
const USUAL_DPI = 120;
const MOST_PIXELS = 20_000;
const CHOICES = ["style", "screen", "slide", "print", "square"] as const;

const unit = signal<Unit>("px");
/** What was typed last: whole pixels would make 8.51 cm of 8.5. */
const typed = signal<{ width?: number; height?: number }>({});

/** What the picture's size is for, or a size of the user's own. */
export function SizeFields() {
  const size = draft.value.refinement.size;
  const preset = presetOf(size);
  const [isOwn, setOwn] = useState(false);
  const shown = isOwn || preset === null ? "own" : preset;
  const choose = (to: Preset | "own") => {
    setOwn(to === "own");
    if (to !== "own") putSize(PRESETS[to]);
    else if (!size?.width) putSize(PRESETS.screen);
  };
  return (
    <div class="fields">
      <SelectField
        label={words().size}
        value={shown}
        options={[...CHOICES, "own" as const].map((name) => [name, optionText(name)] as const)}
        onChange={choose}
        faults={shown === "own" ? faultsExactlyAt("size") : faultsAt("size")}
      />
      {shown === "own" && <OwnSize size={size ?? {}} />}
    </div>
  );
}

function OwnSize({ size }: { size: Size }) {
  const dpi = size.dpi ?? USUAL_DPI;
  const units = (["px", "cm", "in"] as const).map((name) => [name, words().units[name]] as const);
  return (
    <div class="export-size">
      <Side size={size} side="width" />
      <Side size={size} side="height" />
      <SelectField
        label={words().unit}
        value={unit.value}
        options={units}
        onChange={(to) => {
          unit.value = to;
          typed.value = {};
        }}
      />
      <ReadField<number>
        label={words().dpi}
        value={size.dpi}
        read={(text) => within(readNumber(text), LEAST_DPI, MOST_DPI)}
        onInput={(to) => to && putSize(atDpi(size, dpi, to))}
        misread={words().misread(number(LEAST_DPI), number(MOST_DPI))}
        faults={faultsAt("size.dpi")}
      />
      {size.width && size.height && <p class="quiet export-sum">{summary(size, dpi)}</p>}
    </div>
  );
}

function Side({ size, side }: { size: Size; side: "width" | "height" }) {
  const dpi = size.dpi ?? USUAL_DPI;
  const pixels = size[side];
  const [least, greatest] = [LEAST_PIXELS, MOST_PIXELS].map((at) => inUnit(at, unit.value, dpi));
  const read = (text: string) => {
    const length = readNumber(text);
    const found = length === null ? null : inPixels(length, unit.value, dpi);
    return within(found, LEAST_PIXELS, MOST_PIXELS) === null ? null : length;
  };
  return (
    <ReadField<number>
      key={unit.value}
      label={words()[side]}
      value={pixels === undefined ? undefined : lengthOf(side, pixels, dpi)}
      read={read}
      onInput={(length) => {
        typed.value = { ...typed.value, ...(length ? { [side]: length } : {}) };
        putSide(size, side, length && inPixels(length, unit.value, dpi));
      }}
      misread={words().misread(number(least ?? 0), number(greatest ?? 0))}
      faults={faultsAt(`size.${side}`)}
    />
  );
}

/** Return a side as it was typed, where it still is that, else as long as its pixels are. */
function lengthOf(side: "width" | "height", pixels: number, dpi: number): number {
  const length = typed.value[side];
  const isThat = length !== undefined && inPixels(length, unit.value, dpi) === pixels;
  return isThat ? length : inUnit(pixels, unit.value, dpi);
}

/** Return a size at another resolution: pixels stay, or what was measured does. */
function atDpi(size: Size, from: number, to: number): Size {
  if (unit.value === "px") return { ...size, dpi: to };
  const measured = (["width", "height"] as const).flatMap((side) => {
    const pixels = size[side];
    if (pixels === undefined) return [];
    return [[side, inPixels(lengthOf(side, pixels, from), unit.value, to)] as const];
  });
  return { ...Object.fromEntries(measured), dpi: to };
}

/** `1,890 × 1,181 pixels, 300 dpi · 16 × 10 cm`. */
function summary({ width = 0, height = 0 }: Size, dpi: number): string {
  const pixels = words().pixels(number(width), number(height), number(dpi));
  const [wide, high] = [width, height].map((side) => number(inUnit(side, "cm", dpi), 1));
  return `${pixels} · ${words().onPaper(wide ?? "", high ?? "")}`;
}

function optionText(name: Preset | "own"): string {
  const text = words().presets[name];
  if (name === "style" || name === "own") return text;
  const { width, height, dpi } = PRESETS[name];
  if (name === "print") {
    const [wide, high] = [width, height].map((side) => number(inUnit(side, "cm", dpi), 0));
    return `${text} · ${words().onPaper(wide ?? "", high ?? "")}, ${dpi} dpi`;
  }
  return `${text} · ${width} × ${height}`;
}

function putSide(size: Size, side: "width" | "height", pixels: number | undefined): void {
  const { [side]: _, ...others } = size;
  putSize(pixels === undefined ? others : { ...others, [side]: pixels });
}

function putSize(size: Size): void {
  change("refine.size", { refinement: refined(draft.value.refinement, { size }) });
}

function within(value: number | null, least: number, greatest: number): number | null {
  return value !== null && value >= least && value <= greatest ? value : null;
}
