import { words } from "../../jobs/words";
import { drawAsJob } from "./drawing";

await words.load();

/** The way on while a chart takes long: it is drawn behind, and the bench is free. */
export function Offer() {
  return (
    <button type="button" onClick={drawAsJob}>
      {words().bench.offer}
    </button>
  );
}
