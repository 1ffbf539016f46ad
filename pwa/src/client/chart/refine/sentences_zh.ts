import { kinds } from "../kind/zh";
import type { Sentences } from "./description";

/** How charts are described in Chinese. */
export const chinese: Sentences = {
  between: "",
  kinds,
  list: (names) => names.join("、"),
  headline: (kind, drawn, along) =>
    `${kind}：${along ? `按${spaced(along)}展示` : ""}${along ? spaced(drawn).trimEnd() : drawn}。`,
  range: (from, to) => `范围从 ${from} 到 ${to}。`,
  course: (name, first, last, least, greatest) =>
    `${spaced(name)}从 ${first} 变为 ${last}，介于 ${least} 与 ${greatest} 之间。`.trimStart(),
  extremes: (name, top, topAt, low, lowAt) =>
    `${spaced(name)}最高为${spaced(topAt).trimEnd()}（${top}），最低为${spaced(lowAt).trimEnd()}（${low}）。`.trimStart(),
  spread: (name, least, middle, greatest) =>
    `${spaced(name)}介于 ${least} 与 ${greatest} 之间，中位数为 ${middle}。`.trimStart(),
  more: (count) => `另有 ${count} 个系列。`,
};

/** Put a space between Chinese and what is written in Latin letters or digits. */
function spaced(text: string): string {
  const latin = /[\x21-\x7e]/;
  return `${latin.test(text.charAt(0)) ? " " : ""}${text}${latin.test(text.slice(-1)) ? " " : ""}`;
}
