import { useEffect } from "preact/hooks";
import { startDrawing } from "./drawing";
import { Line } from "./line";
import { Stage } from "./stage";
import { Tools } from "./tools";

/** Tools, picture and line, kept what the draft says. */
export function Sight() {
  useEffect(startDrawing, []);
  return (
    <>
      <Tools />
      <Stage />
      <Line />
    </>
  );
}
