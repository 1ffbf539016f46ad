/** How long something takes, in words. */

import { number } from "../language/formats";
import { words } from "./words";

/** Seconds below which tenths say something. */
const FEW = 10;

/** Return `12 s`, or `3 min 5 s`; `exactly`: and tenths of a few seconds, at least one. */
export function lengthInWords(milliseconds: number, { exactly = false } = {}): string {
  const { minutes, seconds } = words();
  const exact = Math.max(0, milliseconds / 1000);
  if (exactly && exact < FEW) return seconds(number(Math.max(0.1, exact), 1));
  const whole = Math.floor(exact);
  if (whole < 60) return seconds(number(whole));
  return minutes(number(Math.floor(whole / 60)), number(whole % 60));
}
