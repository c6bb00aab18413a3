/** A message as a point of the tree: ids grow with time, so a child's is above its parent's. */
export interface Node {
  id: number;
  parentId: number | null;
}

/** A message on the path being read, with all answers (or questions) given at the same place. */
export interface Step {
  id: number;
  siblings: number[];
}

/**
 * The path from the first question to the newest message below `through`; without it, to the newest
 * message of all. Null when `through` is no message of this tree. Nodes come in the order of their ids.
 */
export function pathThrough(nodes: readonly Node[], through: number | null): Step[] | null {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  if (through !== null && !byId.has(through)) return null;

  const children = childrenByParent(nodes);
  return ancestry(byId, newestBelow(nodes, through)).map((node) => ({
    id: node.id,
    siblings: children.get(node.parentId) ?? [],
  }));
}

function childrenByParent(nodes: readonly Node[]): Map<number | null, number[]> {
  const children = new Map<number | null, number[]>();

  for (const { id, parentId } of nodes) {
    const siblings = children.get(parentId);
    if (siblings) siblings.push(id);
    else children.set(parentId, [id]);
  }

  return children;
}

function newestBelow(nodes: readonly Node[], top: number | null): number | undefined {
  if (top === null) return nodes.at(-1)?.id;
  const subtree = new Set([top]);

  for (const { id, parentId } of nodes) {
    if (parentId !== null && subtree.has(parentId)) subtree.add(id);
  }

  return [...subtree].at(-1);
}

function ancestry(byId: Map<number, Node>, leaf: number | undefined): Node[] {
  const path: Node[] = [];

  for (let node = byId.get(leaf ?? -1); node; node = byId.get(node.parentId ?? -1)) path.push(node);

  return path.reverse();
}
