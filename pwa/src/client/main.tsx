import "./elements/paper.css";
import "./elements/elements.css";
import { render } from "preact";
import { startLanguage } from "./language/language";
import { startServiceWorker } from "./pictures/service_worker";
import { startRouting } from "./shell/routes";
import { Shell } from "./shell/shell";
import { startTheme } from "./shell/theme";
import { words } from "./shell/words";

startTheme();
await startLanguage();
await Promise.all([words.load(), startRouting()]);
const place = document.getElementById("app");
if (place) render(<Shell />, place);
startServiceWorker();
import("./background")
  .then(({ startBackground }) => startBackground())
  .catch((error: unknown) => console.warn("nothing is kept up to date", error));
