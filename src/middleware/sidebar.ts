import type { Request } from "express";
import * as titles from "../generator/titles.js";
import { type DayGroup, groupByDay } from "../helpers/day-groups.js";
import * as conversations from "../models/conversations.js";
import { timeZone } from "./time-zone.js";

/** The list of conversations beside every page. */
export interface Sidebar {
  groups: DayGroup<conversations.ConversationSummary>[];
  /** How many pages of the list it shows, and whether there are more. */
  pages: number;
  hasMore: boolean;
  zone: string;
  /** Whether the model is looking for a title of this conversation. */
  isNaming(id: string | null): boolean;
}

export async function sidebarOf(request: Request, pages = 1): Promise<Sidebar | null> {
  if (!request.user) return null;

  const { id: userId } = request.user;
  const { items, hasOlder } = await conversations.firstPages(userId, pages);
  const zone = timeZone(request);

  return {
    groups: groupByDay(items, new Date(), zone),
    pages,
    hasMore: hasOlder,
    zone,
    isNaming: (id) => id !== null && titles.isNaming(userId, id),
  };
}
