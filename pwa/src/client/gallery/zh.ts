import type { Words } from "./en";

const zh: Words = {
  title: "Gallery",
};

export default zh;
