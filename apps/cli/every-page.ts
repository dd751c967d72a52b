interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor?: string | undefined;
}

/** Every item of a list of the API. A page may be short, even empty, and still have a successor. */
export const everyPage = async <Item>(read: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return items;
};
