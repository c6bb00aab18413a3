import type { Request } from "express";
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
}

export async function sidebarOf(request: Request, pages = 1): Promise<Sidebar | null> {
  if (!request.user) return null;

  const { items, hasOlder } = await conversations.firstPages(request.user.id, pages);
  const zone = timeZone(request);
  return { groups: groupByDay(items, new Date(), zone), pages, hasMore: hasOlder, zone };
}
