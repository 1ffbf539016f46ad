import { useEffect, useState } from "preact/hooks";
import { type Json, type Path, treeOf } from "../../shared/json_tree";
import { Dialog } from "../elements/dialog";
import { type Change, readHistory, type StoredStyle } from "../http/styles";
import { moment } from "../language/formats";
import { notify } from "../shell/notices";
import { baseValue, desk, edit, rebase, tree } from "./desk";
import { differences } from "./document/differences";
import { type Merge, mergeInto, withMember } from "./document/merging";
import { pathText } from "./document/paths";
import { DifferenceList, nameOf } from "./parts/difference_list";
import { whoOf } from "./parts/who";
import { conflict, saveOver, takeTheirs } from "./saving";
import { words } from "./words";

/** Somebody else wrote first: what they wrote against what I have, and three ways on. */
export function ConflictDialog() {
  const theirs = conflict.value;
  return (
    <Dialog
      open={theirs !== null}
      title={words().conflict.title}
      onClose={() => (conflict.value = null)}
    >
      {theirs && <Conflict theirs={theirs} />}
    </Dialog>
  );
}

function Conflict({ theirs }: { theirs: StoredStyle }) {
  const labels = words().conflict;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const other = treeOf(theirs.text)?.value ?? null;
  const mine = tree.value?.value ?? null;
  const base = baseValue.value ?? {};
  const merge = mergeOf(mine, base, other);
  return (
    <div class="styles-conflict">
      <p>{labels.lead(theirs.version)}</p>
      <By version={theirs.version} />
      <div class="styles-sides">
        <Changes title={labels.theirs} from={base} to={other} />
        <Changes title={labels.mine} from={base} to={mine} />
      </div>
      {merge && <Choices paths={merge.conflicts} chosen={chosen} onChoose={setChosen} />}
      {!merge && <p class="fault">{labels.cannotMerge}</p>}
      <div class="row">
        {merge && (
          <button type="button" class="primary" onClick={() => apply(merge, theirs, other, chosen)}>
            {labels.merge}
          </button>
        )}
        <button type="button" onClick={() => takeTheirs(theirs)}>
          {labels.takeTheirs}
        </button>
        <button type="button" onClick={() => void saveOver(theirs)}>
          {labels.putMine}
        </button>
      </div>
    </div>
  );
}

/** Who wrote it, and why, as far as the history knows. */
function By({ version }: { version: string }) {
  const [change, setChange] = useState<Change | null>(null);
  const name = desk.value?.name ?? "";
  useEffect(() => {
    let outdated = false;
    readHistory(name).then(
      ({ changes }) => {
        const found = changes.find((one) => one.version === version);
        if (!outdated) setChange(found ?? null);
      },
      (error: unknown) => console.warn("no history", error),
    );
    return () => {
      outdated = true;
    };
  }, [name, version]);
  const labels = words();
  return (
    <p class="quiet styles-by">
      {change && labels.conflict.by(whoOf(change), moment(new Date(change.when)))}
      {change?.why && ` ${labels.history.reason(change.why)}`}
    </p>
  );
}

function Changes({ title, from, to }: { title: string; from: Json; to: Json | null }) {
  const labels = words().conflict;
  const found = to === null ? [] : differences(from, to);
  return (
    <section>
      <h3>{title}</h3>
      {to === null && <p class="fault">{labels.unreadable}</p>}
      {to !== null && !found.length && <p class="quiet">{labels.nothing}</p>}
      <DifferenceList of={found} />
    </section>
  );
}

interface ChoicesProps {
  paths: readonly Path[];
  /** Paths of which theirs is chosen. */
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

function Choices({ paths, chosen, onChoose }: ChoicesProps) {
  const labels = words().conflict;
  if (!paths.length) return null;
  const choose = (key: string, theirs: boolean) => {
    const next = new Set(chosen);
    if (theirs) next.add(key);
    else next.delete(key);
    onChoose(next);
  };
  return (
    <fieldset class="styles-choices">
      <legend>{labels.both}</legend>
      {paths.map((path) => {
        const key = pathText(path);
        return (
          <label key={key}>
            {nameOf(path)}
            <select
              value={chosen.has(key) ? "theirs" : "mine"}
              onChange={(event) => choose(key, event.currentTarget.value === "theirs")}
            >
              <option value="mine">{labels.keepMine}</option>
              <option value="theirs">{labels.keepTheirs}</option>
            </select>
          </label>
        );
      })}
    </fieldset>
  );
}

function mergeOf(mine: Json | null, base: Json, other: Json | null): Merge | null {
  const text = desk.value?.text;
  return mine === null || other === null || text === undefined
    ? null
    : mergeInto(text, mine, base, other);
}

/** Lay the merged text over their version; it is saved when its author says so. */
function apply(
  merge: Merge,
  theirs: StoredStyle,
  other: Json | null,
  chosen: ReadonlySet<string>,
): void {
  const taken = merge.conflicts.filter((path) => chosen.has(pathText(path)));
  const text = taken.reduce((merged, path) => withMember(merged, other, path), merge.text);
  conflict.value = null;
  edit("merge", text);
  rebase(theirs, text);
  notify(words().conflict.merged(merge.taken.length + taken.length));
}
