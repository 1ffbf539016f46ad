import { type Json, type Path, treeOf } from "../../../shared/json_tree";
import { type Difference, readDifference } from "../document/differences";
import { pathText } from "../document/paths";
import { hexOf } from "../eyes/colors";
import { words } from "../words";
import { Swatch } from "./swatches";

/** Return a member's name in words: "Title, colour"; its path where there are none. */
export function nameOf(path: Path): string {
  const [section = "", name = "", ...below] = path.map(String);
  const { members, sections, difference } = words();
  if (path.length === 0) return difference.whole;
  const inGrid = section === "axes" && name.startsWith("grid");
  const first = known(sections, inGrid ? "grid" : section) ?? known(members, section);
  if (!first) return pathText(path);
  if (!name || section === "palette" || section === "rc") {
    return [first, ...path.slice(1).map(placeOf)].join(" ");
  }
  const second = known(members, name) ?? name;
  const places = below.map((part) => placeOf(Number(part)));
  return [`${first}${difference.separator}${second}`, ...places].join(" ");
}

/** What is other, one line for each member. */
export function DifferenceList({ of }: { of: readonly Difference[] }) {
  return (
    <ul class="styles-differences">
      {of.map((one) => (
        <li key={pathText(one.path)}>
          <span class="name">{nameOf(one.path)}</span> <Values of={one} />
        </li>
      ))}
    </ul>
  );
}

/** The lines of a history, in words as far as they can be read. */
export function HistoryDifferences({ lines }: { lines: readonly string[] }) {
  const read = lines.map((line) => readDifference(line));
  if (read.every((one) => one !== null)) return <DifferenceList of={read} />;
  return (
    <ul class="styles-differences">
      {lines.map((line) => (
        <li key={line}>{sentence(line)}</li>
      ))}
    </ul>
  );
}

function Values({ of }: { of: Difference }) {
  const { difference } = words();
  if (of.was === undefined) {
    return (
      <>
        {difference.added} <Value of={of.is} />
      </>
    );
  }
  if (of.is === undefined) {
    return (
      <>
        {difference.removed} <Value of={of.was} />
      </>
    );
  }
  return (
    <>
      <Value of={of.was} />{" "}
      <span aria-hidden="true" class="arrow">
        →
      </span>
      <span class="said"> {difference.to} </span> <Value of={of.is} />
    </>
  );
}

function Value({ of }: { of: Json | string | undefined }) {
  const text = typeof of === "string" ? of : JSON.stringify(of);
  return (
    <code>
      {colorsIn(text).map((color, place) => (
        <Swatch key={`${place} ${color}`} color={color} />
      ))}
      {text.length > 80 ? `${text.slice(0, 79)}…` : text}
    </code>
  );
}

/** Return the colours that a value names: itself, or the items of a list. */
function colorsIn(text: string): string[] {
  const value = text.startsWith("[") ? treeOf(text)?.value : text;
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  return texts.every((one) => !/^[\d.]+$/.test(one) && hexOf(one)) ? texts.slice(0, 8) : [];
}

function sentence(line: string): string {
  const { history } = words();
  if (line === "created") return history.created;
  if (line === "removed") return history.removed;
  if (line.startsWith("what it said before")) return history.unknown;
  if (line.startsWith("the document was too large")) return history.tooLarge;
  return line;
}

function placeOf(part: string | number): string {
  return typeof part === "number" ? `${part + 1}` : part;
}

function known(words: object, name: string): string | undefined {
  return Object.hasOwn(words, name) ? String(words[name as keyof typeof words]) : undefined;
}
