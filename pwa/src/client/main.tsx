import "./elements/paper.css";
import "./elements/elements.css";
import { render } from "preact";
import { startLanguage } from "./language/language";
import { startServiceWorker } from "./pictures/service_worker";
import { OUT } from "./session/out";
import { startRouting } from "./shell/routes";
import { Shell } from "./shell/shell";
import { startTheme } from "./shell/theme";
import { words } from "./shell/words";

startTheme();
await startLanguage();
// Whoever signs in next is known before anything of the last one is shown.
if (localStorage.getItem(OUT)) await import("./session/session").then((part) => part.readSession());
await Promise.all([words.load(), startRouting()]);
const place = document.getElementById("app");
if (place) render(<Shell />, place);
startServiceWorker();
import("./background")
  .then(({ startBackground }) => startBackground())
  .catch((error: unknown) => console.warn("nothing is kept up to date", error));
