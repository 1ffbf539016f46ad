import { useEffect } from "preact/hooks";
import { startDrawing } from "./drawing";
import { Line } from "./line";
import { Stage } from "./stage";
import { Tools } from "./tools";
import "./preview.css";
import { words } from "../words";

/** The picture, always in sight, with what may be done to it above and what it is below. */
export function Preview() {
  useEffect(startDrawing, []);
  return (
    <section class="preview" aria-label={words().preview}>
      <Tools />
      <Stage />
      <Line />
    </section>
  );
}
