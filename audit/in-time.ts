/** An append takes moments. What a crash has left out comes only with the next entry: that is not waited for. */
const looks = 5
const betweenLooks = 1_000

/** Looks for something that may be on its way, and gives it some time to come. */
export async function inTime(
  look: () => Promise<boolean>,
  pause: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (let n = 1; !(await look()) && n < looks; n += 1) await pause(betweenLooks)
}
