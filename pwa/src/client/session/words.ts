import { dictionary } from "../language/language";

export const words = dictionary(
  () => import("./en"),
  () => import("./zh"),
);
