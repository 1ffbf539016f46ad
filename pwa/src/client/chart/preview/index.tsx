import { lazy } from "../../elements/lazy";
import { words } from "../words";
import { EmptySheet } from "./empty_sheet";
import "./preview.css";

/** What draws is fetched behind the first sight; until then the room is kept. */
const Sight = lazy(
  () => import("./sight").then((part) => part.Sight),
  () => (
    <>
      <div class="preview-tools unfilled" />
      <div class="preview-stage">
        <EmptySheet />
      </div>
      <div class="preview-line" />
    </>
  ),
);

/** The picture, always in sight, with what may be done to it above and what it is below. */
export function Preview() {
  return (
    <section class="preview" aria-label={words().preview}>
      <Sight />
    </section>
  );
}
