import { give } from "../../charts/reading";
import { language } from "../../language/language";
import { Thumbnail } from "../kind/thumbnail";
import { words } from "../words";
import { SAMPLES } from "./samples";

/** A few small tables, one click away; each shows another kind. */
export function SampleList() {
  return (
    <div class="data-samples">
      <h3>{words().samples}</h3>
      <ul>
        {SAMPLES.map(({ kind, name, text }) => (
          <li key={kind}>
            <button type="button" onClick={() => give(text[language.value]())}>
              <Thumbnail kind={kind} />
              <span>{name[language.value]}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
