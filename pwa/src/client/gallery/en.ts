const en = {
  title: "Gallery",
};

export default en;
export type Words = typeof en;
