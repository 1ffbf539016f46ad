import { change, draft, table } from "../../charts/current";
import { KINDS, type Kind } from "../../charts/draft";
import { choosingKind } from "../../charts/roles";
import { fittingKinds } from "../../charts/suggestion";
import { lazy } from "../../elements/lazy";
import { words } from "../words";
import { Thumbnail } from "./thumbnail";
import "./kind.css";

const TemplateList = lazy(() => import("../template/index").then((part) => part.TemplateList), 60);
const TemplateForm = lazy(() => import("../template/index").then((part) => part.TemplateForm), 200);

/** The second section: all kinds, those that suit the data first; beside them the templates. */
export function KindChoice() {
  const { kind: chosen, template, pasted } = draft.value;
  const read = table.value;
  const fitting = read ? fittingKinds(read) : [];
  const others = KINDS.filter((kind) => !fitting.includes(kind));
  return (
    <div class="kind">
      <div class="kind-grid">
        {[...fitting, ...others].map((kind) => (
          <KindButton
            key={kind}
            kind={kind}
            isChosen={kind === chosen && !template && !pasted}
            isSuggested={kind === fitting[0]}
            isFitting={!read || fitting.includes(kind)}
          />
        ))}
      </div>
      <TemplateList />
      {template && <TemplateForm />}
    </div>
  );
}

interface KindButtonProps {
  kind: Kind;
  isChosen: boolean;
  isSuggested: boolean;
  isFitting: boolean;
}

function KindButton({ kind, isChosen, isSuggested, isFitting }: KindButtonProps) {
  return (
    <button
      type="button"
      class={isFitting ? "kind-button" : "kind-button unfit"}
      aria-pressed={isChosen}
      disabled={draft.value.pasted !== null}
      onClick={() => change("kind", choosingKind(draft.value, kind, table.value))}
    >
      <Thumbnail kind={kind} />
      <span>{words().kinds[kind]}</span>
      {isSuggested && <span class="kind-suggested">{words().suggested}</span>}
    </button>
  );
}
