// The places of things in one column.

interface Wish {
  at: number;
  weight: number;
  height: number;
}

/**
 * Puts things that stand in one column as near to where they wish to be as their order and
 * the gap between them allow (least squares, by pooling neighbours that would overlap).
 * Returns their middles.
 */
export function place(wishes: Wish[], gap: number): number[] {
  // With the room needed above each thing taken off, "no overlap" becomes "not decreasing".
  const room: number[] = [];
  let above = 0;
  for (const [index, wish] of wishes.entries()) {
    const before = wishes[index - 1];
    if (before) above += before.height / 2 + gap + wish.height / 2;
    room.push(above);
  }
  const pools: { sum: number; weight: number; count: number }[] = [];
  for (const [index, wish] of wishes.entries()) {
    pools.push({
      sum: (wish.at - (room[index] ?? 0)) * wish.weight,
      weight: wish.weight,
      count: 1,
    });
    for (
      let last = pools.at(-1), before = pools.at(-2);
      last && before && before.sum / before.weight > last.sum / last.weight;
      last = pools.at(-1), before = pools.at(-2)
    ) {
      pools.pop();
      before.sum += last.sum;
      before.weight += last.weight;
      before.count += last.count;
    }
  }
  const middles: number[] = [];
  for (const pool of pools) {
    for (let i = 0; i < pool.count; i++)
      middles.push(pool.sum / pool.weight + (room[middles.length] ?? 0));
  }
  return middles;
}
