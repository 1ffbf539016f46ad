import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../elements/dialog";
import { Icon } from "../elements/icon";
import { type Change, readHistory } from "../http/styles";
import { moment } from "../language/formats";
import { drawNewest } from "../pictures/newest";
import { type Picture, release } from "../pictures/pictures";
import { spec } from "./comparison";
import { asProblem, desk } from "./desk";
import { HistoryDifferences } from "./parts/difference_list";
import { whoOf } from "./parts/who";
import { mayWrite } from "./permission";
import { busy, rollBackTo, writes } from "./saving";
import { words } from "./words";

interface Shown {
  changes: readonly Change[];
  before: string | undefined;
  failed: boolean;
}

/** What became of the style: who, when, why, and what was other then. */
export function History() {
  const name = desk.value?.name ?? "";
  const [shown, setShown] = useState<Shown | null>(null);
  const [looked, setLooked] = useState<string | null>(null);
  const load = async (before?: string) => {
    try {
      const page = await readHistory(name, before);
      setShown((last) => joined(before ? last : null, page.changes, page.before));
    } catch (error) {
      const none = asProblem(error).status === 404;
      setShown((last) => ({ ...(last ?? EMPTY), failed: !none }));
    }
  };
  useEffect(() => void load(), [name, writes.value]);
  const labels = words().history;
  if (!shown) return <p class="quiet styles-waiting">{words().loading}</p>;
  return (
    <div class="styles-history">
      <ol>
        {shown.changes.map((change) => (
          <Entry key={change.version + change.kind} change={change} onLook={setLooked} />
        ))}
      </ol>
      {!shown.changes.length && !shown.failed && <p class="quiet">{labels.empty}</p>}
      {shown.failed && <p class="fault">{labels.failed}</p>}
      {shown.before && (
        <button type="button" onClick={() => void load(shown.before)}>
          {labels.more}
        </button>
      )}
      <OldLook version={looked} onClose={() => setLooked(null)} />
    </div>
  );
}

const EMPTY: Shown = { changes: [], before: undefined, failed: false };

function joined(last: Shown | null, more: readonly Change[], before: string | undefined): Shown {
  return { changes: [...(last?.changes ?? []), ...more], before, failed: false };
}

function Entry({ change, onLook }: { change: Change; onLook: (version: string) => void }) {
  const labels = words().history;
  const name = desk.value?.name ?? "";
  const current = change.version === desk.value?.base.version;
  const gone = change.differences.includes("removed") && change.differences.length === 1;
  return (
    <li class={`styles-entry ${change.kind}`}>
      <p class="styles-when">
        <time dateTime={change.when}>{moment(new Date(change.when))}</time>
        <span>{whoOf(change)}</span>
        <span class="styles-tag">{labels.kinds[change.kind]}</span>
        <span class="quiet">
          {words().version(change.version)}
          {current && ` · ${labels.current}`}
        </span>
      </p>
      {change.why && <p class="styles-reason">{labels.reason(change.why)}</p>}
      <HistoryDifferences lines={change.differences} />
      {!gone && (
        <div class="row">
          <button
            type="button"
            aria-label={labels.lookAt(change.version)}
            onClick={() => onLook(change.version)}
          >
            {labels.look}
          </button>
          {!current && mayWrite() && (
            <button
              type="button"
              disabled={busy.value}
              aria-label={labels.rollBackTo(change.version)}
              onClick={() => void rollBackTo(name, change.version)}
            >
              <Icon name="history" /> {labels.rollBack}
            </button>
          )}
        </div>
      )}
    </li>
  );
}

/** The chart as it looked in a version, which is pinned for that. */
function OldLook({ version, onClose }: { version: string | null; onClose: () => void }) {
  const [picture, setPicture] = useState<Picture | null>(null);
  const [fault, setFault] = useState("");
  const name = desk.value?.name ?? "";
  useEffect(() => {
    if (!version) return;
    const abort = new AbortController();
    setPicture(null);
    setFault("");
    let drawn: Picture | null = null;
    drawNewest({ ...spec.value, style: `${name}@${version}` }, "png", abort.signal).then(
      (found) => {
        drawn = found;
        setPicture(found);
      },
      (error: unknown) => abort.signal.aborted || setFault(asProblem(error).message),
    );
    return () => {
      abort.abort();
      if (drawn) release(drawn);
    };
  }, [name, version]);
  const title = words().history.looks(version ?? "");
  return (
    <Dialog open={version !== null} title={title} onClose={onClose}>
      <div class="styles-old">
        {picture && <img src={picture.src} alt={title} />}
        {!picture && !fault && <p class="quiet">{words().compare.drawing}</p>}
        {fault && <p class="fault">{fault}</p>}
      </div>
    </Dialog>
  );
}
