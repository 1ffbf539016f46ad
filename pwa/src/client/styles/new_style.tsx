import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../elements/dialog";
import { readStyle } from "../http/styles";
import { go } from "../shell/routes";
import { beginStyle, legible, list, refreshList } from "./desk";
import { written } from "./document/edits";
import { BUILTIN } from "./document/resolving";
import { keptNames } from "./kept";
import { words } from "./words";

interface Props {
  open: boolean;
  /** The style that is offered to begin with. */
  origin: string;
  onClose: () => void;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const WAYS = ["extension", "copy", "builtin", "empty"] as const;
type Way = (typeof WAYS)[number];

/** Ask for a name and what to begin with; nothing is stored before the first save. */
export function NewStyle({ open, origin, onClose }: Props) {
  return (
    <Dialog open={open} title={words().create.title} onClose={onClose}>
      <Form origin={origin} onClose={onClose} />
    </Dialog>
  );
}

function Form({ origin, onClose }: Omit<Props, "open">) {
  const [name, setName] = useState("");
  const [from, setFrom] = useState(origin);
  const [way, setWay] = useState<Way>("extension");
  const [tried, setTried] = useState(false);
  useEffect(() => void (list.value ?? refreshList()), []);
  const labels = words().create;
  const fault = tried ? faultOf(name) : null;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (faultOf(name)) return;
    beginStyle(name, await beginning(way, from));
    onClose();
    go("styles", name);
  };
  return (
    <form class="styles-new" onSubmit={(event) => void submit(event)}>
      <div class="field">
        <label class="label" for="new-style-name">
          {labels.name}
        </label>
        <input
          id="new-style-name"
          value={name}
          autocomplete="off"
          spellcheck={false}
          aria-invalid={fault !== null}
          aria-describedby="new-style-hint"
          onInput={(event) => setName(event.currentTarget.value.trim())}
        />
        <p id="new-style-hint" class={fault ? "fault" : "hint"} role={fault ? "alert" : undefined}>
          {fault ?? labels.nameHint}
        </p>
      </div>
      <Origins from={from} way={way} onFrom={setFrom} onWay={setWay} />
      <button type="submit" class="primary">
        {labels.act}
      </button>
    </form>
  );
}

interface OriginsProps {
  from: string;
  way: Way;
  onFrom: (name: string) => void;
  onWay: (way: Way) => void;
}

function Origins({ from, way, onFrom, onWay }: OriginsProps) {
  const labels = words().create;
  const texts: Record<Way, string> = {
    extension: labels.extension(from),
    copy: labels.copy(from),
    builtin: labels.builtin,
    empty: labels.empty,
  };
  const names = list.value?.styles.map((style) => style.name) ?? ["default"];
  return (
    <fieldset class="styles-ways">
      <legend class="label">{labels.from}</legend>
      <select
        aria-label={words().list.style}
        value={from}
        onChange={(event) => onFrom(event.currentTarget.value)}
      >
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {WAYS.map((one) => (
        <label key={one} class="check">
          <input type="radio" name="way" checked={way === one} onChange={() => onWay(one)} />
          {texts[one]}
        </label>
      ))}
    </fieldset>
  );
}

function faultOf(name: string): string | null {
  const labels = words().create;
  const stored = list.value?.styles.some((style) => style.name === name && style.version !== "0");
  if (stored || keptNames().includes(name)) return labels.nameTaken(name);
  return NAME.test(name) ? null : labels.nameWrong;
}

async function beginning(way: Way, from: string): Promise<string> {
  if (way === "copy") return legible(await readStyle(from)).text;
  if (way === "extension") return `${written({ extends: from })}\n`;
  return way === "builtin" ? `${written(BUILTIN)}\n` : "{}\n";
}
