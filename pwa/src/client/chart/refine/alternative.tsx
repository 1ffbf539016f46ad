import { draft, table } from "../../charts/current";
import { number } from "../../language/formats";
import { faultsAt } from "../fields/faults_at";
import { TextField } from "../fields/fields";
import { refine } from "./change";
import { describe } from "./description";
import { words } from "./words";

/** The alternative text, and one that is made of the data. */
export function AlternativeText() {
  const alt = draft.value.refinement.alt ?? "";
  const suggested = describe(draft.value, table.value, words().sentences, number);
  return (
    <div class="fields refine-alt">
      <TextField
        label={words().alt}
        hint={words().altHint}
        rows={3}
        value={alt}
        onInput={(text) => refine("alt", text)}
        faults={faultsAt("alt")}
      />
      {suggested && suggested !== alt && (
        <div class="refine-suggestion">
          <p>
            <span class="quiet">{words().suggestion}</span> {suggested}
          </p>
          <button type="button" onClick={() => refine("alt", suggested)}>
            {words().useSuggestion}
          </button>
        </div>
      )}
    </div>
  );
}
