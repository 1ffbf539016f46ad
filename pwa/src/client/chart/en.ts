const en = {
  title: "Chart",
};

export default en;
export type Words = typeof en;
