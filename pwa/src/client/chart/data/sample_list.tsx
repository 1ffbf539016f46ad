import { language } from "../../language/language";
import { Thumbnail } from "../kind/thumbnail";
import { words } from "../words";
import { takeText } from "./taking";

/** The samples, called by the kind that their table suggests. */
const OFFERED = ["line", "bar", "scatter", "box", "candlestick", "heatmap"] as const;
export type Offered = (typeof OFFERED)[number];

/** A few small tables, one click away; each shows another kind. */
export function SampleList() {
  return (
    <div class="data-samples">
      <h3>{words().samples}</h3>
      <ul>
        {OFFERED.map((kind) => (
          <li key={kind}>
            <button type="button" onClick={() => void take(kind)}>
              <Thumbnail kind={kind} />
              <span>{words().sampleNames[kind]}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

async function take(kind: Offered): Promise<void> {
  const { SAMPLES } = await import("./samples");
  await takeText(SAMPLES[kind][language.value]());
}
