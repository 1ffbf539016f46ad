/** How long something takes, in words. */

import { number } from "../language/formats";
import { words } from "./words";

/** Seconds below which tenths say something. */
const FEW = 10;

/** Return `12 s`, or `3 min 5 s`; a few seconds with `digits` after the point. */
export function lengthInWords(milliseconds: number, digits = 0): string {
  const { minutes, seconds } = words();
  const exact = Math.max(0, milliseconds / 1000);
  if (exact < FEW) return seconds(number(Math.floor(exact * 10 ** digits) / 10 ** digits, digits));
  const whole = Math.floor(exact);
  if (whole < 60) return seconds(number(whole));
  return minutes(number(Math.floor(whole / 60)), number(whole % 60));
}
