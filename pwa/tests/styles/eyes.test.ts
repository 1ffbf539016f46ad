import { describe, expect, it } from "vitest";
import { BUILTIN } from "../../src/client/styles/document/resolving";
import { rgbOf } from "../../src/client/styles/eyes/colors";
import {
  alike,
  contrast,
  hex,
  type Rgb,
  seenBy,
  VISIONS,
} from "../../src/client/styles/eyes/eyesight";

const NAMES: Record<string, string> = { tan: "#d2b48c", gray: "#808080" };
const rgb = (text: string) => rgbOf(text, (name) => NAMES[name] ?? null);
const color = (text: string): Rgb => rgb(text) ?? [0, 0, 0];

describe("a colour", () => {
  it.each([
    ["#0B7285", "#0b7285"],
    ["#abc", "#aabbcc"],
    ["#abcd", "#aabbcc"],
    ["#11223344", "#112233"],
    ["tan", "#d2b48c"],
    ["k", "#000000"],
    ["tab:Blue", "#1f77b4"],
    ["0.5", "#808080"],
    ["1", "#ffffff"],
  ])("%s is %s", (text, wanted) => {
    expect(hex(color(text))).toBe(wanted);
  });

  it.each(["none", "C3", "reed", "#12345", "2", ""])("%s is none", (text) => {
    expect(rgb(text)).toBeNull();
  });
});

describe("contrast", () => {
  it("is that of WCAG", () => {
    expect(contrast(color("#fff"), color("#000"))).toBeCloseTo(21);
    expect(contrast(color("#777777"), color("#fff"))).toBeCloseTo(4.48, 2);
    expect(contrast(color("#123456"), color("#123456"))).toBe(1);
  });
});

describe("eyes that lack cones", () => {
  it.each(VISIONS)("see greys as greys: %s", (vision) => {
    for (const grey of ["#000000", "#808080", "#ffffff"]) {
      const seen = seenBy(vision, color(grey));
      for (const [place, channel] of seen.entries()) {
        expect(Math.abs(channel - (color(grey)[place] ?? 0))).toBeLessThan(0.01);
      }
    }
  });

  it("take red and green of one lightness for each other", () => {
    const palette = [color("#c06060"), color("#809000"), color("#0000ff")];
    expect(alike(palette)).toEqual([]);
    const pairs = alike([color("#a07828"), color("#7c8a20"), color("#0000ff")], "deuteranopia");
    expect(pairs).toEqual([[0, 1]]);
  });

  it.each(VISIONS)("tell the built-in colours apart: %s", (vision) => {
    const palette = (BUILTIN.palette as string[]).map(color);
    expect(alike(palette, vision)).toEqual([]);
  });

  it("find a colour that is there twice", () => {
    expect(alike([color("tan"), color("#d2b48c")])).toEqual([[0, 1]]);
  });
});
