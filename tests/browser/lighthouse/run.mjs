/**
 * Runs Lighthouse over the addresses in the arguments, in the Chromium that CHROME_PATH names, and
 * prints one JSON line for each: its scores from 0 to 100, and the audits that cost points.
 */

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices"];

const chrome = await launch({
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"],
});
try {
  for (const address of process.argv.slice(2)) {
    const lhr = await measured(address);
    console.log(JSON.stringify({ address, scores: scores(lhr), faults: faults(lhr) }));
  }
} finally {
  chrome.kill();
}

/** Lighthouse's result; measured again where the machine was too busy to yield every score. */
async function measured(address, attempts = 3) {
  const { lhr } = await lighthouse(address, { port: chrome.port, onlyCategories: CATEGORIES });
  const missing = CATEGORIES.filter((name) => lhr.categories[name].score === null);
  if (missing.length === 0) return lhr;
  if (attempts > 1) return measured(address, attempts - 1);
  throw new Error(`${address}: no score for ${missing}: ${lhr.runtimeError?.message}`);
}

function scores({ categories }) {
  return Object.fromEntries(
    CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)]),
  );
}

/** Every weighed audit that is not passed, with the elements or messages that it names. */
function faults({ categories, audits }) {
  const weighed = CATEGORIES.flatMap((name) => categories[name].auditRefs)
    .filter(({ weight }) => weight > 0)
    .map(({ id }) => audits[id]);
  return weighed
    .filter(({ score }) => score !== null && score < 1)
    .map(({ id, title, displayValue, details }) => ({
      id,
      title,
      value: displayValue,
      items: (details?.items ?? []).map((item) => item.node?.snippet ?? item.description ?? item.url),
    }));
}
