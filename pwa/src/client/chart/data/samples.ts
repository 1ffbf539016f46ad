/** Small tables to begin with: invented, and the same at every visit. */

import type { Language } from "../../language/language";
import type { Offered } from "./sample_list";

const MONTHS = {
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  zh: [
    "一月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "十一月",
    "十二月",
  ],
};
const SALES = [
  [212, 148, 61],
  [198, 152, 58],
  [231, 171, 72],
  [224, 169, 66],
  [240, 183, 70],
  [252, 190, 81],
  [246, 201, 77],
  [219, 196, 69],
  [248, 214, 83],
  [263, 233, 88],
  [301, 289, 94],
  [368, 342, 107],
];

/** Kind that a table suggests → its text in each language. */
export const SAMPLES: Record<Offered, Record<Language, () => string>> = {
  line: {
    en: () => csv(["Day", "Warmest", "Coldest"], temperatures()),
    zh: () => csv(["日期", "最高气温", "最低气温"], temperatures()),
  },
  bar: {
    en: () => csv(["Month", "North", "South", "West"], sales("en")),
    zh: () => csv(["月份", "华北", "华南", "西部"], sales("zh")),
  },
  scatter: {
    en: () => csv(["Area (m²)", "Rent (€)"], rents()),
    zh: () =>
      csv(
        ["面积（平方米）", "月租（元）"],
        rents().map(([area, rent]) => [area ?? 0, 6 * Number(rent)]),
      ),
  },
  box: {
    en: () => csv(["Node", "Milliseconds"], responses("Node")),
    zh: () => csv(["节点", "毫秒"], responses("节点")),
  },
  candlestick: {
    en: () => csv(["Date", "Open", "High", "Low", "Close"], prices()),
    zh: () => csv(["日期", "开盘", "最高", "最低", "收盘"], prices()),
  },
  heatmap: {
    en: () => csv(["Hour", ...WEEKDAYS.en], trips()),
    zh: () => csv(["时段", ...WEEKDAYS.zh], trips()),
  },
};

const WEEKDAYS = {
  en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  zh: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
};

type Row = readonly (string | number)[];

function csv(names: readonly string[], rows: readonly Row[]): string {
  return [names, ...rows].map((row) => row.join(",")).join("\n");
}

/** Numbers from 0 to 1 that look like chance, and are the same each time (Park–Miller). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const round = (value: number, digits = 1) => Number(value.toFixed(digits));
const day = (from: string, days: number) =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);

function sales(language: Language): Row[] {
  return SALES.map((row, at) => [MONTHS[language][at] ?? "", ...row]);
}

function temperatures(): Row[] {
  const chance = chances(7);
  return Array.from({ length: 61 }, (_, at) => {
    const warmest = 9 + at * 0.22 + 5 * (chance() - 0.5) + 3 * Math.sin(at / 5);
    return [day("2026-03-01", at), round(warmest), round(warmest - 6 - 3 * chance())];
  });
}

function rents(): Row[] {
  const chance = chances(21);
  return Array.from({ length: 70 }, () => {
    const area = 24 + 96 * chance() ** 1.4;
    return [round(area, 0), round(210 + area * (10.5 + 4 * (chance() - 0.4)), 0)];
  });
}

function responses(node: string): Row[] {
  const chance = chances(3);
  const bases = [42, 58, 37, 71];
  return Array.from({ length: 96 }, (_, at) => {
    const slow = -Math.log(1 - 0.98 * chance()) * 14;
    return [`${node} ${"ABCD"[at % 4]}`, round((bases[at % 4] ?? 0) + slow)];
  });
}

function prices(): Row[] {
  const chance = chances(99);
  let close = 71;
  const weekdays = Array.from({ length: 56 }, (_, at) => day("2026-01-05", at)).filter(
    (date) => ![0, 6].includes(new Date(date).getUTCDay()),
  );
  return weekdays.map((date) => {
    const open = close + (chance() - 0.5);
    close = open + 3.2 * (chance() - 0.46);
    const [low, high] = [Math.min(open, close) - chance(), Math.max(open, close) + chance()];
    return [date, ...[open, high, low, close].map((price) => round(price, 2))];
  });
}

function trips(): Row[] {
  const chance = chances(11);
  const peak = (hour: number, at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
  return Array.from({ length: 9 }, (_, at) => {
    const hour = 6 + 2 * at;
    const work = 70 * peak(hour, 8, 2) + 85 * peak(hour, 17, 3) + 14;
    const free = 60 * peak(hour, 14, 4) + 8;
    const days = WEEKDAYS.en.map(
      (_, weekday) => (weekday < 5 ? work : free) * (0.85 + 0.3 * chance()),
    );
    return [`${String(hour).padStart(2, "0")}:00`, ...days.map((count) => round(count, 0))];
  });
}
