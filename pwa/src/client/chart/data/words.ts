import { dictionary } from "../../language/language";

export const words = dictionary(
  () => import("./en"),
  () => import("./zh"),
);

// Whoever imports it is fetched behind the first sight.
await words.load();
