const en = {
  title: "Settings",
};

export default en;
export type Words = typeof en;
