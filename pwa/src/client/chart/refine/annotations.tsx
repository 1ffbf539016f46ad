import { useEffect, useRef } from "preact/hooks";
import { draft, table, undo } from "../../charts/current";
import type { Annotation } from "../../charts/draft";
import { Icon } from "../../elements/icon";
import { notify } from "../../shell/notices";
import { words as shellWords } from "../../shell/words";
import { faultsAt } from "../fields/faults_at";
import { TextField } from "../fields/fields";
import { moved, newAnnotation } from "./annotation";
import { Faults } from "./axis";
import { changeTo } from "./change";
import { Color } from "./color";
import { Place } from "./place";
import { refined } from "./refinement";
import { words } from "./words";

const TYPES = ["line", "band", "text"] as const;

/** Lines, bands and text on the drawing. */
export function Annotations() {
  const list = draft.value.refinement.annotations ?? [];
  const heading = useRef<HTMLHeadingElement>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current) document.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = null;
  });
  const focusNext = (selector: string) => {
    wanted.current = selector;
  };
  const remove = (at: number) => {
    const what = nameOf(list, at);
    put(
      "remove",
      list.filter((_, index) => index !== at),
    );
    notify(words().removed(what), { label: shellWords().undo, act: undo });
    heading.current?.focus();
  };
  return (
    <section class="refine-notes">
      <h3 ref={heading} tabIndex={-1}>
        {words().annotations}
      </h3>
      {list.length === 0 && <p class="quiet">{words().annotationHint}</p>}
      <Faults paths={["annotations"]} />
      {list.length > 0 && (
        <ol>
          {list.map((_, at) => (
            <Item key={at} at={at} list={list} onRemove={remove} onMoved={focusNext} />
          ))}
        </ol>
      )}
      <div class="row">
        {TYPES.map((type) => (
          <button key={type} type="button" onClick={() => add(type, list, focusNext)}>
            <Icon name="plus" />
            {words().addAnnotation[type]}
          </button>
        ))}
      </div>
    </section>
  );
}

interface ItemProps {
  at: number;
  list: readonly Annotation[];
  onRemove: (at: number) => void;
  onMoved: (focus: string) => void;
}

function Item({ at, list, onRemove, onMoved }: ItemProps) {
  const annotation = list[at];
  if (!annotation) return null;
  const name = nameOf(list, at);
  const path = `annotations[${at}]`;
  const edit = (changed: Annotation) => replace(list, at, changed);
  return (
    <li id={itemId(at)}>
      <fieldset class="refine-note">
        <legend>{name}</legend>
        <div class="refine-note-tools">
          <Mover at={at} by={-1} list={list} onMoved={onMoved} />
          <Mover at={at} by={1} list={list} onMoved={onMoved} />
          <button
            type="button"
            class="bare"
            aria-label={words().remove(name)}
            onClick={() => onRemove(at)}
          >
            <Icon name="trash" />
          </button>
        </div>
        <div class="fields">
          <Faults paths={[path]} />
          <div class="refine-note-words">
            <TextField
              label={words().text}
              value={annotation.text ?? ""}
              onInput={(text) => edit(withText(annotation, text))}
              faults={faultsAt(`${path}.text`)}
            />
            <Color annotation={annotation} path={path} onChange={edit} />
          </div>
          <Place annotation={annotation} path={path} onChange={edit} />
        </div>
      </fieldset>
    </li>
  );
}

interface MoverProps extends Omit<ItemProps, "onRemove"> {
  by: 1 | -1;
}

/** Moves an annotation up or down; the focus goes with it. */
function Mover({ at, by, list, onMoved }: MoverProps) {
  const name = nameOf(list, at);
  const target = at + by;
  const move = () => {
    put(`move ${at} ${by}`, moved(list, at, by));
    const isAtEnd = target + by < 0 || target + by >= list.length;
    onMoved(`#${moverId(target, isAtEnd ? flipped(by) : by)}`);
  };
  return (
    <button
      type="button"
      class="bare"
      id={moverId(at, by)}
      aria-label={by < 0 ? words().up(name) : words().down(name)}
      disabled={target < 0 || target >= list.length}
      onClick={move}
    >
      <Icon name={by < 0 ? "up" : "down"} />
    </button>
  );
}

function add(
  type: Annotation["type"],
  list: readonly Annotation[],
  focusNext: (selector: string) => void,
): void {
  const made = newAnnotation(type, draft.value, table.value, words().newText[type]);
  put("add", [...list, made]);
  focusNext(`#${itemId(list.length)} input`);
}

function replace(list: readonly Annotation[], at: number, changed: Annotation): void {
  put(
    `edit ${at}`,
    list.map((annotation, index) => (index === at ? changed : annotation)),
  );
}

/** Typing in one annotation is one step; each that comes, goes or moves is a step of its own. */
function put(act: string, annotations: readonly Annotation[]): void {
  const refinement = refined(draft.value.refinement, { annotations });
  changeTo(`annotations ${act} ${annotations.length}`, refinement);
}

function withText({ text: _, ...rest }: Annotation, text: string): Annotation {
  return text === "" ? rest : { ...rest, text };
}

/** `Line 2`: the second one of its type. */
function nameOf(list: readonly Annotation[], at: number): string {
  const type = list[at]?.type ?? "line";
  const number = list.slice(0, at + 1).filter((one) => one.type === type).length;
  return words().annotation(words().annotationTypes[type], number);
}

function itemId(at: number): string {
  return `annotation-${at}`;
}

function moverId(at: number, by: 1 | -1): string {
  return `annotation-${at}-${by < 0 ? "up" : "down"}`;
}

function flipped(by: 1 | -1): 1 | -1 {
  return by === 1 ? -1 : 1;
}
