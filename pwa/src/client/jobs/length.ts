/** How long something takes, in words. */

import { number } from "../language/formats";
import { words } from "./words";

/** Return `12 s`, or `3 min 5 s`. */
export function lengthInWords(milliseconds: number): string {
  const { minutes, seconds } = words();
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  if (whole < 60) return seconds(number(whole));
  return minutes(number(Math.floor(whole / 60)), number(whole % 60));
}
