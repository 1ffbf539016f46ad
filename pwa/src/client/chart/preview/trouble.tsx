import { change, draft, isEmpty, readingFault, undo } from "../../charts/current";
import { missing } from "../../charts/drawn";
import { chartJob } from "../../charts/job";
import { type Missing, renamed } from "../../charts/roles";
import { Icon } from "../../elements/icon";
import { lazy } from "../../elements/lazy";
import type { Problem } from "../../http/problems";
import { placeInWords } from "../places";
import { words as chart } from "../words";
import { drawAgain, problem } from "./drawing";
import { words } from "./words";

const SignedOutNote = lazy(
  () => import("../../session/signed_out").then((part) => part.SignedOutNote),
  () => null,
);

/** Why the picture is not that of the chart as it stands, over the last one that is. */
export function Trouble() {
  if (isEmpty.value) return null;
  // Why a job failed stands with the job.
  const refusal = chartJob.value ? null : problem.value;
  const lacking = missing.value;
  return (
    <div class="preview-trouble" role="alert">
      {refusal ? <Refusal problem={refusal} /> : lacking.length > 0 && <Lacking parts={lacking} />}
    </div>
  );
}

function Refusal({ problem: refusal }: { problem: Problem }) {
  if (refusal.kind === "offline") return <Note text={words().waitsForNetwork} icon="wait" />;
  if (refusal.status === 401) return <SignedOutNote />;
  if (refusal.kind === "limit") return <Note text={refusal.message} icon="wait" />;
  if (refusal.status === 503 || refusal.status === 429) {
    return <Note text={words().busy} icon="wait" />;
  }
  if (refusal.faults.length === 0) {
    return (
      <div class="preview-problem">
        <p>{refusal.status < 500 ? refusal.message : words().failed}</p>
        <button type="button" onClick={drawAgain}>
          {words().drawAgain}
        </button>
      </div>
    );
  }
  return (
    <div class="preview-problem">
      <p class="preview-problem-title">
        <Icon name="warning" /> {words().refused}
      </p>
      <ul>
        {refusal.faults.slice(0, 6).map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            {path && <strong>{placeInWords(path)}: </strong>}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Note({ text, icon }: { text: string; icon: "wait" }) {
  return (
    <div class="preview-problem calm">
      <p>
        <Icon name={icon} /> {text}
      </p>
    </div>
  );
}

function Lacking({ parts }: { parts: readonly Missing[] }) {
  if (readingFault.value)
    return <p class="preview-problem">{chart().faults[readingFault.value.kind]}</p>;
  const gone = parts.filter(({ name }) => name !== null);
  const title = gone.length > 0 ? words().missingParts : words().neededParts;
  return (
    <div class="preview-problem">
      <p class="preview-problem-title">
        <Icon name="warning" /> {title}
      </p>
      <ul>
        {parts.map((part) => (
          <li key={`${part.role} ${part.name}`}>
            <Lack part={part} />
          </li>
        ))}
      </ul>
      {gone.length > 0 && (
        <button type="button" onClick={undo}>
          <Icon name="undo" /> {chart().goBack}
        </button>
      )}
    </div>
  );
}

function Lack({ part: { role, name, nearest } }: { part: Missing }) {
  const { kind } = draft.value;
  if (name === null) return chart().rolesOf[kind]?.[role] ?? chart().roles[role];
  return (
    <>
      {chart().missingColumn(name)}{" "}
      {nearest && (
        <button
          type="button"
          class="link"
          onClick={() => change("columns", renamed(draft.value, name, nearest))}
        >
          {chart().useInstead(nearest)}
        </button>
      )}
    </>
  );
}
