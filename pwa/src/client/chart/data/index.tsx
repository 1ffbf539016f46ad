import { draft } from "../../charts/current";
import { lazy } from "../../elements/lazy";
import { words } from "../words";
import { EmptyData } from "./empty";
import { fileFault } from "./taking";
import "./data.css";

const GivenData = lazy(() => import("./given").then((part) => part.GivenData), 400);
const PastedSpec = lazy(() => import("./given").then((part) => part.PastedSpec), 120);

/** The first section: what is drawn from, and how it was read. */
export function Data() {
  const { source, pasted } = draft.value;
  return (
    <div class="data">
      {fileFault.value && (
        <p class="fault" role="alert">
          {words().faults.file}
        </p>
      )}
      {pasted ? <PastedSpec /> : source.text.trim() === "" ? <EmptyData /> : <GivenData />}
    </div>
  );
}
